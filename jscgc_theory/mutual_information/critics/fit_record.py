"""What cross-fitting leaves behind, free of torch."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

Outcome = Literal["stopped_early", "out_of_steps", "diverged"]


@dataclass(frozen=True)
class TrainingRecord:
    """How the training of one critic went."""

    start: str
    validation_nats: float
    outcome: Outcome
    best_step: int
    n_steps: int
    late_gain_nats: float
    """What the last ``patience`` looks still added to the best validation value."""


@dataclass(frozen=True)
class CrossFit:
    """What the critics of all folds say of the pairs they never saw."""

    contributions: Float[NDArray[np.float64], " n_pairs"]
    """To the reported value, in nats."""
    diagnostics: Float[NDArray[np.float64], " n_pairs"]
    """What the bound doubts itself by, one number per pair."""
    trainings: tuple[TrainingRecord, ...]
    n_train: int
    n_validation: int
    n_test: int
    """Pairs of the smallest reported part."""
    smallest_block: int
    """Least number of held-out pairs that were crossed with one another."""

    @property
    def details(self) -> dict[str, Any]:
        """Evidence for the record."""
        return {
            "starts": [training.start for training in self.trainings],
            "steps": [training.n_steps for training in self.trainings],
            "best_steps": [training.best_step for training in self.trainings],
            "n_folds": len(self.trainings),
            "n_train": self.n_train,
            "n_validation": self.n_validation,
            "n_test": self.n_test,
        }
