"""What an estimator of mutual information is given: rows of X and of Y that belong together."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours import distinct_rows
from jscgc_theory.records import Notice
from jscgc_theory.validation import check_points

MIN_PAIRS = 20
"""Fewer distinct pairs than this say nothing about a dependence."""


@dataclass(frozen=True)
class PairedSample:
    """Distinct pairs (x, y), in float64."""

    x: Float[NDArray[np.float64], "n_pairs x_dim"]
    y: Float[NDArray[np.float64], "n_pairs y_dim"]
    n_duplicates: int = 0
    notices: tuple[Notice, ...] = ()

    @classmethod
    def from_arrays(cls, x: ArrayLike, y: ArrayLike) -> Self:
        """Validate two clouds whose rows belong together and drop repeated pairs.

        A pair is repeated only if both its rows are; equal x with unequal y are a dependence,
        not a repetition.

        Args:
            x: Shape (n_pairs, x_dim); a list of numbers is one column.
            y: Shape (n_pairs, y_dim); a list of numbers is one column.

        Returns:
            The sample.

        Raises:
            InputError: If a cloud is unusable, the lengths differ, or fewer than
                ``MIN_PAIRS`` distinct pairs remain.
        """
        first, second = _as_cloud(x, "x"), _as_cloud(y, "y")
        if len(first) != len(second):
            raise InputError(
                f"x has {len(first)} rows but y has {len(second)}; rows must pair up one to one"
            )
        for name, cloud in (("x", first), ("y", second)):
            if not np.ptp(cloud, axis=0).any():
                raise InputError(
                    f"every row of {name} is the same; a constant shares no information"
                )
        kept = distinct_rows(np.concatenate([first, second], axis=1))
        n_duplicates = len(first) - len(kept)
        if len(kept) < MIN_PAIRS:
            raise InputError(
                f"{len(first)} pairs hold only {len(kept)} distinct ones, {MIN_PAIRS} are needed; "
                "add pairs or remove repetitions"
            )
        if not n_duplicates:
            return cls(first, second)
        message = (
            f"{n_duplicates} of {len(first)} pairs repeat another one and were dropped: repeated "
            "pairs make a dependence look stronger than it is."
        )
        notice = Notice(code="duplicates_dropped", message=message)
        return cls(first[kept], second[kept], n_duplicates, (notice,))

    @property
    def n_pairs(self) -> int:
        """Number of distinct pairs."""
        return len(self.x)

    @property
    def x_dim(self) -> int:
        """Columns of x."""
        return int(self.x.shape[1])

    @property
    def y_dim(self) -> int:
        """Columns of y."""
        return int(self.y.shape[1])

    def take(self, rows: NDArray[np.integer]) -> "PairedSample":
        """Return some of the pairs.

        Args:
            rows: Row numbers.

        Returns:
            A sample of these pairs, without the notices.
        """
        return PairedSample(self.x[rows], self.y[rows])

    def split(
        self, share: float, rng: np.random.Generator
    ) -> tuple["PairedSample", "PairedSample"]:
        """Split at random into two samples.

        Args:
            share: Share of pairs in the first, in (0, 1).
            rng: Chooses them.

        Returns:
            The two samples, with at least one pair each.
        """
        order = rng.permutation(self.n_pairs)
        cut = min(max(1, round(share * self.n_pairs)), self.n_pairs - 1)
        return self.take(order[:cut]), self.take(order[cut:])


def _as_cloud(values: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim == 1 and array.dtype != object:
        array = array[:, None]
    if np.iscomplexobj(array):
        array = np.concatenate([array.real, array.imag], axis=1)
    cloud = check_points(array, name=name)
    return np.asarray(cloud, dtype=np.float64)
