"""InfoNCE: which y of a batch belongs to this x?"""

from typing import Any

from jscgc_theory.mutual_information.critics.bound import Objective
from jscgc_theory.mutual_information.critics.estimator import CriticEstimator
from jscgc_theory.mutual_information.critics.fit_record import CrossFit
from jscgc_theory.mutual_information.critics.notices import ceiling_evidence
from jscgc_theory.mutual_information.critics.score_bounds import (
    Contributions,
    Scores,
    half_batch_contributions,
    info_nce_contributions,
)
from jscgc_theory.records import Notice


class InfoNCE(CriticEstimator):
    """Lower bound I >= E[T(x_i, y_i) - log2 mean_j 2^T(x_i, y_j)], low in variance, below log2 m.

    m is the number of held-out pairs crossed at once, which may exceed the training batch. A
    value that this ceiling holds down still grows as the batch doubles, and then carries the
    notice ``log_batch_ceiling``. Settings: see :class:`.CriticEstimator`.

    References:
        van den Oord, Li, Vinyals. Representation learning with contrastive predictive coding.
        arXiv 1807.03748 (2018).
    """

    def _read(self, scores: Scores) -> Contributions:
        return info_nce_contributions(scores)

    def _make_objective(self) -> Objective:
        from jscgc_theory.mutual_information.critics.objectives import info_nce

        return info_nce

    def _diagnose(self, scores: Scores) -> Contributions:
        return half_batch_contributions(scores)

    def _evidence(self, fit: CrossFit, value: float) -> tuple[tuple[Notice, ...], dict[str, Any]]:
        return ceiling_evidence(fit, value)
