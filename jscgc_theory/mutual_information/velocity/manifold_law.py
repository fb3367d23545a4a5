"""The law K(r) ~ C r^-d of a data set, read off the unconditional velocity field alone."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from jscgc_theory.mutual_information.velocity.clustered_mean import source_codes
from jscgc_theory.mutual_information.velocity.field import SourcePairs, VelocityField
from jscgc_theory.mutual_information.velocity.integrand_sample import sample_integrands
from jscgc_theory.mutual_information.velocity.plateau import (
    PlateauFit,
    fit_plateau,
    has_plateau,
    plateau_notices,
)
from jscgc_theory.mutual_information.velocity.range_search import search_range
from jscgc_theory.mutual_information.velocity.velocity_gap import check_power_of_two
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import as_generator, check_positive


class ManifoldLaw(Record):
    """d, h_d and C of a data set, with their joint errors."""

    intrinsic_dim: Estimate
    """``d = lim (1-t)^2 L_u(t)``, t -> 0: the MMSE dimension."""
    differential_entropy_nats: Estimate
    """d-dimensional differential entropy h_d(X), in nats; log of the volume if X is uniform."""
    log_constant: Estimate
    """``ln C = h_d - ln V_d``, C in (data unit)^d, reading ``entropy``: the honest constant of a
    source that is not uniform on its support."""
    covariance_dim_log_constant: float
    """Covariance of the errors of d and ln C."""
    t_range: tuple[float, float]
    """Times that were sampled."""
    plateau_t_range: tuple[float, float]
    """Times from which d was read."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader must know."""
        return self.intrinsic_dim.notices


def manifold_law(
    field: VelocityField,
    x: ArrayLike,
    *,
    rng: Any = None,
    n_draws: int = 64,
    t_range: tuple[float, float] | None = None,
    intrinsic_dim: float | None = None,
) -> ManifoldLaw:
    r"""Estimate d, h_d and C from the losses of an unconditional velocity field.

    With ``l(lambda) = (1-t)^2 L_u`` per unit of
    ``lambda = log(t/(1-t))``, ``d = l(-inf)`` and
    ``h_d = lim [int_lambda^inf l + d lambda] + (d/2) ln(2 pi e)`` nats. l approaches d as
    ``d - a e^(2 lambda)`` (curvature, or the largest gamma^-1 term of any smooth law); d and a are
    fitted where l is flat, and both limits are taken in closed form.

    Args:
        field: ``v(x_t, t, None)`` of the data's own law.
        x: Held-out points, shape (n_points, x_dim).
        rng: Generator or seed.
        n_draws: Draws of (t, noise) for each point, a power of two.
        t_range: Times the field may be asked at; None for all.
        intrinsic_dim: d, if known (or a whole number that a first answer suggests), held fixed in
            h_d and C, which then have much smaller errors; None for the estimated one.

    Returns:
        The law. Ambient noise of deviation s shows where t falls below s; the first plateau from
        the coarse end is read, whatever the field does at finer scales.

    Raises:
        InputError: If the points, the range or the field's answers are unusable.

    References:
        Wu and Verdu, "MMSE dimension", IEEE Trans. Inf. Theory 57(8), 2011.
    """
    points = SourcePairs.from_arrays(x, None)
    draws = check_power_of_two(n_draws)
    generator = as_generator(rng)
    known = None
    if intrinsic_dim is not None:
        known = check_positive(intrinsic_dim, name="intrinsic_dim")
    lambda_range = search_range(
        field, points, t_range, generator, is_last=has_plateau, n_pilot_draws=16
    )
    sample = sample_integrands(field, points, lambda_range, draws, generator)
    fit = fit_plateau(sample, source_codes(points.x), points.total_variance, known)
    return _law(fit, lambda_range, points.n_pairs)


def _law(fit: PlateauFit, lambda_range: tuple[float, float], n_points: int) -> ManifoldLaw:
    notices = plateau_notices(fit)
    names = ("intrinsic_dim", "differential_entropy_nats", "log_constant")
    methods = (
        "plateau of (1-t)^2 L_u with its e^(2 lambda) term",
        "integral of (1-t)^2 L_u less its divergence",
        "h_d - ln V_d",
    )
    estimates = {
        name: _estimate(fit, k, method, n_points, notices)
        for k, (name, method) in enumerate(zip(names, methods, strict=True))
    }
    return ManifoldLaw(
        **estimates,
        covariance_dim_log_constant=float(fit.means.covariance[0, 2]),
        t_range=(float(expit(lambda_range[0])), float(expit(lambda_range[1]))),
        plateau_t_range=(float(expit(fit.window[0])), float(expit(fit.window[1]))),
    )


def _estimate(
    fit: PlateauFit, position: int, method: str, n_points: int, notices: tuple[Notice, ...]
) -> Estimate:
    value = float(fit.means.mean[position])
    error = float(fit.means.standard_error[position])
    reach = fit.interval_reach[position]
    interval = (value - reach, value + reach) if np.isfinite(reach) else None
    return Estimate(
        value=value,
        standard_error=error,
        interval=interval,
        method=method,
        n_points_used=n_points,
        notices=notices,
        details={"reading": "entropy", "scale_error": fit.scale_error[position]},
    )
