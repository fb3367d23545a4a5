"""What every source of pairs offers: draws, and the mutual information they share."""

import abc

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.validation import check_count

Rows = Float[NDArray[np.float64], "n_pairs _"]
"""Shape legend: one row a pair."""
PairRows = tuple[
    Float[NDArray[np.float64], "n_pairs x_dim"], Float[NDArray[np.float64], "n_pairs y_dim"]
]
"""Shape legend: rows of X and the rows of Y that belong to them."""


class PairSource(abc.ABC):
    """Independent pairs (X, Y) of known mutual information.

    Args:
        name: What it is, in plain words.
        group: Kind of difficulty it stands for.
        x_dim: Columns of x.
        y_dim: Columns of y.
    """

    noise_variance: float | None = None
    """Noise variance per REAL dimension where Y is the output of a known channel fed with X."""

    def __init__(self, name: str, group: str, x_dim: int, y_dim: int) -> None:
        self.name = name
        self.group = group
        self.x_dim = x_dim
        self.y_dim = y_dim

    def sample(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        """Draw independent pairs.

        Args:
            n_pairs: Number of pairs.
            rng: Source of randomness.

        Returns:
            x, shape (n_pairs, x_dim), and y, shape (n_pairs, y_dim).

        Raises:
            InputError: If the number is not positive.
        """
        return self._draw(check_count(n_pairs, name="n_pairs"), rng)

    @abc.abstractmethod
    def mutual_information_bits(self) -> float:
        """Return I(X; Y) in bits."""

    @abc.abstractmethod
    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        """Draw a checked number of pairs."""
