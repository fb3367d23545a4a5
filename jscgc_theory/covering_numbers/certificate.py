"""Covering from both sides at one radius, and what the balls miss of the law behind the sample."""

from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.stats import binomtest

from jscgc_theory.covering_numbers.distance_filter import DistanceFilter
from jscgc_theory.covering_numbers.greedy_net import greedy_net
from jscgc_theory.covering_numbers.ordinary_units import in_ordinary_units
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Record

LEAST_POINTS = 20
"""Fewest points of which half can be held out."""
_MOST_HELD_OUT = 5000
_N_RADII = 12
_BATCH = 64


class CoveringCertificate(Record):
    """What is certain about covering at one radius, and what is estimated of the unseen rest.

    ``covering_at_least <= covering(radius)`` for the support of the law, whatever was drawn:
    so many points of the sample lie pairwise more than twice the radius apart, and no ball holds
    two of them. ``covering_at_most`` balls hold every point they were placed for, and a new point
    with all but the probability ``missed_share``.
    """

    radius: float
    """Radius of the balls in data units."""
    covering_at_least: int
    covering_at_most: int
    missed_share: Estimate
    """Probability that a new point lies outside the balls, from points held out, with Clopper and
    Pearson's interval; ``details["good_turing"]`` is the share of balls' own lonely centres."""
    chao_count: float
    """How many balls the whole support takes at least, the unseen ones estimated from the balls
    that hold one point or two: k + f_1 (f_1 - 1) / (2 (f_2 + 1))."""


def covering_certificates(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    *,
    max_centres: int,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None = None,
) -> tuple[CoveringCertificate, ...]:
    """Place a net on some of the points and ask the others what it misses.

    Args:
        points: Distinct points, shape (n_points, ambient_dim), 20 or more.
        max_centres: Balls at most.
        rng: Chooses the points held out, half of them but 5000 at most, and the net's start.
        progress: Told the finished fraction.

    Returns:
        Certificates at up to 12 radii, ascending.

    Raises:
        InputError: If there are too few points.

    References:
        Good, The population frequencies of species, Biometrika 40, 1953; Chao, Nonparametric
        estimation of the number of classes, Scandinavian Journal of Statistics 11, 1984.
    """
    if len(points) < LEAST_POINTS:
        raise InputError(
            f"certificates need {LEAST_POINTS} distinct points, of which half are held out, and "
            f"there are {len(points)}; add points"
        )
    points, unit = in_ordinary_units(points)
    order = rng.permutation(len(points))
    n_held_out = min(len(points) // 2, _MOST_HELD_OUT)
    held_out, placed = order[:n_held_out], np.sort(order[n_held_out:])
    net = greedy_net(points[placed], max_centres=min(max_centres, len(placed)), rng=rng)
    centres = placed[np.asarray(net.centres)]
    ranks = np.unique(np.geomspace(1, len(centres), _N_RADII).round().astype(np.int64))
    found = []
    for rank, distance, owner in _nearest_centres(points, centres, ranks):
        radius = net.radii[rank - 1]
        if radius == 0.0:
            break
        if progress is not None:
            progress(rank / len(centres))
        occupancy = np.bincount(owner[placed], minlength=rank)
        found.append(
            CoveringCertificate(
                radius=unit * radius,
                covering_at_least=net.packing_count(2.0 * radius),
                covering_at_most=rank,
                missed_share=_missed(distance[held_out] > radius, occupancy),
                chao_count=_chao_count(occupancy),
            )
        )
    if progress is not None:
        progress(1.0)
    return tuple(reversed(found))


def _nearest_centres(
    points: NDArray[np.floating],
    centres: Int[NDArray[np.int64], " n_centres"],
    ranks: Int[NDArray[np.int64], " n_ranks"],
) -> Iterator[tuple[int, Float[NDArray[np.float64], " n_points"], Int[NDArray[np.int64], " n"]]]:
    """Yield every rank with each point's distance to, and number of, its nearest such centre."""
    approximate = DistanceFilter(points)
    norms = approximate.square_norms
    nearest = np.full(len(points), np.inf, dtype=np.float32)
    owner = np.zeros(len(points), dtype=np.int64)
    done = 0
    for rank in ranks.tolist():
        while done < rank:
            batch = centres[done : min(done + _BATCH, rank)]
            for number, product in enumerate(approximate.inner_products(batch), start=done):
                square = norms + norms[centres[number]] - np.float32(2.0) * product
                closer = square < nearest
                nearest[closer], owner[closer] = square[closer], number
            done += len(batch)
        distance = approximate.scale * np.sqrt(np.maximum(nearest.astype(np.float64), 0.0))
        yield rank, distance, owner


def _missed(outside: NDArray[np.bool_], occupancy: Int[NDArray[np.int64], " n"]) -> Estimate:
    test = binomtest(int(outside.sum()), len(outside))
    interval = test.proportion_ci(0.95, method="exact")
    return Estimate(
        value=float(test.statistic),
        interval=(float(interval.low), float(interval.high)),
        method="share of points held out that no ball holds",
        n_points_used=len(outside),
        details={"good_turing": float((occupancy == 1).sum() / occupancy.sum())},
    )


def _chao_count(occupancy: Int[NDArray[np.int64], " n"]) -> float:
    once, twice = (int((occupancy == count).sum()) for count in (1, 2))
    return len(occupancy) + once * (once - 1) / (2.0 * (twice + 1))
