"""Farthest-point net: covering from above and packing from below, at every radius in one pass."""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from jscgc_theory.covering_numbers.distance_filter import DistanceFilter, by_panels
from jscgc_theory.covering_numbers.ordinary_units import in_ordinary_units
from jscgc_theory.errors import InputError
from jscgc_theory.records import Record
from jscgc_theory.validation import as_generator, check_count, check_nonnegative, check_points

_BATCH = 64
_POOL = 512
_BATCH_VALUES = 16_000_000
_MEASURE_VALUES = 4_000_000


class GreedyNet(Record):
    """Centres in the order they were chosen, and the radius that each prefix reaches.

    The first k centres cover the sample with balls of radius ``radii[k - 1]``; together with the
    next farthest point they are k + 1 points at least ``radii[k - 1]`` apart. Hence, for the
    sample, ``covering(r_k) <= k`` and ``packing(eps) >= k + 1`` for every ``eps < r_k``.
    """

    centres: tuple[int, ...]
    """Row numbers of the centres, in order."""
    radii: tuple[float, ...]
    """Covering radius of the first 1, 2, ... centres in data units, falling."""
    n_points: int
    """Number of points covered."""

    @property
    def is_complete(self) -> bool:
        """Whether every point coincides with a centre, so that all radii are served."""
        return self.radii[-1] == 0.0

    def covering_count(self, radius: float) -> int:
        """Number of balls with which the net covers: at least ``covering(radius)``.

        Args:
            radius: Radius of the balls in data units.

        Returns:
            Least k with ``r_k <= radius``.

        Raises:
            InputError: If the net stopped before it reached that radius.
        """
        if check_nonnegative(radius, name="radius") < self.radii[-1]:
            raise InputError(
                f"radius = {radius:g} is below {self.radii[-1]:g}, the reach of {len(self.radii)} "
                "centres; raise max_centres"
            )
        return self._coarser_than(radius) + 1

    def packing_count(self, radius: float) -> int:
        """Number of points the net found pairwise farther than a radius: at most ``packing``.

        Args:
            radius: Distance in data units.

        Returns:
            One more than the number of ``r_k > radius``.

        Raises:
            InputError: If the radius is negative or not finite.
        """
        return self._coarser_than(check_nonnegative(radius, name="radius")) + 1

    def _coarser_than(self, radius: float) -> int:
        return int(np.searchsorted(-np.asarray(self.radii), -radius, side="left"))


def greedy_net(
    points: ArrayLike,
    *,
    max_centres: int,
    start: int | None = None,
    rng: np.random.Generator | int | None = None,
    progress: Callable[[float], None] | None = None,
) -> GreedyNet:
    """Choose centres one by one, each the point farthest from those before it.

    Every radius is a float64 distance between two rows as given: a single-precision filter with a
    proven error only decides which distances need not be taken. Cost ``O(k N m)``, memory linear
    in N.

    Args:
        points: Cloud of shape (n_points, ambient_dim); may be memory-mapped float32.
        max_centres: Number of centres to stop at; the net stops early when all points are centres
            or copies of one.
        start: Row of the first centre; drawn at random by default.
        rng: Draws the first centre.
        progress: Told the finished fraction.

    Returns:
        The net.

    Raises:
        InputError: If the points are unusable, or start or max_centres is out of range.

    References:
        Gonzalez (1985), Clustering to minimize the maximum intercluster distance.
    """
    cloud, unit = in_ordinary_units(check_points(points, min_points=1))
    n_points = cloud.shape[0]
    limit = min(check_count(max_centres, name="max_centres"), n_points)
    if start is None:
        start = int(as_generator(rng).integers(n_points))
    first = check_count(start, name="start", minimum=0)
    if first >= n_points:
        raise InputError(f"start = {first} is not a row of {n_points} points; give a smaller one")
    search = _FarthestPoints(cloud, first, limit)
    while True:
        farthest, radius = search.farthest()
        search.radii.append(radius)
        if progress is not None:
            progress(len(search.centres) / limit)
        if radius == 0.0 or len(search.centres) == limit:
            break
        search.add(farthest)
    radii = tuple(unit * radius for radius in search.radii)
    if math.isinf(radii[0]):
        raise InputError(
            "points lie farther apart than floating-point numbers hold; rescale the data"
        )
    return GreedyNet(centres=tuple(search.centres), radii=radii, n_points=n_points)


class _FarthestPoints:
    """Brackets on every point's squared distance to the centres; only doubtful ones are measured.

    ``lower`` and ``upper`` hold float32 brackets in the filter's units. Points whose bracket
    reaches above every other's floor are measured in float64, once per new centre.
    """

    def __init__(
        self,
        cloud: Float[NDArray[np.floating], "n_points ambient_dim"],
        first: int,
        max_centres: int,
    ) -> None:
        n_points, ambient_dim = cloud.shape
        self.cloud = cloud
        self.filter = DistanceFilter(cloud)
        self.max_centres = max_centres
        self.centres: list[int] = []
        self.radii: list[float] = []
        self.rows = np.empty((max_centres, ambient_dim), dtype=cloud.dtype)
        self.lower = np.full(n_points, np.inf, dtype=np.float32)
        self.upper = np.full(n_points, np.inf, dtype=np.float32)
        self.exact = np.full(n_points, np.inf)
        self.n_measured = np.zeros(n_points, dtype=np.int64)
        self.columns: dict[int, NDArray[np.float32]] = {}
        self.add(first)

    def farthest(self) -> tuple[int, float]:
        """Return the point farthest from the centres (the first of equals) and its distance."""
        doubtful = np.flatnonzero(self.upper >= self.lower.max())
        self._measure(doubtful)
        best = int(doubtful[np.argmax(self.exact[doubtful])])
        return best, float(self.exact[best])

    def add(self, centre: int) -> None:
        """Make a point a centre and bring the brackets up to date."""
        if centre not in self.columns:
            batch = self._next_centres(centre)
            products = self.filter.inner_products(np.asarray(batch, dtype=np.int64))
            self.columns = dict(zip(batch, products, strict=True))
        norms = self.filter.square_norms
        total = norms + norms[centre]
        square = total - np.float32(2.0) * self.columns.pop(centre)
        total *= np.float32(self.filter.kappa)
        np.minimum(self.lower, square - total, out=self.lower)
        np.minimum(self.upper, square + total, out=self.upper)
        self.rows[len(self.centres)] = self.cloud[centre]
        self.centres.append(centre)
        self.lower[centre] = self.upper[centre] = 0.0
        self.exact[centre] = 0.0

    def _measure(self, doubtful: Int[NDArray[np.int64], " n_doubtful"]) -> None:
        n_centres = len(self.centres)
        measured = self.n_measured[doubtful]
        for known in np.unique(measured[measured < n_centres]):
            group = doubtful[measured == known]
            centres = self.rows[known:n_centres].astype(np.float64, copy=False)
            step = max(1, _MEASURE_VALUES // max(centres.shape))
            for begin in range(0, len(group), step):
                part = group[begin : begin + step]
                nearest = cdist(self.cloud[part].astype(np.float64), centres).min(axis=1)
                self.exact[part] = np.minimum(self.exact[part], nearest)
        self.n_measured[doubtful] = n_centres
        # What is measured needs no bracket wider than the rounding of float32.
        square = (self.exact[doubtful] / self.filter.scale) ** 2
        self.lower[doubtful] = square * (1.0 - 1e-6)
        self.upper[doubtful] = square * (1.0 + 1e-6)

    def _next_centres(self, centre: int) -> list[int]:
        """Guess the next centres, so that one matrix product serves them all.

        Among the farthest points the greedy choice is played forward until it falls below every
        point left out; until then those left out cannot be chosen. A wrong guess costs time only.
        """
        room = min(_BATCH, self.max_centres - len(self.centres))
        room = max(1, min(room, _BATCH_VALUES // len(self.upper)))
        if room == 1 or not self.centres:
            return [centre]
        n_points = len(self.upper)
        size = min(_POOL, n_points)
        pool = np.argpartition(self.upper, n_points - size)[n_points - size :]
        floor = self.upper[pool].min() if size < n_points else np.float32(0.0)
        pool = np.append(pool[pool != centre], centre)
        rows = self.filter.rows(pool)
        norms = self.filter.square_norms[pool]
        height = self.upper[pool].copy()
        batch: list[int] = []
        pick = len(pool) - 1
        while len(batch) < room and height[pick] > floor:
            batch.append(int(pool[pick]))
            product = by_panels(rows, rows[pick : pick + 1])[:, 0]
            np.minimum(height, norms + norms[pick] - 2.0 * product, out=height)
            height[pick] = 0.0
            pick = int(np.argmax(height))
        return batch or [centre]
