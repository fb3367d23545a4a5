"""The perception-constrained converse R3, where the law of the output is known."""

from jscgc_theory.bounds.divergence import log2_least_coincidence
from jscgc_theory.bounds.radius_inverse import RadiusAtLog2Probability, radius_at


def perception_bound(
    mi_bits: float, outage_probability: float, radius_at_log2_probability: RadiusAtLog2Probability
) -> float:
    """Return R3, the radius up to which ``d2(1 - P_e, q(r)) > I`` with ``q(r) <= 1 - P_e``.

    q(r) = P(rho(X, X_hat') <= r) with X_hat' an independent draw of the system's output. Under
    perfect perception, P_X_hat = P_X, q is the correlation integral of the data and the bound is
    read off pair distances; otherwise measure q between source and generated points.

    Args:
        mi_bits: Mutual information I(X; Y_hat) in bits.
        outage_probability: P_e in (0, 1).
        radius_at_log2_probability: Maps log2 p to ``inf {r : q(r) >= p}``, in data units.

    Returns:
        Least radius of any system with that outage and that output law, in data units.

    Raises:
        InputError: If I is negative, P_e outside (0, 1), or the inverse returns no radius.

    References:
        Polyanskiy and Verdu, Allerton 2010; Grassberger and Procaccia, Physica D 9, 1983.

    >>> from functools import partial
    >>> from jscgc_theory.bounds import power_law_radius
    >>> sphere = partial(power_law_radius, intrinsic_dim=2.0, geometric_constant=4.0)
    >>> round(perception_bound(2.887, 0.1, sphere), 3)  # exact on the 2-sphere
    0.552
    """
    log2_probability = log2_least_coincidence(mi_bits, outage_probability)
    return radius_at(radius_at_log2_probability, log2_probability)
