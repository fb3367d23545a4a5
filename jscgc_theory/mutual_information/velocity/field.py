"""What a velocity field is, and the arrays it is asked with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_points

MIN_PAIRS = 20
"""Fewer pairs than this give no honest standard error."""


VelocityField = Callable[[NDArray[np.float64], NDArray[np.float64], Any], ArrayLike]
"""``v(x_t, t, y_hat)``, an estimate of ``E[n - x_0 | x_t, y_hat]``, n standard normal, on the
straight path ``x_t = (1 - t) x_0 + t n``.

Takes x_t, shape (n, x_dim), t, shape (n,), and y_hat, shape (n, y_dim), and returns velocities,
shape (n, x_dim). With ``y_hat = None`` it answers for the marginal law of the same data.
"""


@dataclass(frozen=True)
class SourcePairs:
    """Pairs (x, y_hat) on which fields are judged; y_hat is None for the unconditional law."""

    x: Float[NDArray[np.float64], "n_pairs x_dim"]
    y_hat: Float[NDArray[np.float64], "n_pairs y_dim"] | None

    @classmethod
    def from_arrays(cls, x: ArrayLike, y_hat: ArrayLike | None) -> Self:
        """Check two clouds whose rows belong together.

        Args:
            x: Source points, shape (n_pairs, x_dim).
            y_hat: Received signals, shape (n_pairs, y_dim); None if there are none.

        Returns:
            The pairs, in float64.

        Raises:
            InputError: If a cloud is unusable, the lengths differ, or x is constant.
        """
        points = check_points(x, name="x", min_points=MIN_PAIRS).astype(np.float64)
        if not np.ptp(points, axis=0).any():
            raise InputError("every row of x is the same; a constant shares no information")
        if y_hat is None:
            return cls(points, None)
        outputs = check_points(y_hat, name="y_hat", min_points=MIN_PAIRS).astype(np.float64)
        if len(outputs) != len(points):
            raise InputError(
                f"x has {len(points)} rows but y_hat has {len(outputs)}; "
                "rows must pair up one to one"
            )
        return cls(points, outputs)

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return len(self.x)

    @property
    def x_dim(self) -> int:
        """Columns of x."""
        return int(self.x.shape[1])

    @property
    def total_variance(self) -> float:
        """``tr Cov(x)``."""
        return float(np.var(self.x, axis=0).sum())

    def take(self, rows: slice | NDArray[np.integer]) -> "SourcePairs":
        """Return some of the pairs.

        Args:
            rows: Row numbers or a slice.

        Returns:
            These pairs.
        """
        return SourcePairs(self.x[rows], None if self.y_hat is None else self.y_hat[rows])


def ask_field(
    field: VelocityField,
    x_t: Float[NDArray[np.float64], "n_points x_dim"],
    t: Float[NDArray[np.float64], " n_points"],
    y_hat: Float[NDArray[np.float64], "n_points y_dim"] | None,
) -> Float[NDArray[np.float64], "n_points x_dim"]:
    """Ask a field and check its answer.

    Args:
        field: The field.
        x_t: Points of the path.
        t: Times.
        y_hat: Conditions, or None.

    Returns:
        Velocities, in float64.

    Raises:
        InputError: If the answer has another shape or is not finite.
    """
    velocity = np.asarray(field(x_t, t, y_hat), dtype=np.float64)
    kind = "unconditional" if y_hat is None else "conditional"
    if velocity.shape != x_t.shape:
        raise InputError(
            f"the {kind} field returned shape {velocity.shape} for x_t of shape {x_t.shape}; "
            "return one velocity per point"
        )
    bad = np.flatnonzero(~np.isfinite(velocity).all(axis=1))
    if bad.size:
        raise InputError(
            f"the {kind} field returned NaN or infinite values at t = {t[bad[0]]:.6g}; "
            "keep t_range inside the times it can answer for"
        )
    return velocity
