"""Relations R5 of the posterior sampler, X_hat ~ p(x | y_hat): the paper's decoder."""

import math

from jscgc_theory.bounds.power_law import exp2_saturating
from jscgc_theory.errors import InputError
from jscgc_theory.validation import (
    check_finite_number,
    check_nonnegative,
    check_positive,
    check_probability,
)


def posterior_sampling_mean_square(mmse: float) -> float:
    """Return the sampler's mean square distance, ``E|X - X_hat|^2 = 2 mmse`` exactly.

    Given y_hat, X and X_hat are independent with the same law, so their squared difference has
    twice the posterior variance.

    Args:
        mmse: E|X - E[X | Y_hat]|^2, in squared data units, summed over coordinates.

    Returns:
        Mean square distance in squared data units.

    Raises:
        InputError: If mmse is negative.

    References:
        Blau and Michaeli, "The perception-distortion tradeoff", CVPR 2018.
    """
    return 2.0 * check_nonnegative(mmse, name="mmse")


def best_radius_floor(sampler_radius: float) -> float:
    """Return what the sampler's radius says of every decoder, ``r_best(P_e) >= r(2 P_e)/2``.

    If a decoder is within r of X with probability 1 - P_e, so is it of the sampler's draw, which
    has the law of X given y_hat; by the triangle inequality ``r_sampler(2 P_e) <= 2 r_best(P_e)``.

    Args:
        sampler_radius: The sampler's radius at outage 2 P_e, in data units.

    Returns:
        Least radius of any decoder at outage P_e, in data units.

    Raises:
        InputError: If the radius is negative.
    """
    return 0.5 * check_nonnegative(sampler_radius, name="sampler_radius")


def sampler_radius_ceiling(best_radius: float) -> float:
    """Return how far the sampler can fall behind, ``r_sampler(2 P_e) <= 2 r_best(P_e)``.

    Args:
        best_radius: The best decoder's radius at outage P_e, in data units.

    Returns:
        Largest radius of the posterior sampler at outage 2 P_e, in data units.

    Raises:
        InputError: If the radius is negative.
    """
    return 2.0 * check_nonnegative(best_radius, name="best_radius")


def sampler_outage(outage_probability: float) -> float:
    """Return the outage at which the sampler answers for the best decoder's, 2 P_e.

    Args:
        outage_probability: P_e of the best decoder, in (0, 1/2).

    Returns:
        2 P_e.

    Raises:
        InputError: If 2 P_e is not below 1, where the relation says nothing.

    >>> sampler_outage(0.05)
    0.1
    """
    outage = check_probability(outage_probability)
    if outage >= 0.5:
        raise InputError(
            f"outage_probability = {outage:g} doubles to 1 or more; give a value below 0.5"
        )
    return 2.0 * outage


def mean_square_floor(
    mi_bits: float, intrinsic_dim: float, differential_entropy_bits: float
) -> float:
    """Return Shannon's lower bound, ``mmse >= (d / (2 pi e)) 2^(2 (h_d(X) - I)/d)``.

    Exact for a source with a density on R^d; on a curved d-dimensional support it is the limit
    of high rate. The posterior sampler pays twice as much.

    Args:
        mi_bits: Mutual information in bits.
        intrinsic_dim: d, positive.
        differential_entropy_bits: h_d(X) in bits, of the density on the d-dimensional support.

    Returns:
        Least mean square error of any decoder, in squared data units.

    Raises:
        InputError: If I is negative or d is not positive.

    References:
        Koliander, Pichler, Riegler and Hlawatsch, IEEE Trans. Inf. Theory 62(11), 2016.
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    intrinsic_dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    entropy = check_finite_number(differential_entropy_bits, name="differential_entropy_bits")
    log2_floor = math.log2(intrinsic_dim / (2.0 * math.pi * math.e))
    return exp2_saturating(log2_floor + 2.0 * (entropy - mi_bits) / intrinsic_dim)
