"""How a system is trained, in one place."""

from dataclasses import dataclass

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_finite_number, check_positive


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """Everything but data and architecture that decides the course of a training run."""

    n_steps: int = 2000
    batch_size: int = 64
    """Samples of a step, over all processes."""
    learning_rate: float = 2e-3
    """The highest; it warms up linearly and falls along a cosine."""
    n_warmup_steps: int = 100
    final_learning_rate_share: float = 0.01
    """What is left of the learning rate at the last step."""
    optimiser: str = "adamw"
    """``adamw``, or ``muon``: hidden matrices by Muon, everything else by AdamW."""
    weight_decay: float = 0.0
    largest_gradient_norm: float = 1.0
    ema_decay: float = 0.995
    """Of the average of the weights that generates; it starts lower."""
    snr_db: tuple[float, float] = (-5.0, 10.0)
    """Es/N0 is uniform in this range, for each sample; equal ends train for one SNR."""
    condition_dropout: float = 0.1
    """Share of samples that train the unconditional field."""
    time_law: str = "uniform"
    """Law of s under the uniform loss weight: ``uniform`` or ``logit_normal``."""
    loss_weight: str = "uniform"
    """``uniform``: loss (3) as it stands; ``likelihood``: weighted by (1 - s)/s."""
    least_time: float = 1e-3
    """s stays within [least_time, 1 - least_time]."""
    train_backbone: bool = True
    """Whether the generator learns; if not, encoder and adapter alone do."""
    precision: str = "no"
    """``bf16`` for mixed precision, ``no`` for single."""
    gradient_checkpointing: bool = False
    """Whether blocks are computed again in the backward pass: no bit changes, memory does."""
    sharding: str = "none"
    """What processes share: ``none``, each keeps all; ``fsdp2``, weights, gradients and states."""
    save_every: int = 500
    """Steps between checkpoints."""
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "snr_db", tuple(self.snr_db))
        for name in ("n_steps", "batch_size", "save_every"):
            check_count(getattr(self, name), name=name)
        for name in ("n_warmup_steps", "seed"):
            check_count(getattr(self, name), name=name, minimum=0)
        for name in ("learning_rate", "largest_gradient_norm"):
            check_positive(getattr(self, name), name=name)
        for name in ("final_learning_rate_share", "condition_dropout", "ema_decay"):
            _check_share(getattr(self, name), name=name)
        self._check_ranges()
        self._check_choices()

    def _check_ranges(self) -> None:
        low, high = (check_finite_number(end, name="snr_db") for end in self.snr_db)
        if low > high:
            raise InputError(f"snr_db = ({low:g}, {high:g}) falls; give the lower end first")
        if not 0.0 < self.least_time < 0.5:
            raise InputError(f"least_time = {self.least_time:g} is outside (0, 0.5)")
        if not self.weight_decay >= 0.0:
            raise InputError(f"weight_decay = {self.weight_decay:g} is negative; give 0 or more")

    def _check_choices(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"{name} = {getattr(self, name)!r} is unknown; choose {' or '.join(allowed)}"
                )
        if self.sharding != "none" and self.optimiser != "adamw":
            raise InputError(
                f"optimiser = {self.optimiser!r} needs whole matrices, which sharding = "
                f"{self.sharding!r} cuts; give 'adamw'"
            )
        if self.loss_weight == "likelihood" and self.time_law != "uniform":
            raise InputError(
                f"time_law = {self.time_law!r} has no say under loss_weight = 'likelihood', which "
                "draws s by its own law; leave time_law at 'uniform'"
            )


_CHOICES = {
    "optimiser": ("adamw", "muon"),
    "time_law": ("uniform", "logit_normal"),
    "loss_weight": ("uniform", "likelihood"),
    "precision": ("no", "bf16"),
    "sharding": ("none", "fsdp2"),
}


def _check_share(value: float, *, name: str) -> None:
    if not 0.0 <= value < 1.0:
        raise InputError(f"{name} = {value:g} is outside [0, 1)")
