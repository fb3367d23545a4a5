"""The local non-uniformity correction: neighbourhoods thinner than their bounding boxes."""

from functools import cache

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.nearest_neighbour.box_tree import BoxTree
from jscgc_theory.mutual_information.nearest_neighbour.neighbour_counts import for_each_block
from jscgc_theory.units import nats_to_bits

_UNIFORM_DRAWS = 20_000
_SMALL_SHARE = 0.005


def non_uniformity_bits(
    points: Float[NDArray[np.float64], "n_pairs dim"], n_neighbours: int
) -> float:
    """Return what thin neighbourhoods add to I, -<ln(V_pca / V_box)> (Gao et al. 2015, eq. 15).

    Both boxes are centred at the point and reach to the farthest of its k neighbours along each
    axis: the data's axes for V_box, the neighbours' principal axes for V_pca. A term counts only
    where the ratio is one that points uniform in a box show with probability below 0.005.

    Args:
        points: x and y side by side.
        n_neighbours: k, more than there are columns.

    Returns:
        Bits, never negative.

    References:
        Gao, Ver Steeg, Galstyan. Efficient estimation of mutual information for strongly
        dependent variables. AISTATS 2015.
    """
    tree = BoxTree.of(points)
    placed = points[tree.order]
    limit = uniform_log_ratio(n_neighbours, points.shape[1])

    def gain(first: int, last: int) -> float:
        _, positions = tree.nearest(first, last, n_neighbours)
        ratios = log_volume_ratio(placed[positions] - placed[first:last, None, :])
        return float(-ratios[ratios < limit].sum())

    return nats_to_bits(sum(for_each_block(len(points), gain)) / len(points))


def log_volume_ratio(
    arrows: Float[NDArray[np.float64], "n_points n_neighbours dim"],
) -> Float[NDArray[np.float64], " n_points"]:
    """Return ln(V_pca / V_box) of neighbourhoods.

    Args:
        arrows: Neighbours relative to their point.

    Returns:
        Nats, one for each point.
    """
    centred = arrows - arrows.mean(axis=1, keepdims=True)
    _, axes = np.linalg.eigh(np.einsum("nki,nkj->nij", centred, centred))
    turned = np.abs(arrows @ axes).max(axis=1)
    straight = np.abs(arrows).max(axis=1)
    # A neighbourhood on a line has no width but rounding; where even that is zero, so is this.
    rounding = np.finfo(np.float64).eps * straight.max(axis=1, keepdims=True)
    widths = np.maximum(turned, rounding), np.maximum(straight, rounding)
    return np.asarray((np.log(widths[0]) - np.log(widths[1])).sum(axis=1))


@cache
def uniform_log_ratio(n_neighbours: int, dim: int) -> float:
    """Return the ratio that uniform neighbourhoods fall below with probability 0.005.

    Args:
        n_neighbours: k.
        dim: Columns.

    Returns:
        ln(alpha) of Gao et al., from 20 000 draws at a fixed seed.
    """
    rng = np.random.default_rng([n_neighbours, dim])
    draws = rng.uniform(-1.0, 1.0, (_UNIFORM_DRAWS, n_neighbours, dim))
    return float(np.quantile(log_volume_ratio(draws), _SMALL_SHARE))
