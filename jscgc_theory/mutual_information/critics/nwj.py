"""NWJ: the f-divergence bound, without a logarithm of a mean."""

from typing import Any

from jscgc_theory.mutual_information.critics.bound import Objective
from jscgc_theory.mutual_information.critics.estimator import CriticEstimator
from jscgc_theory.mutual_information.critics.fit_record import CrossFit
from jscgc_theory.mutual_information.critics.notices import product_evidence
from jscgc_theory.mutual_information.critics.score_bounds import (
    Contributions,
    Scores,
    nwj_contributions,
)
from jscgc_theory.records import Notice


class NWJ(CriticEstimator):
    """Lower bound I >= E_joint[T] - E_product[e^T] + 1 in nats, T the log ratio.

    The value is unbiased for its T. Its variance grows like e^I; where few pairs carry the
    product mean the value carries the notice ``product_expectation_unreliable``. Settings: see
    :class:`.CriticEstimator`.

    References:
        Nguyen, Wainwright, Jordan. Estimating divergence functionals and the likelihood ratio by
        convex risk minimization. IEEE Transactions on Information Theory 56 (2010).
    """

    def _read(self, scores: Scores) -> Contributions:
        return nwj_contributions(scores)

    def _make_objective(self) -> Objective:
        from jscgc_theory.mutual_information.critics.objectives import nwj

        return nwj

    def _evidence(self, fit: CrossFit, value: float) -> tuple[tuple[Notice, ...], dict[str, Any]]:
        return product_evidence(fit)
