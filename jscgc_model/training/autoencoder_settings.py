"""How an autoencoder is trained."""

from dataclasses import asdict, dataclass
from typing import Any

from jscgc_model.training.settings import TrainingSettings


@dataclass(frozen=True, kw_only=True)
class AutoencoderTrainingSettings:
    """Everything but images, sizes and loss that decides the course of a training run.

    The optimiser is AdamW, its rate warms up linearly and falls along a cosine.
    """

    n_steps: int = 2000
    learning_rate: float = 2e-3
    """The highest."""
    n_warmup_steps: int = 100
    largest_gradient_norm: float = 1.0
    ema_decay: float = 0.995
    """Of the average of the weights that is saved; it starts lower."""
    save_every: int = 500
    """Steps between checkpoints."""
    seed: int = 0
    """Of the posterior's noise."""

    def __post_init__(self) -> None:
        self.schedule()

    def schedule(self) -> TrainingSettings:
        """Return the settings that a system's training has too, checked there.

        Returns:
            For the optimisers and their learning rate.
        """
        return TrainingSettings(**asdict(self))

    def identity(self) -> dict[str, Any]:
        """Return what decides the course of the run.

        Returns:
            All settings but how often it is saved.
        """
        return {name: value for name, value in asdict(self).items() if name != "save_every"}
