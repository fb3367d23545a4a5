"""How the networks are trained and the pairs split, checked."""

from dataclasses import dataclass

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_positive

MIN_PAIRS_PER_FOLD = 250
"""With fewer, neither training nor held-out pairs say anything."""


@dataclass(frozen=True, kw_only=True)
class DeepCCASettings:
    """Sizes of the networks, their training, and the split."""

    max_dim: int
    hidden_sizes: tuple[int, ...]
    batch_size: int
    learning_rate: float
    n_steps: int
    n_folds: int
    device: str

    def __post_init__(self) -> None:
        check_count(self.max_dim, name="max_dim")
        for size in self.hidden_sizes:
            check_count(size, name="hidden size")
        check_count(self.batch_size, name="batch_size", minimum=8 * self.max_dim)
        check_positive(self.learning_rate, name="learning_rate")
        check_count(self.n_steps, name="n_steps")
        check_count(self.n_folds, name="n_folds", minimum=2)

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
