"""The small-ball bound R2: any estimator, any source, no manifold, no asymptotics."""

from jscgc_theory.bounds.divergence import log2_least_coincidence
from jscgc_theory.bounds.radius_inverse import RadiusAtLog2Probability, radius_at


def small_ball_bound(
    mi_bits: float, outage_probability: float, radius_at_log2_probability: RadiusAtLog2Probability
) -> float:
    """Return R2, the radius up to which ``d2(1 - P_e, S(r)) > I`` with ``S(r) <= 1 - P_e``.

    S(r) = sup_z P(rho(X, z) <= r) is the largest mass in a ball. Data processing of the test
    ``rho <= r`` from P_{X, X_hat} to P_X x P_X_hat, where its probability is at most S(r).

    Args:
        mi_bits: Mutual information I(X; Y_hat) in bits.
        outage_probability: P_e in (0, 1).
        radius_at_log2_probability: Maps log2 p to ``inf {r : S(r) >= p}``, in data units.

    Returns:
        Least radius of any system with that outage, in data units.

    Raises:
        InputError: If I is negative, P_e outside (0, 1), or the inverse returns no radius.

    References:
        Duchi and Wainwright, arXiv 1311.2669; Xu and Raginsky, arXiv 1504.06028.

    >>> def interval(log2_p):  # X uniform on [0, 1]: S(r) = 2 r
    ...     return 2.0**log2_p / 2.0
    >>> round(small_ball_bound(10.0, 1e-6, interval) * 2.0**11, 3)
    1.0
    """
    log2_probability = log2_least_coincidence(mi_bits, outage_probability)
    return radius_at(radius_at_log2_probability, log2_probability)
