"""Whether the components of an input depend on each other: what a sum over them would miss."""

import math

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.special import chdtrc

_SCORE = 4.0
"""Standard errors beyond which a dependence is seen."""
_CLIP = 3.0
_N_NEIGHBOUR_POINTS = 2000
_SIGNIFICANCE = 1e-5

# The number of columns differs between what a function takes and what it returns.
_Columns = Float[NDArray[np.float64], "n_pairs _"]
_Blocks = Int[NDArray[np.int64], " _"]


def dependences_seen(
    coordinates: Float[NDArray[np.float64], "n_pairs n_real"],
    blocks: Int[NDArray[np.int64], " n_real"],
    *,
    decorrelated: bool,
    rng: np.random.Generator,
) -> list[str]:
    """Name the dependences between components that the sample shows.

    Correlations between values, values and squares, and squares of different components are
    summed over all pairs of components; the spread of the total power is compared with that of
    independent components; distances to the nearest neighbour are compared with those after the
    components were shuffled, which shows low-dimensional and repeated inputs.

    Args:
        coordinates: Centred components.
        blocks: Which component each coordinate belongs to.
        decorrelated: Whether correlations were removed in this very sample.
        rng: Shuffles.

    Returns:
        What was seen, in words; empty if nothing was.
    """
    if blocks.max() == 0:
        return []
    values, value_blocks = _standardised(coordinates, blocks)
    squares, square_blocks = _standardised(*_squares(coordinates, blocks))
    chances = {
        "values with squares": _chance(values, value_blocks, squares, square_blocks, 2.0),
        "squares": _chance(squares, square_blocks, squares, square_blocks, 4.0),
    }
    if not decorrelated:
        chances["values"] = _chance(values, value_blocks, values, value_blocks, 4.0)
    seen = [f"correlated {name}" for name, chance in chances.items() if chance < _SIGNIFICANCE]
    if _power_differs(squares, square_blocks, blocks.size if decorrelated else 0):
        seen.append("spread of the total power")
    if _neighbours_differ(coordinates, blocks, rng):
        seen.append("distances to nearest neighbours")
    return seen


def undetected_nats(n_pairs: int, n_components: int, signal_share: float) -> float:
    """Return how much a pairwise dependence can lower I without being seen here.

    The sum over pairs of components of squared correlations is seen beyond about 4 n_components
    / n_pairs; half of it is information, weakened by the noise in both components.

    Args:
        n_pairs: Pairs.
        n_components: Components.
        signal_share: Signal power over output power.

    Returns:
        Nats.
    """
    return 0.5 * _SCORE * n_components / n_pairs * signal_share**2


def _standardised(columns: _Columns, blocks: _Blocks) -> tuple[_Columns, _Blocks]:
    """Return bounded columns of mean 0 and variance 1, constant ones left out."""
    spread = columns.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    bounded = np.clip((columns - columns.mean(axis=0)) / scale, -_CLIP, _CLIP)
    bounded -= bounded.mean(axis=0)
    spread_left = bounded.std(axis=0)
    sizes = np.square(columns).mean(axis=0)
    kept = (spread_left > 0.0) & (np.square(spread) > 1e-12 * sizes)
    return np.asarray(bounded[:, kept] / spread_left[kept]), blocks[kept]


def _squares(coordinates: _Columns, blocks: _Blocks) -> tuple[_Columns, _Blocks]:
    """Return squares of the coordinates and products of the two of one component, with blocks."""
    order = np.argsort(blocks, kind="stable")
    twins = np.flatnonzero(np.diff(blocks[order]) == 0)
    first, second = order[twins], order[twins + 1]
    products = coordinates[:, first] * coordinates[:, second]
    columns = np.concatenate([np.square(coordinates), products], axis=1)
    return columns, np.concatenate([blocks, blocks[first]])


def _chance(
    first: Float[NDArray[np.float64], "n_pairs n_first"],
    first_blocks: Int[NDArray[np.int64], " n_first"],
    second: Float[NDArray[np.float64], "n_pairs n_second"],
    second_blocks: Int[NDArray[np.int64], " n_second"],
    multiplicity: float,
) -> float:
    """Return the probability under independence of so large a sum of squared correlations.

    The sum of (n - 1) r^2 over columns of different components is close to a multiple of
    chi-squared with its mean and variance; the latter counts columns of one component that go
    together.
    """
    n_pairs = len(first)
    apart = first_blocks[:, None] != second_blocks[None, :]
    if not apart.any():
        return 1.0
    mean = float(apart.sum())
    total = (n_pairs - 1) * float(np.square((first.T @ second / n_pairs)[apart]).sum())
    inner = _inner_sums(first, first_blocks), _inner_sums(second, second_blocks)
    n_blocks = max(len(part) for part in inner)
    padded = [np.pad(part, (0, n_blocks - len(part))) for part in inner]
    joint = float(padded[0].sum() * padded[1].sum() - padded[0] @ padded[1])
    scale = multiplicity * joint / (2.0 * mean)
    return float(chdtrc(mean / scale, total / scale))


def _inner_sums(columns: _Columns, blocks: _Blocks) -> Float[NDArray[np.float64], " n_blocks"]:
    """Return for every component the sum of squared correlations among its own columns."""
    correlations = columns.T @ columns / len(columns)
    within = np.where(blocks[:, None] == blocks[None, :], np.square(correlations), 0.0)
    return np.bincount(blocks, within.sum(axis=1)).astype(np.float64)


def _power_differs(squares: _Columns, blocks: _Blocks, n_fitted: int) -> bool:
    """Compare the variance of the summed squares with the sum of the components' variances."""
    if squares.shape[1] == 0:
        return False
    n_pairs = len(squares)
    members = (blocks[:, None] == np.arange(blocks.max() + 1)[None, :]).astype(np.float64)
    apart = float((squares @ members).var(axis=0).sum())
    excess = float(squares.sum(axis=1).var()) / apart - 1.0
    return abs(excess) > _SCORE * math.sqrt(2.0 / n_pairs) + 2.0 * n_fitted / n_pairs


def _neighbours_differ(coordinates: _Columns, blocks: _Blocks, rng: np.random.Generator) -> bool:
    from scipy.stats import ks_2samp

    n_points = min(_N_NEIGHBOUR_POINTS, len(coordinates))
    points = coordinates[rng.choice(len(coordinates), n_points, replace=False)]
    points = points / np.sqrt(np.square(points).mean())
    shuffled = np.empty_like(points)
    for block in range(int(blocks.max()) + 1):
        columns = blocks == block
        shuffled[:, columns] = points[rng.permutation(n_points)][:, columns]
    distances = [_nearest_distances(cloud) for cloud in (points, shuffled)]
    return bool(ks_2samp(*distances, method="asymp").pvalue < _SIGNIFICANCE)


def _nearest_distances(points: _Columns) -> Float[NDArray[np.float64], " n_pairs"]:
    norms = np.einsum("nk,nk->n", points, points)
    square = norms[:, None] + norms[None, :] - 2.0 * (points @ points.T)
    np.fill_diagonal(square, np.inf)
    # Rounding tells equal points apart: what is equal counts as equal.
    return np.asarray(np.round(np.sqrt(np.maximum(square.min(axis=1), 0.0)), 5))
