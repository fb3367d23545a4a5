"""Squared distances in single precision with a proven error, to sort out what needs none."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

_PANEL_COLUMNS = 1024
_BLOCK_VALUES = 4_000_000
_CACHE_VALUES = 64_000_000
_UNIT_ROUNDOFF = 2.0**-24


class DistanceFilter:
    """Approximate squared distances from chosen points to all points of a cloud.

    The cloud is centred in float64, scaled to a largest norm of 1 and rounded to float32. With
    ``a = |x|^2 + |c|^2 - 2 x.c`` computed by matrix products over panels of at most 1024
    coordinates, the classical bound on inner products (Higham, 2002, section 3.1) gives
    ``|a - |x - c|^2| <= kappa (|x|^2 + |c|^2)``.

    Args:
        points: Cloud of shape (n_points, ambient_dim); may be memory-mapped, is never copied whole
            unless it is small.
    """

    def __init__(self, points: Float[NDArray[np.floating], "n_points ambient_dim"]) -> None:
        self._points = points
        n_points, ambient_dim = points.shape
        self._step = max(1, _BLOCK_VALUES // ambient_dim)
        self._mean = sum(
            (points[rows].sum(axis=0, dtype=np.float64) for rows in self._blocks()),
            start=np.zeros(ambient_dim),
        ) / max(1, n_points)
        norms = np.concatenate([self._norms(rows) for rows in self._blocks()])
        self.scale = float(norms.max()) or 1.0
        """Length in data units that became 1."""
        self.square_norms = ((norms / self.scale) ** 2).astype(np.float32)
        n_panels = -(-ambient_dim // _PANEL_COLUMNS)
        terms = min(ambient_dim, _PANEL_COLUMNS) + n_panels + 16
        self.kappa = 2.0 * terms * _UNIT_ROUNDOFF
        self._cached: NDArray[np.float32] | None = None
        if points.size <= _CACHE_VALUES:
            self._cached = np.concatenate([self._rounded(points[r]) for r in self._blocks()])

    def _blocks(self) -> list[slice]:
        n_points = self._points.shape[0]
        return [slice(i, min(i + self._step, n_points)) for i in range(0, n_points, self._step)]

    def _norms(self, rows: slice) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(self._points[rows] - self._mean, axis=1))

    def _rounded(self, rows: NDArray[np.floating]) -> NDArray[np.float32]:
        return np.asarray((rows - self._mean) / self.scale).astype(np.float32)

    def rows(self, chosen: Int[NDArray[np.int64], " n_chosen"] | slice) -> NDArray[np.float32]:
        """Return centred, scaled, rounded points.

        Args:
            chosen: Which points.

        Returns:
            Matrix of shape (n_chosen, ambient_dim).
        """
        if self._cached is not None:
            return self._cached[chosen]
        return self._rounded(self._points[chosen])

    def inner_products(
        self, centres: Int[NDArray[np.int64], " n_centres"]
    ) -> Float[NDArray[np.float32], "n_centres n_points"]:
        """Inner products of chosen points with all points, in scaled units.

        Args:
            centres: Numbers of the chosen points.

        Returns:
            Matrix of shape (n_centres, n_points).
        """
        chosen = self.rows(centres)
        result = np.empty((len(centres), self._points.shape[0]), dtype=np.float32)
        for block in self._blocks():
            result[:, block] = by_panels(chosen, self.rows(block))
        return result


def by_panels(
    first: Float[NDArray[np.float32], "n_first ambient_dim"],
    second: Float[NDArray[np.float32], "n_second ambient_dim"],
) -> Float[NDArray[np.float32], "n_first n_second"]:
    """Inner products summed over panels of coordinates, so that rounding grows slowly.

    Args:
        first: Points, shape (n_first, ambient_dim).
        second: Points, shape (n_second, ambient_dim).

    Returns:
        Matrix of shape (n_first, n_second).
    """
    total = first[:, :_PANEL_COLUMNS] @ second[:, :_PANEL_COLUMNS].T
    for start in range(_PANEL_COLUMNS, first.shape[1], _PANEL_COLUMNS):
        panel = slice(start, start + _PANEL_COLUMNS)
        total += first[:, panel] @ second[:, panel].T
    return total
