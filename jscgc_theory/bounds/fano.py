"""Fano's inequality, equations (19) and (20), and the finite-outage radius bound R1."""

import math

from jscgc_theory.bounds.divergence import binary_entropy_bits
from jscgc_theory.bounds.power_law import (
    exp2_saturating,
    log2_of_geometric_constant,
    log2_power_law_radius,
)
from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.errors import InputError
from jscgc_theory.units import bits_to_nats, nats_to_bits
from jscgc_theory.validation import check_nonnegative, check_positive, check_probability


def fano_outage_floor(
    mi_bits: float, log2_count: float, *, source_entropy_bits: float | None = None
) -> float:
    """Return the least error probability Fano allows, ``H - I <= h(P_e) + P_e log2(K - 1)``.

    Equation (19) is the case H = log2 K, a source uniform on K cells, for which Fano also reads
    ``d2(1 - P_e, 1/K) <= I``; a source of lower entropy needs the general form.

    Args:
        mi_bits: Mutual information in bits.
        log2_count: log2 K of the number of cells; K need not be whole.
        source_entropy_bits: H of the cell index, at most log2 K; log2 K by default.

    Returns:
        P_e in [0, 1 - 1/K].

    Raises:
        InputError: If an argument is negative or H exceeds log2 K.

    References:
        Fano (1961); JSCGC paper (arXiv 2601.12808), equation (19).

    >>> round(fano_outage_floor(0.0, 2.0), 12)  # nothing known of four equal cells
    0.75
    """
    missing = _missing_bits(mi_bits, log2_count, source_entropy_bits)
    if missing <= 0.0:
        return 0.0
    # K - 1 and 1 - 1/K through expm1: K may be near 1 or have thousands of bits.
    largest = -math.expm1(-bits_to_nats(log2_count))
    log2_others = log2_count + nats_to_bits(math.log(largest))

    def explained_minus_missing(outage: float) -> float:
        return binary_entropy_bits(outage) + outage * log2_others - missing

    return bracketed_root(explained_minus_missing, 0.0, largest)


def relaxed_outage_floor(
    mi_bits: float, log2_count: float, *, source_entropy_bits: float | None = None
) -> float:
    """Return the relaxed Fano floor (20), ``P_e >= 1 - (I + 1)/log2 K``, not below 0.

    For a source of entropy H < log2 K it is ``(H - I - 1)/log2 K``.

    Args:
        mi_bits: Mutual information in bits.
        log2_count: log2 K of the number of cells.
        source_entropy_bits: H of the cell index, at most log2 K; log2 K by default.

    Returns:
        P_e in [0, 1).

    Raises:
        InputError: If an argument is negative or H exceeds log2 K.

    References:
        JSCGC paper (arXiv 2601.12808), equation (20).

    >>> relaxed_outage_floor(3.0, 8.0)
    0.5
    """
    missing = _missing_bits(mi_bits, log2_count, source_entropy_bits)
    return (missing - 1.0) / log2_count if missing > 1.0 else 0.0


def finite_outage_log2_probability(mi_bits: float, outage_probability: float) -> float:
    """Return the log2 of the cell probability R1 allows, ``-log2 K = -(I + h(P_e))/(1 - P_e)``.

    Where q(r) is known exactly, inverting it here gives R1 without the power law; it never
    exceeds :func:`.log2_least_coincidence`, so R1 never beats R3.

    Args:
        mi_bits: Mutual information in bits.
        outage_probability: P_e in (0, 1).

    Returns:
        Minus log2 of the largest K.

    Raises:
        InputError: If I is negative or P_e outside (0, 1).
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    outage = check_probability(outage_probability)
    return -(mi_bits + binary_entropy_bits(outage)) / (1.0 - outage)


def finite_outage_fano_bound(
    mi_bits: float, outage_probability: float, intrinsic_dim: float, geometric_constant: float
) -> float:
    """Return R1, Fano at finite outage, ``r >= C^(1/d) 2^(-(I + h(P_e))/((1 - P_e) d))``.

    Follows from ``(1 - P_e) log2 K(r) <= I + h(P_e)`` with the power law K = C r^-d, hence for
    radii small against the data. With h <= 1 it is the paper's (20) inverted; P_e -> 0 gives
    (C 2^-I)^(1/d), a factor 2^(1/d) above (18).

    Args:
        mi_bits: Mutual information in bits.
        outage_probability: P_e in (0, 1).
        intrinsic_dim: d, positive.
        geometric_constant: C in (data unit)^d.

    Returns:
        Least radius in data units.

    Raises:
        InputError: If an argument is out of range.

    >>> finite_outage_fano_bound(1.0, 0.5, intrinsic_dim=2.0, geometric_constant=4.0)
    0.5
    """
    log2_constant = log2_of_geometric_constant(geometric_constant)
    log2_probability = finite_outage_log2_probability(mi_bits, outage_probability)
    return exp2_saturating(log2_power_law_radius(log2_probability, intrinsic_dim, log2_constant))


def outage_floor(
    mi_bits: float, radius: float, intrinsic_dim: float, geometric_constant: float
) -> float:
    """Return the least outage probability at a radius, the inverse of R1 in P_e.

    Solves ``(1 - P_e) log2 K(r) = I + h(P_e)`` with ``log2 K = log2 C - d log2 r``.

    Args:
        mi_bits: Mutual information in bits.
        radius: r in data units.
        intrinsic_dim: d, positive.
        geometric_constant: C in (data unit)^d.

    Returns:
        P_e in [0, 1); every system has P(rho(X, X_hat) > r) at least this.

    Raises:
        InputError: If an argument is out of range.

    >>> round(outage_floor(1.0, 0.5, intrinsic_dim=2.0, geometric_constant=4.0), 12)
    0.5
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    intrinsic_dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    log2_radius = math.log2(check_positive(radius, name="radius"))
    log2_count = log2_of_geometric_constant(geometric_constant) - intrinsic_dim * log2_radius
    if log2_count <= mi_bits:
        return 0.0

    def needed_minus_known(outage: float) -> float:
        return (1.0 - outage) * log2_count - mi_bits - binary_entropy_bits(outage)

    # At 1 - 1/K the difference is -I - (1 - 1/K) log2(K/(K - 1)): below zero even without I.
    return bracketed_root(needed_minus_known, 0.0, -math.expm1(-bits_to_nats(log2_count)))


def _missing_bits(mi_bits: float, log2_count: float, source_entropy_bits: float | None) -> float:
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    log2_count = check_nonnegative(log2_count, name="log2_count")
    if source_entropy_bits is None:
        return log2_count - mi_bits
    entropy = check_nonnegative(source_entropy_bits, name="source_entropy_bits")
    if entropy > log2_count * (1.0 + 1e-12):
        raise InputError(
            f"source_entropy_bits = {entropy:g} exceeds log2_count = {log2_count:g}; "
            "the entropy of a cell index is at most log2 of the number of cells"
        )
    return min(entropy, log2_count) - mi_bits
