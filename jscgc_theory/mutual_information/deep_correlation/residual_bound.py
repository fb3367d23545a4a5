r"""A lower bound of I(F; G) from the residuals of a linear prediction.

    I(F; G) = h(F) - h(F | G) >= h(F) - h(F - A G) = I_G(F; G) - J(F) + J(F - A G)

with A G the best linear prediction of F, I_G the information of the Gaussian pair of the same
covariance and J the negentropy, the entropy of the Gaussian of equal covariance less h. F and G
may change places. Equality holds if the residual is independent of G, as in a Gaussian pair.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.spatial import KDTree

from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian import GaussianMI
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.whitening import Whitening
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits

_NEIGHBOURS = 5


def residual_lower_bound(pairs: PairedSample, rng: np.random.Generator) -> Estimate:
    """Return the greater of ``I_G - J(F) + J(F - A G)`` for F = x and for F = y, in bits.

    Args:
        pairs: Pairs in few dimensions.
        rng: Draws the Gaussian points that negentropies are measured against.

    Returns:
        The bound, side ``lower_bound``, with the error of the Gaussian part.

    Raises:
        InputError: If there are too few pairs or an exact relation makes I infinite.
    """
    gaussian = GaussianMI().estimate(pairs)
    residuals = GaussianModel.of(pairs).residuals(pairs)
    gained = max(
        negentropy_nats(left, rng) - negentropy_nats(whole, rng)
        for whole, left in ((pairs.x, residuals.x_given_y), (pairs.y, residuals.y_given_x))
    )
    return bits_estimate(
        gaussian.value + nats_to_bits(gained),
        standard_error=gaussian.standard_error,
        method="entropy of one side less that of its linear residual",
        n_points_used=pairs.n_pairs,
        side="lower_bound",
        gaussian_bits=gaussian.value,
    )


def negentropy_nats(
    cloud: Float[NDArray[np.float64], "n_points dim"], rng: np.random.Generator
) -> float:
    """Return how much less entropy a cloud has than the Gaussian of its covariance.

    The difference of the Kozachenko-Leonenko entropies of whitened points and of as many Gaussian
    ones: what the finite number of points does to either cancels where the cloud is near Gaussian.

    Args:
        cloud: Shape (n_points, dim).
        rng: Draws the Gaussian points.

    Returns:
        Nats; negative by chance alone.

    References:
        Kozachenko, Leonenko. Sample estimate of the entropy of a random vector. 1987.
    """
    _, white = Whitening.of(cloud)
    # Whitened too, so that what it owes to its own covariance cancels.
    _, reference = Whitening.of(rng.standard_normal(white.shape))
    return float(white.shape[1] * (_mean_log_distance(reference) - _mean_log_distance(white)))


def _mean_log_distance(points: Float[NDArray[np.float64], "n_points dim"]) -> float:
    distances, _ = KDTree(points).query(points, k=_NEIGHBOURS + 1)
    # Equal points have no density; the least positive float keeps the bound finite and low.
    return float(np.log(np.maximum(distances[:, -1], np.finfo(np.float64).tiny)).mean())
