"""The dimension against the scale at which it is read, and the range where it is stable."""

from dataclasses import dataclass

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.gride import Gride
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.records import Estimate


@dataclass(frozen=True)
class ScaleReading:
    """A Gride reading at one scale."""

    n_neighbours: int
    """The larger rank, which sets the scale."""
    radius: float
    """Median distance to the neighbour of that rank, in data units."""
    estimate: Estimate
    on_plateau: bool


def scale_scan(sample: Sample) -> tuple[ScaleReading, ...]:
    """Read the dimension at ranks 2, 4, 8, ... and mark the plateau.

    The plateau is the longest run of neighbouring scales whose 95 % intervals share a value, the
    smallest scales first among equals; a single scale is no plateau.

    Args:
        sample: Distinct points and their neighbours; the scan goes up to the last rank that is a
            power of two.

    Returns:
        One reading per scale, from small to large.
    """
    ranks, estimates = [], []
    near = 1
    while 2 * near <= sample.neighbours.n_neighbours:
        try:
            estimates.append(Gride(n_neighbours=near).estimate(sample))
        except InputError:
            # Equal distances, as on a lattice: this scale has no reading, larger ones may.
            near *= 2
            continue
        ranks.append(2 * near)
        near *= 2
    first, last = _longest_common_run([estimate.interval for estimate in estimates])
    return tuple(
        ScaleReading(
            rank,
            float(np.median(sample.neighbours.distances[:, rank - 1])),
            estimate,
            first <= position < last,
        )
        for position, (rank, estimate) in enumerate(zip(ranks, estimates, strict=True))
    )


def _longest_common_run(intervals: list[tuple[float, float] | None]) -> tuple[int, int]:
    best = (0, 0)
    for start in range(len(intervals)):
        low, high, stop = -np.inf, np.inf, start
        while stop < len(intervals):
            interval = intervals[stop]
            if interval is None or max(low, interval[0]) > min(high, interval[1]):
                break
            low, high, stop = max(low, interval[0]), min(high, interval[1]), stop + 1
        if stop - start > max(1, best[1] - best[0]):
            best = (start, stop)
    return best
