"""The settings that every estimator with a neural critic shares, checked."""

from collections.abc import Callable
from dataclasses import dataclass

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_positive

CRITIC_NAMES = ("separable", "concatenated")
MIN_PAIRS_PER_FOLD = 25
"""Fewer held-out pairs than this leave neither a credible value nor a credible error."""


@dataclass(frozen=True)
class CriticSettings:
    """The critic, how it is trained, and how the pairs are split."""

    critic: str
    hidden_sizes: tuple[int, ...]
    batch_size: int
    learning_rate: float
    max_steps: int
    patience: int
    n_folds: int
    seed: int
    device: str
    progress: Callable[[float], None] | None

    def __post_init__(self) -> None:
        if self.critic not in CRITIC_NAMES:
            raise InputError(
                f"critic = {self.critic!r} is unknown; choose {' or '.join(CRITIC_NAMES)}"
            )
        for size in self.hidden_sizes:
            check_count(size, name="hidden size")
        check_count(self.batch_size, name="batch_size", minimum=2)
        check_positive(self.learning_rate, name="learning_rate")
        check_count(self.max_steps, name="max_steps")
        check_count(self.patience, name="patience")
        check_count(self.n_folds, name="n_folds", minimum=2)
        check_count(self.seed, name="seed", minimum=0)

    def tell_progress(self, fraction: float) -> None:
        """Pass the finished fraction on to whoever asked for it."""
        if self.progress is not None:
            self.progress(fraction)

    def check_sample_size(self, n_pairs: int) -> None:
        """Check that every fold has enough pairs.

        Args:
            n_pairs: Pairs of the sample.

        Raises:
            InputError: If it has not.
        """
        needed = MIN_PAIRS_PER_FOLD * self.n_folds
        if n_pairs < needed:
            raise InputError(
                f"{n_pairs} pairs are too few for {self.n_folds} folds of at least "
                f"{MIN_PAIRS_PER_FOLD}; give {needed} pairs or use a parametric estimator"
            )
