"""Donsker-Varadhan, with MINE's gradient."""

from typing import Any

from jscgc_theory.mutual_information.critics.bound import Objective
from jscgc_theory.mutual_information.critics.estimator import CriticEstimator
from jscgc_theory.mutual_information.critics.fit_record import CrossFit
from jscgc_theory.mutual_information.critics.notices import product_evidence
from jscgc_theory.mutual_information.critics.score_bounds import (
    Contributions,
    Scores,
    dv_contributions,
)
from jscgc_theory.records import Notice


class DonskerVaradhan(CriticEstimator):
    """Lower bound I >= E_joint[T] - log2 E_product[2^T], the tightest for a given T.

    The product mean runs over all crossed held-out pairs. Its variance grows like e^I; where few
    pairs carry it the value carries the notice ``product_expectation_unreliable``. The gradient
    divides by a moving average (MINE). Settings: see :class:`.CriticEstimator`.

    References:
        Donsker, Varadhan. Asymptotic evaluation of certain Markov process expectations for large
        time IV. Communications on Pure and Applied Mathematics 36 (1983). Belghazi et al. Mutual
        information neural estimation. ICML 2018.
    """

    def _read(self, scores: Scores) -> Contributions:
        return dv_contributions(scores)

    def _make_objective(self) -> Objective:
        from jscgc_theory.mutual_information.critics.objectives import BiasCorrectedDV

        return BiasCorrectedDV()

    def _evidence(self, fit: CrossFit, value: float) -> tuple[tuple[Notice, ...], dict[str, Any]]:
        return product_evidence(fit)
