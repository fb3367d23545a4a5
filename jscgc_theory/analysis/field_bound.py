"""Every radius bound from a generator's velocity field alone: d, C, I and the law of i."""

import math
from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from jscgc_theory.bounds import binary_entropy_bits, log2_least_coincidence
from jscgc_theory.covering_numbers.power_law import PowerLaw
from jscgc_theory.mutual_information.velocity import (
    ManifoldLaw,
    VelocityField,
    VelocityInformation,
    estimated_meta_converse,
    information_densities,
    manifold_law,
    velocity_gap,
)
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import as_generator, check_number_list, check_probability


class FieldBoundRow(Record):
    """The bounds at one outage probability, in data units."""

    outage_probability: float
    delta_star: Estimate
    """(18), which holds as P_e -> 0."""
    finite_outage_fano: Estimate
    """R1."""
    perception: Estimate
    """R3 with q = r^d / C."""
    meta_converse: Estimate
    """R4 with q = r^d / C and the estimated law of i: an estimate, not a bound."""


class FieldBound(Record):
    """All that one trained pair of velocity fields says of the radius of its system."""

    information: VelocityInformation
    manifold: ManifoldLaw
    rows: tuple[FieldBoundRow, ...]
    notices: tuple[Notice, ...] = ()


def bounds_from_field(
    field: VelocityField,
    x: ArrayLike,
    y_hat: ArrayLike,
    *,
    outage_probability: float | Sequence[float] = (0.1, 0.01),
    t_range: tuple[float, float] | None = None,
    rng: Any = None,
) -> FieldBound:
    """Compute (18), R1, R3 and R4 from a velocity field and held-out pairs, and nothing else.

    I and the law of i(x; y_hat) come from the field with and without its condition, d and C from
    the field without it. C has the reading ``entropy``, exp(h_d)/V_d: for a source that is not
    uniform it lies above the C of coincidences, and the bounds speak of its typical points. The
    intervals carry the errors of d, C and I.

    Args:
        field: ``v(x_t, t, y_hat)``; with y_hat None that of the data's own law.
        x: Held-out source points, shape (n_pairs, x_dim).
        y_hat: Their received signals, shape (n_pairs, y_dim).
        outage_probability: P_e in (0, 1), one or several.
        t_range: Times the field may be asked at; None for all.
        rng: Generator or seed.

    Returns:
        I, the manifold's law, and a row an outage probability.

    Raises:
        InputError: If the pairs, the field's answers or an outage probability are unusable.
    """
    rng = as_generator(rng)
    outages = check_number_list(outage_probability, name="outage_probability")
    outages = tuple(check_probability(outage) for outage in outages)
    information = velocity_gap(field, x, y_hat, rng=rng, t_range=t_range)
    manifold = manifold_law(field, x, rng=rng, t_range=t_range)
    densities = information_densities(field, x, y_hat, rng=rng, t_range=t_range)
    law = _power_law(manifold)
    rows = tuple(
        _row(law, information.mi_bits, estimated_meta_converse(densities, outage), outage)
        for outage in outages
    )
    found = (*information.notices, *manifold.notices, *densities.notices)
    return FieldBound(
        information=information,
        manifold=manifold,
        rows=rows,
        notices=tuple({notice.code: notice for notice in found}.values()),
    )


def _power_law(manifold: ManifoldLaw) -> PowerLaw:
    return PowerLaw(
        manifold.intrinsic_dim.value,
        manifold.log_constant.value,
        (manifold.intrinsic_dim.standard_error or 0.0) ** 2,
        (manifold.log_constant.standard_error or 0.0) ** 2,
        manifold.covariance_dim_log_constant,
        manifold.intrinsic_dim.n_points_used,
    )


def _row(law: PowerLaw, mi: Estimate, log2_beta: Estimate, outage: float) -> FieldBoundRow:
    bits = max(0.0, mi.value)
    # One bit of I moves the level of q by one bit in (18), by 1/(1 - P_e) in R1 and R3.
    error = mi.standard_error or 0.0
    kept = 1.0 - outage
    fano = (bits + binary_entropy_bits(outage)) / kept
    least = log2_least_coincidence(bits, outage)
    return FieldBoundRow(
        outage_probability=outage,
        delta_star=_radius(law, -(bits + 1.0), error, "(18)"),
        finite_outage_fano=_radius(law, -fano, error / kept, "R1"),
        perception=_radius(law, least, error / kept, "R3, power law"),
        meta_converse=_radius(
            law, log2_beta.value, log2_beta.standard_error or 0.0, "R4, power law, estimated i"
        ),
    )


def _radius(law: PowerLaw, level: float, error_bits: float, method: str) -> Estimate:
    """Return the radius at a level of log2 q that is itself uncertain."""
    widened = law.with_level_variance(error_bits) if math.isfinite(error_bits) else law
    return widened.radius(level, f"{method}, from the velocity field", reading="entropy")
