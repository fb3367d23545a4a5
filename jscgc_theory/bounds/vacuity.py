"""When a bound says nothing, in words: a result, not an error."""

import math

from jscgc_theory.bounds.power_law import check_log2_probability, log2_of_geometric_constant
from jscgc_theory.validation import check_count, check_nonnegative, check_positive


def resolvable_mi_bits(n_points: int) -> float:
    """Return the information N points resolve, ``log2(N (N - 1)/2)``, the log of their pairs.

    Beyond it the radius lies below the closest pair and every bound is extrapolated.

    Args:
        n_points: N, at least 2.

    Returns:
        Bits.

    Raises:
        InputError: If N is not a whole number of at least 2.

    >>> resolvable_mi_bits(2)
    0.0
    """
    n_points = check_count(n_points, name="n_points", minimum=2)
    return math.log2(n_points) + math.log2(n_points - 1) - 1.0


def octaves_beyond_sample(log2_probability: float, n_points: int, intrinsic_dim: float) -> float:
    """Return by how many halvings of the radius a bound lies below what the pairs resolve.

    By the power law a factor 2 in radius is d bits, so it is ``(-log2 q - log2 pairs)/d``.

    Args:
        log2_probability: log2 q the bound is read at, negative.
        n_points: N, at least 2.
        intrinsic_dim: d, positive.

    Returns:
        Octaves, 0 if the sample resolves it.

    Raises:
        InputError: If N or d is out of range.
    """
    intrinsic_dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    excess_bits = -check_log2_probability(log2_probability) - resolvable_mi_bits(n_points)
    return max(0.0, excess_bits / intrinsic_dim)


def vacuity(
    radius: float,
    *,
    diameter: float | None = None,
    intrinsic_dim: float | None = None,
    geometric_constant: float | None = None,
    mi_bits: float | None = None,
    n_points: int | None = None,
) -> str | None:
    """Tell in words why a radius bound says nothing here, or return None.

    Three reasons are looked for, each only if the arguments for it are given: the bound exceeds
    the diameter of the data; the power law counts fewer than two cells, ``C r^-d < 2``; the
    information exceeds what N points resolve, so that the bound is an extrapolation.

    Args:
        radius: The bound, in data units.
        diameter: Largest distance within the data, in data units.
        intrinsic_dim: d.
        geometric_constant: C in (data unit)^d; needs ``intrinsic_dim``.
        mi_bits: Mutual information in bits; needs ``n_points``.
        n_points: Number of points the bound was read from.

    Returns:
        The reasons, joined by semicolons, or None if there is none.

    Raises:
        InputError: If an argument is out of range.

    >>> vacuity(3.0, diameter=2.0)
    'the bound 3 exceeds the diameter 2 of the data: no radius that large exists'
    """
    radius = check_nonnegative(radius, name="radius")
    reasons = [
        _beyond_diameter(radius, diameter),
        _too_few_cells(radius, intrinsic_dim, geometric_constant),
        _beyond_sample(mi_bits, n_points, intrinsic_dim),
    ]
    return "; ".join(reason for reason in reasons if reason is not None) or None


def _beyond_diameter(radius: float, diameter: float | None) -> str | None:
    if diameter is None or radius <= check_nonnegative(diameter, name="diameter"):
        return None
    return (
        f"the bound {radius:.4g} exceeds the diameter {diameter:.4g} of the data: "
        "no radius that large exists"
    )


def _too_few_cells(
    radius: float, intrinsic_dim: float | None, geometric_constant: float | None
) -> str | None:
    if radius == 0.0 or intrinsic_dim is None or geometric_constant is None:
        return None
    dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    log2_count = log2_of_geometric_constant(geometric_constant) - dim * math.log2(radius)
    if log2_count >= 1.0:
        return None
    return (
        f"K(r) = C r^-d = {2.0**log2_count:.3g} is below 2 at the bound {radius:.4g}: "
        "the power law does not reach radii that large"
    )


def _beyond_sample(
    mi_bits: float | None, n_points: int | None, intrinsic_dim: float | None
) -> str | None:
    if mi_bits is None or n_points is None:
        return None
    resolvable = resolvable_mi_bits(n_points)
    excess = check_nonnegative(mi_bits, name="mi_bits") - resolvable
    if excess <= 0.0:
        return None
    octaves = ""
    if intrinsic_dim is not None:
        octaves = f", {excess / check_positive(intrinsic_dim, name='intrinsic_dim'):.3g} octaves"
    return (
        f"I = {mi_bits:.4g} bits exceeds the {resolvable:.4g} bits that {n_points} points resolve "
        f"by {excess:.4g} bits{octaves}: the bound is extrapolated"
    )
