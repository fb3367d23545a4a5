"""How a judge is trained."""

from dataclasses import asdict, dataclass
from typing import Any

from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

_OWN = ("label_smoothing", "shift")


@dataclass(frozen=True, kw_only=True)
class JudgeTrainingSettings:
    """Everything but images and sizes that decides the course of a training run.

    The optimiser is AdamW, its rate warms up linearly and falls along a cosine.
    """

    n_steps: int = 4000
    batch_size: int = 128
    learning_rate: float = 4e-3
    """The highest."""
    n_warmup_steps: int = 200
    weight_decay: float = 0.05
    largest_gradient_norm: float = 5.0
    ema_decay: float = 0.998
    """Of the average of the weights that is saved; it starts lower."""
    label_smoothing: float = 0.1
    """Share of certainty that the loss takes from the label and spreads over all classes."""
    shift: int = 2
    """Pixels by which images are shifted at most, edges reflected."""
    save_every: int = 500
    """Steps between checkpoints."""
    seed: int = 0

    def __post_init__(self) -> None:
        self.schedule()
        check_count(self.shift, name="shift", minimum=0)
        if not 0.0 <= self.label_smoothing < 1.0:
            raise InputError(f"label_smoothing = {self.label_smoothing:g} is outside [0, 1)")

    def schedule(self) -> TrainingSettings:
        """Return the settings that a system's training has too, checked there.

        Returns:
            For the optimisers and their learning rate.
        """
        values = asdict(self)
        return TrainingSettings(**{name: values[name] for name in values if name not in _OWN})

    def identity(self) -> dict[str, Any]:
        """Return what decides the course of the run.

        Returns:
            All settings but how often it is saved.
        """
        return {name: value for name, value in asdict(self).items() if name != "save_every"}
