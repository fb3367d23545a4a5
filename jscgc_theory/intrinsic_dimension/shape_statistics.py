"""Numbers that tell of the shape of neighbourhoods: ratios of distances, angles, spectra."""

import math

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

from jscgc_theory.neighbours import centred_matrix, in_threads

N_NEIGHBOURS = 64
"""Neighbours read about each centre."""
_BANDS = ((1, 2), (2, 4), (4, 8), (8, 16), (16, 32), (32, 64))
_RANKS = (8, 16, 32, 64)
_CUBED_RANKS = (16, 64)
_VALUES_PER_BLOCK = 4_000_000
_TINY = 1e-9

Statistics = dict[str, float]
Grams = Float[NDArray[np.float64], "n_centres k k"]
Squares = Float[NDArray[np.float64], "n_centres k"]


def shape_statistics(
    points: Float[NDArray[np.floating], "n_points ambient_dim"], n_centres: int
) -> Statistics:
    r"""Describe the neighbourhoods of evenly chosen points by statistics that grow with d.

    With r_k the distance to the k-th neighbour, e_i the directions to the neighbours, S the
    covariance of the nearest k, and means over centres, each statistic is a logarithm:

    - ``ratio``: (psi(m) - psi(k)) / <ln(r_m / r_k)>, which is d for a uniform law; ``spread``, the
      standard deviation of ln(r_m / r_k) over the one that this d foretells;
    - ``angle``: 1 / <cos^2(e_i, e_j)>, which is d for isotropic directions; ``drift``, the mean
      cosine over the mean square, is not a logarithm; ``unevenness``, that of cos^2 over centres;
    - ``rank``: tr(S)^2 / tr(S^2), corrected for k; ``cubed``: (tr(S)^3 / tr(S^3))^(1/2);
    - ``capacity``: (ln N - psi(k)) / <ln(R / r_k)> with R the root-mean-square distance of pairs;
    - ``extent``: tr(S)^2 / tr(S^2) for the whole cloud, which a flat manifold does not exceed.

    Args:
        points: Distinct points, more than 64.
        n_centres: How many neighbourhoods at most.

    Returns:
        The statistics by name, always in the same order.
    """
    moved = centred_matrix(points, dtype=np.float64).rows.astype(np.float64, copy=False)
    centres = np.unique(np.linspace(0, len(moved) - 1, n_centres).astype(np.int64))
    grams, reach = _neighbourhoods(moved, centres)
    squares = np.einsum("nkk->nk", grams)
    apart = squares[:, 0] > 0.0
    grams, squares = grams[apart], squares[apart]
    found = _ratio_statistics(0.5 * np.log(squares / reach**2), len(points))
    for k in _RANKS:
        found |= _angle_statistics(grams[:, :k, :k], squares[:, :k], k)
        found |= _spectrum_statistics(grams[:, :k, :k], k)
    cloud = moved[centres]
    extent, _ = _spectrum((cloud @ cloud.T)[None])
    found["extent"] = _log_participation(extent)
    return found | {"points": math.log(len(points))}


def _neighbourhoods(
    moved: NDArray[np.float64], centres: Int[NDArray[np.int64], " n_centres"]
) -> tuple[Grams, float]:
    """Return Gram matrices of the steps to the neighbours, nearest first, and R."""
    norms = np.einsum("ij,ij->i", moved, moved)
    grams = np.empty((len(centres), N_NEIGHBOURS, N_NEIGHBOURS))
    step = max(1, _VALUES_PER_BLOCK // max(len(moved), N_NEIGHBOURS * moved.shape[1]))

    def measure(start: int) -> None:
        block = centres[start : start + step]
        near = _nearest(moved, norms, block)
        steps = moved[near] - moved[block][:, None, :]
        grams[start : start + step] = steps @ steps.transpose(0, 2, 1)

    in_threads(measure, range(0, len(centres), step))
    order = np.argsort(np.einsum("nkk->nk", grams), axis=1)
    grams = np.take_along_axis(grams, order[:, :, None], axis=1)
    grams = np.take_along_axis(grams, order[:, None, :], axis=2)
    spread = moved - moved.mean(axis=0)
    return grams, math.sqrt(2.0 * float(np.einsum("ij,ij->i", spread, spread).mean()))


def _nearest(
    moved: NDArray[np.float64], norms: NDArray[np.float64], block: Int[NDArray[np.int64], " n"]
) -> Int[NDArray[np.int64], "n k"]:
    square = moved[block] @ moved.T
    square *= -2.0
    square += norms
    square[np.arange(len(block)), block] = np.inf
    return np.argpartition(square, N_NEIGHBOURS - 1, axis=1)[:, :N_NEIGHBOURS]


def _ratio_statistics(logs: NDArray[np.float64], n_points: int) -> Statistics:
    found = {}
    for near, far in _BANDS:
        ratios = logs[:, far - 1] - logs[:, near - 1]
        dim = float(digamma(far) - digamma(near)) / max(float(ratios.mean()), _TINY)
        found[f"ratio {near}:{far}"] = math.log(dim)
        if near > 1:
            foretold = math.sqrt(float(polygamma(1, near) - polygamma(1, far))) / dim
            found[f"spread {near}:{far}"] = _log(float(ratios.std()) / foretold)
    for k in (1, N_NEIGHBOURS):
        depth = max(-float(logs[:, k - 1].mean()), 1e-3)
        found[f"capacity {k}"] = _log((math.log(n_points) - float(digamma(k))) / depth)
    return found


def _angle_statistics(grams: Grams, squares: Squares, k: int) -> Statistics:
    cosines = grams / np.sqrt(squares[:, :, None] * squares[:, None, :])
    n_pairs = k * (k - 1)
    mean = (cosines.sum(axis=(1, 2)) - k) / n_pairs
    mean_square = (np.square(cosines).sum(axis=(1, 2)) - k) / n_pairs
    overall = max(float(mean_square.mean()), _TINY)
    return {
        f"angle {k}": -_log(overall),
        f"drift {k}": float(mean.mean()) / overall,
        f"unevenness {k}": _log(float(mean_square.std()) / overall),
    }


def _spectrum_statistics(grams: Grams, k: int) -> Statistics:
    squared, centred = _spectrum(grams)
    found = {f"rank {k}": _log_participation(squared)}
    if k in _CUBED_RANKS:
        cubed = np.einsum("nij,nij->n", centred @ centred, centred)
        found[f"cubed {k}"] = -0.5 * math.log(float(cubed.mean()))
    return found


def _spectrum(grams: Grams) -> tuple[Float[NDArray[np.float64], " n_centres"], Grams]:
    """Return tr(S^2) / tr(S)^2, for normal points without bias, and centred grams of trace 1."""
    k = grams.shape[1]
    rows = grams.mean(axis=1, keepdims=True)
    centred = grams - rows - rows.transpose(0, 2, 1) + rows.mean(axis=2, keepdims=True)
    centred /= np.einsum("nkk->n", centred)[:, None, None]
    shrink = (k - 1) ** 2 / ((k - 2) * (k + 1))
    return (np.square(centred).sum(axis=(1, 2)) - 1.0 / (k - 1)) * shrink, centred


def _log_participation(squared: Float[NDArray[np.float64], " n_centres"]) -> float:
    return -math.log(max(float(squared.mean()), 1e-3))


def _log(value: float) -> float:
    return math.log(max(value, _TINY))
