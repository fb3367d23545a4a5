"""Exact values that judge several parts of the package, each with its derivation."""

import math
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sphere_coincidence_constant(dim: int) -> float:
    """C = lim r^d / q(r) of the uniform law on the unit sphere S^d, chordal distance.

    A cap of small radius r has the area V_d r^d of a d-ball, so C = area(S^d) / V_d: pi for the
    circle, 4 for the 2-sphere.
    """
    log_area = math.log(2.0) + 0.5 * (dim + 1) * math.log(math.pi) - math.lgamma(0.5 * (dim + 1))
    log_ball = 0.5 * dim * math.log(math.pi) - math.lgamma(0.5 * dim + 1.0)
    return math.exp(log_area - log_ball)


def sphere_cap_probability(dim: int, radius: float) -> float:
    """Return q(r) for the 2-sphere, where it is r^2 / 4, and for the circle, an arc length."""
    if dim == 2:
        return min(radius, 2.0) ** 2 / 4.0
    if dim == 1:
        return 2.0 * math.asin(min(radius, 2.0) / 2.0) / math.pi
    raise ValueError(f"no elementary form for dim = {dim}")


def mutual_information_bits_of_table(joint: ArrayLike) -> float:
    """I(X; Y) of a joint table, term by term in plain Python."""
    table = np.asarray(joint, dtype=float)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    return sum(
        table[i, j] * math.log2(table[i, j] / (rows[i] * columns[j]))
        for i in range(table.shape[0])
        for j in range(table.shape[1])
        if table[i, j] > 0.0
    )


def pair_distances(points: ArrayLike) -> NDArray[np.float64]:
    """All pair distances, one subtraction at a time: slow, and immune to cancellation."""
    rows = np.asarray(points, dtype=np.float64)
    return np.array([math.dist(first, second) for first, second in combinations(rows, 2)])
