"""Finitely many messages and outputs: a joint table, from which everything follows exactly."""

from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr

from jscgc_theory.bounds import neyman_pearson_log2_beta
from jscgc_theory.errors import InputError
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count, check_points, check_probability

_TOTAL_TOLERANCE = 1e-9


class FiniteMessages:
    """X among K messages and Y among L outputs, by their joint law p(x, y).

    The distance is 0 for equal messages and 1 otherwise, so the outage probability at any radius
    below 1 is the error probability.

    Args:
        joint: Table of shape (n_messages, n_outputs), non-negative, adding to 1.

    Raises:
        InputError: If the table is no probability law.

    References:
        Cover and Thomas, Elements of Information Theory, 2nd ed., chapter 2.

    >>> FiniteMessages([[0.5, 0.0], [0.0, 0.5]]).mutual_information_bits()
    1.0
    """

    def __init__(self, joint: ArrayLike) -> None:
        table = check_points(joint, name="joint", min_points=1).astype(np.float64)
        if table.min() < 0.0:
            raise InputError(f"joint holds {table.min():g}; give probabilities of at least 0")
        total = float(table.sum())
        if abs(total - 1.0) > _TOTAL_TOLERANCE:
            raise InputError(f"joint adds to {total:.9g}, not 1; divide it by its sum")
        self.joint: NDArray[np.float64] = table / total

    @classmethod
    def symmetric(cls, n_messages: int, error_probability: float) -> Self:
        """Return the K-ary symmetric channel with uniform messages.

        The output equals the message with probability 1 - P_e and is otherwise uniform over the
        other messages: the case in which Fano's inequality is an equality.

        Args:
            n_messages: K, at least 2.
            error_probability: P_e in (0, 1).

        Returns:
            The joint law.

        Raises:
            InputError: If an argument is out of range.
        """
        n_messages = check_count(n_messages, name="n_messages", minimum=2)
        error = check_probability(error_probability, name="error_probability")
        table = np.full((n_messages, n_messages), error / (n_messages - 1))
        np.fill_diagonal(table, 1.0 - error)
        return cls(table / n_messages)

    @property
    def n_messages(self) -> int:
        """K."""
        return int(self.joint.shape[0])

    def source_entropy_bits(self) -> float:
        """Return H(X) in bits."""
        return _entropy_bits(self.joint.sum(axis=1))

    def conditional_entropy_bits(self) -> float:
        """Return ``H(X|Y) = H(X, Y) - H(Y)`` in bits."""
        return _entropy_bits(self.joint) - _entropy_bits(self.joint.sum(axis=0))

    def mutual_information_bits(self) -> float:
        """Return ``I(X; Y) = sum p log2 p(x,y)/(p(x)p(y))`` in bits."""
        bits, mass = self._density_law
        return max(0.0, float(bits @ mass))

    def map_error(self) -> float:
        """Return the error probability of the best decoder, ``1 - sum_y max_x p(x, y)``."""
        return max(0.0, 1.0 - float(self.joint.max(axis=0).sum()))

    def posterior_sampling_error(self) -> float:
        """Return the error probability of a draw from p(x|y), ``1 - sum_y p(y) sum_x p(x|y)^2``.

        At most twice the best decoder's (Cover and Hart, 1967), the finite form of R5.
        """
        posterior = self._posterior
        return max(0.0, 1.0 - float(np.sum(self.joint * posterior)))

    def coincidence_probability(self) -> float:
        """Return q at radius 0, ``P(X = X') = sum p(x)^2`` for independent copies."""
        return float(np.sum(self.joint.sum(axis=1) ** 2))

    def small_ball_probability(self) -> float:
        """Return S at radius 0, the largest message probability."""
        return float(self.joint.sum(axis=1).max())

    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 beta_a(P_XY, P_X x P_Y) at ``a = 1 - P_e``, exact on the table.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            log2 of the least product-law probability of a test that keeps a of the joint law.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        return min(0.0, neyman_pearson_log2_beta(*self._density_law, outage_probability))

    def information_density_bits(
        self, x: ArrayLike, y: ArrayLike
    ) -> Float[NDArray[np.float64], " n_draws"]:
        """Return ``i(x; y)`` for pairs of indices.

        Args:
            x: Messages, shape (n_draws,).
            y: Outputs, shape (n_draws,).

        Returns:
            Bits; minus infinity for pairs that never occur together.

        Raises:
            InputError: If an index is outside the table.
        """
        rows = _check_index(x, self.joint.shape[0], name="x")
        columns = _check_index(y, self.joint.shape[1], name="y")
        product = self.joint.sum(axis=1)[rows] * self.joint.sum(axis=0)[columns]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log2(self.joint[rows, columns] / product))

    def sample(
        self, n_draws: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Draw independent pairs (x, y).

        Args:
            n_draws: Number of pairs.
            rng: Source of randomness.

        Returns:
            Messages and outputs, both of shape (n_draws,).

        Raises:
            InputError: If the number is not positive.
        """
        size = check_count(n_draws, name="n_draws")
        cell = rng.choice(self.joint.size, size=size, p=self.joint.ravel())
        rows, columns = np.unravel_index(cell, self.joint.shape)
        return rows.astype(np.int64), columns.astype(np.int64)

    def decode(self, y: ArrayLike) -> NDArray[np.int64]:
        """Return the most probable message of each output.

        Args:
            y: Outputs, shape (n_draws,).

        Returns:
            Messages, shape (n_draws,).
        """
        best = self.joint.argmax(axis=0).astype(np.int64)
        return np.asarray(best[_check_index(y, self.joint.shape[1], name="y")])

    def sample_posterior(self, y: ArrayLike, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw a message from p(x|y) for each output.

        Args:
            y: Outputs, shape (n_draws,).
            rng: Source of randomness.

        Returns:
            Messages, shape (n_draws,).
        """
        columns = _check_index(y, self.joint.shape[1], name="y")
        steps = np.cumsum(self._posterior, axis=0)[:, columns]
        chosen = np.sum(rng.random(columns.size) >= steps, axis=0)
        return np.asarray(np.minimum(chosen, self.n_messages - 1), dtype=np.int64)

    @cached_property
    def _posterior(self) -> NDArray[np.float64]:
        marginal = self.joint.sum(axis=0)
        return np.asarray(self.joint / np.where(marginal > 0.0, marginal, 1.0))

    @cached_property
    def _density_law(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        rows, columns = np.nonzero(self.joint)
        return self.information_density_bits(rows, columns), self.joint[rows, columns]


def _entropy_bits(probabilities: NDArray[np.float64]) -> float:
    return nats_to_bits(float(entr(probabilities).sum()))


def _check_index(values: ArrayLike, size: int, *, name: str) -> NDArray[np.int64]:
    index = np.asarray(values)
    if index.ndim != 1 or not np.issubdtype(index.dtype, np.integer):
        raise InputError(
            f"{name} has shape {index.shape} and dtype {index.dtype}; give a list of whole numbers"
        )
    if index.size and not 0 <= int(index.min()) <= int(index.max()) < size:
        raise InputError(f"{name} holds indices outside 0..{size - 1}; check the table's shape")
    return index.astype(np.int64)
