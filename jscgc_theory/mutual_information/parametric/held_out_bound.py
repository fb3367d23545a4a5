r"""What held-out pairs certify: the Donsker-Varadhan bound with a fitted model as critic.

For every function T, I(X; Y) >= E T(X, Y) - log E exp T(X', Y') with X', Y' independent; equality
holds at the true log density ratio. The model is fitted on the other pairs, so the bound needs no
belief in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.misfit import tolerance_bits
from jscgc_theory.mutual_information.parametric.model import ParametricMI
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count

_MAX_ROWS = 1000
"""Held-out pairs of a fold whose cross pairs are formed."""
_LARGEST_SHARE = 0.01
"""No single product may carry more than this of the mean of exp T."""
_LEAST_MEAN = 0.5
"""Of exp T over products, 1 for the true ratio: less is taken for large values not yet met."""
_SATURATED_SHARE = 0.01
_ALLOWED_ERRORS = 3.0

LogRatios = Float[NDArray[np.float64], "n_pairs n_pairs"]


@dataclass(frozen=True)
class _FoldBound:
    nats: float
    variance: float
    ceiling_nats: float
    share_above_ceiling: float


def held_out_lower_bound(log_ratios_nats: Sequence[ArrayLike]) -> Estimate:
    r"""Return the Donsker-Varadhan bound of tables of log density ratios of held-out pairs.

    T is clipped from above at log(0.01 m (m - 1)), m pairs in a fold: beyond it the mean of exp T
    would hang on single products and the bound would no longer hold with confidence, as for every
    bound that knows only samples (McAllester and Stratos 2020). Clipped or not it is a bound.

    Args:
        log_ratios_nats: For each fold T(x_i, y_j) at row i, column j; the diagonal holds the
            pairs that belong together.

    Returns:
        The mean over folds, in bits, side ``lower_bound``, with a notice if it is saturated.

    Raises:
        InputError: If a fold has too few pairs or holds values that are not finite.

    References:
        Donsker, Varadhan. Asymptotic evaluation of certain Markov process expectations. 1983.
        McAllester, Stratos. Formal limitations on the measurement of mutual information. 2020.
    """
    tables = [_checked_table(table) for table in log_ratios_nats]
    bounds = [_fold_bound(table) for table in tables]
    if not bounds:
        raise InputError("no fold of held-out pairs was given; give at least one")
    share = float(np.mean([fold.share_above_ceiling for fold in bounds]))
    ceiling = nats_to_bits(float(np.mean([fold.ceiling_nats for fold in bounds])))
    error = np.sqrt(sum(fold.variance for fold in bounds)) / len(bounds)
    return bits_estimate(
        nats_to_bits(float(np.mean([fold.nats for fold in bounds]))),
        standard_error=nats_to_bits(float(error)),
        method="Donsker-Varadhan bound on held-out pairs",
        n_points_used=sum(len(table) for table in tables),
        side="lower_bound",
        notices=_saturation_notices(share, ceiling),
        ceiling_bits=ceiling,
        share_at_ceiling=share,
    )


def cross_fitted_lower_bound(
    estimator: ParametricMI, sample: PairedSample, rng: np.random.Generator, n_folds: int = 5
) -> Estimate:
    """Return the held-out bound whose critics are an estimator's models of the other folds.

    Args:
        estimator: Fits the models.
        sample: Distinct pairs.
        rng: Deals the pairs to folds.
        n_folds: Number of folds.

    Returns:
        The bound in bits, side ``lower_bound``.

    Raises:
        InputError: If there are too few pairs for the folds or the model.
    """
    tables = []
    for fitted, held_out in folds(sample, rng, n_folds):
        model = estimator.fit_model(fitted)
        few = held_out.take(np.arange(min(_MAX_ROWS, held_out.n_pairs)))
        tables.append(model.all_pairs_log_ratio_nats(few))
    return held_out_lower_bound(tables)


def folds(
    sample: PairedSample, rng: np.random.Generator, n_folds: int
) -> list[tuple[PairedSample, PairedSample]]:
    """Deal pairs to folds.

    Args:
        sample: Distinct pairs.
        rng: Deals them.
        n_folds: Number of folds, at least 2.

    Returns:
        For each fold the other pairs and its own.
    """
    parts = np.array_split(
        rng.permutation(sample.n_pairs), check_count(n_folds, name="n_folds", minimum=2)
    )
    return [
        (sample.take(np.setdiff1d(np.arange(sample.n_pairs), part)), sample.take(part))
        for part in parts
    ]


def cross_check(estimate: Estimate, bound: Estimate) -> tuple[Notice, ...]:
    """Compare a model's answer with what held-out pairs certify.

    Args:
        estimate: The model's answer, in bits.
        bound: Its held-out bound, from :func:`cross_fitted_lower_bound`.

    Returns:
        A notice if the answer lies below the bound, or above one that is not saturated, by more
        than three standard errors and the tolerance of 5 % or 0.05 bit.
    """
    errors = np.hypot(estimate.standard_error or 0.0, bound.standard_error or 0.0)
    allowed = _ALLOWED_ERRORS * float(errors) + tolerance_bits(estimate.value)
    # A fitted critic loses on new pairs about what the plug-in gains on its own: twice the bias.
    overfit = 2.0 * float(estimate.details.get("bias_removed_bits", 0.0))
    saturated = any(notice.code == "bound_saturated" for notice in bound.notices)
    gap = estimate.value - bound.value
    if gap < -allowed:
        problem, remedy = "below", "The model misses dependence: trust the bound"
    elif gap > allowed + overfit and not saturated:
        problem, remedy = "above", "The model sees dependence that new pairs do not show"
    else:
        return ()
    message = (
        f"The answer of {estimate.value:.3g} bits lies {problem} the {bound.value:.3g} bits that "
        f"held-out pairs certify for this model. {remedy}; use another estimator."
    )
    return (Notice(code="held_out_disagrees", message=message),)


def _saturation_notices(share: float, ceiling_bits: float) -> tuple[Notice, ...]:
    if share <= _SATURATED_SHARE:
        return ()
    message = (
        f"{share:.0%} of the held-out pairs reach {ceiling_bits:.3g} bits, the most that this "
        "many pairs can certify; the bound holds but I may lie far above it. Add pairs."
    )
    return (Notice(code="bound_saturated", message=message),)


def _fold_bound(table: LogRatios) -> _FoldBound:
    """Bound from one fold; its variance by the projection of the U-statistic on each pair."""
    m = len(table)
    ceiling = float(np.log(_LARGEST_SHARE * m * (m - 1)))
    joint = np.minimum(np.diagonal(table), ceiling)
    products = np.exp(np.minimum(table, ceiling))
    np.fill_diagonal(products, 0.0)
    mean = max(float(products.sum()) / (m * (m - 1)), _LEAST_MEAN)
    projection = (products.sum(axis=0) + products.sum(axis=1)) / ((m - 1) * mean)
    scatter = np.square(products).sum() / (m * (m - 1) * mean) ** 2
    mean_variance = np.var(projection) / m + scatter
    return _FoldBound(
        # The last term undoes Jensen's inequality: the log of a noisy mean reads low.
        nats=float(joint.mean() - np.log(mean) - 0.5 * mean_variance),
        variance=float(np.var(joint - projection) / m + scatter),
        ceiling_nats=ceiling - float(np.log(_LEAST_MEAN)),
        share_above_ceiling=float((np.diagonal(table) >= ceiling).mean()),
    )


def _checked_table(values: ArrayLike) -> LogRatios:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or len(table) < 20:
        raise InputError(
            f"a fold's table of log ratios has shape {table.shape}; at least 20 held-out pairs, "
            "each x with each y, are needed: add pairs or use fewer folds"
        )
    if not np.isfinite(table).all():
        raise InputError("a log density ratio is not finite; the model gives a pair no density")
    return table
