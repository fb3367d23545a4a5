"""How pairs are handed to a velocity field: which side is generated, and in what coordinates."""

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import kurtosis, rankdata

from jscgc_theory.mutual_information.fields.noise_range import noise_range_of_pairs
from jscgc_theory.mutual_information.paired_sample import PairedSample

Side = Literal["x", "y"]

# A Gaussian has 3, a Laplace law 6.
_HEAVY_KURTOSIS = 5.0
_LEAST_SHARE = 1e-9

_Cloud = Float[NDArray[np.float64], "n_pairs dim"]


class Arrangement(NamedTuple):
    """Pairs as a field will see them; I is that of the sample they came from."""

    sample: PairedSample
    """The generated side as x, its condition as y."""
    generated: Side
    n_rank_columns: int
    """Heavy-tailed columns replaced by their normal scores."""


def arranged(sample: PairedSample, generated: Side | None) -> Arrangement:
    """Bring pairs into the form from which a field learns best.

    I(X; Y) is symmetric and does not change when single columns are mapped monotonically. The
    side of fewer dimensions is generated; of two equal ones that which is wider given the other,
    measured in its own width, since its field is the smoother. Columns with a kurtosis above 5 are
    replaced by their normal scores.

    Args:
        sample: The pairs.
        generated: The side to generate, None to choose.

    Returns:
        The arrangement.
    """
    x, n_x = _without_heavy_tails(sample.x)
    y, n_y = _without_heavy_tails(sample.y)
    side = generated or _smoother_side(x, y)
    first, second = (x, y) if side == "x" else (y, x)
    return Arrangement(PairedSample(first, second), side, n_x + n_y)


def _without_heavy_tails(cloud: _Cloud) -> tuple[_Cloud, int]:
    centred = cloud - np.median(cloud, axis=0)
    scale = np.abs(centred).max(axis=0)
    heavy = kurtosis(centred / np.where(scale > 0.0, scale, 1.0), fisher=False) > _HEAVY_KURTOSIS
    scores = np.array(cloud)
    scores[:, heavy] = ndtri((rankdata(cloud[:, heavy], axis=0) - 0.5) / len(cloud))
    return scores, int(heavy.sum())


def _smoother_side(
    x: Float[NDArray[np.float64], "n_pairs x_dim"], y: Float[NDArray[np.float64], "n_pairs y_dim"]
) -> Side:
    dims = [_used_directions(cloud) for cloud in (x, y)]
    if dims[0] != dims[1]:
        return "x" if dims[0] < dims[1] else "y"
    ranges = [noise_range_of_pairs(x, y), noise_range_of_pairs(y, x)]
    spans = [levels.log_high - levels.log_low for levels in ranges]
    return "x" if spans[0] <= spans[1] else "y"


def _used_directions(cloud: _Cloud) -> int:
    variances = np.linalg.eigvalsh(np.atleast_2d(np.cov(cloud.T)))
    return int(np.sum(variances > _LEAST_SHARE * variances.max()))
