"""SMILE: Donsker-Varadhan with e^T clipped, an estimate that bounds nothing."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from jscgc_theory.mutual_information.critics.bound import Objective
from jscgc_theory.mutual_information.critics.estimator import CriticEstimator
from jscgc_theory.mutual_information.critics.fit_record import CrossFit
from jscgc_theory.mutual_information.critics.score_bounds import (
    Contributions,
    Scores,
    jensen_shannon_contributions,
    smile_contributions,
)
from jscgc_theory.mutual_information.estimator import Side
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import check_positive


class SMILE(CriticEstimator):
    """Estimate E_joint[T] - ln E_product[clip(e^T, e^-clip, e^clip)]: not a bound, no interval.

    The critic is trained by the Jensen-Shannon objective, whose optimum is the log ratio. The
    clip bounds the variance and biases the value upwards where the log ratio exceeds it, so the
    value can lie on either side of I.

    Args:
        clip: tau, in nats.
        critic: See :class:`.CriticEstimator`, as for the other settings.
        hidden_sizes: Widths of the hidden layers.
        batch_size: Pairs of a training batch.
        learning_rate: Of AdamW.
        max_steps: Most training steps of a fold.
        patience: Looks without a better value before training stops.
        n_folds: Parts of the sample.
        seed: Draws the split, the first weights and the batches.
        device: Where torch computes.
        progress: Told the finished fraction.

    References:
        Song, Ermon. Understanding the limitations of variational mutual information estimators.
        ICLR 2020.
    """

    side: ClassVar[Side] = "estimate"

    def __init__(
        self,
        *,
        clip: float = 5.0,
        critic: str = "separable",
        hidden_sizes: Sequence[int] = (64, 64),
        batch_size: int = 256,
        learning_rate: float = 2e-3,
        max_steps: int = 2000,
        patience: int = 8,
        n_folds: int = 4,
        seed: int = 0,
        device: str = "cpu",
        progress: Callable[[float], None] | None = None,
    ) -> None:
        super().__init__(
            critic=critic,
            hidden_sizes=hidden_sizes,
            batch_size=batch_size,
            learning_rate=learning_rate,
            max_steps=max_steps,
            patience=patience,
            n_folds=n_folds,
            seed=seed,
            device=device,
            progress=progress,
        )
        self.clip = clip

    def estimate(self, sample: PairedSample) -> Estimate:
        """Train the critics of all folds and estimate I by the clipped ratio.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate in bits, with a standard error but no interval.
        """
        check_positive(self.clip, name="clip")
        return super().estimate(sample).model_copy(update={"interval": None})

    def _read(self, scores: Scores) -> Contributions:
        return smile_contributions(scores, self.clip)

    def _validate_by(self, scores: Scores) -> Contributions:
        return jensen_shannon_contributions(scores)

    def _make_objective(self) -> Objective:
        from jscgc_theory.mutual_information.critics.objectives import jensen_shannon

        return jensen_shannon

    def _evidence(self, fit: CrossFit, value: float) -> tuple[tuple[Notice, ...], dict[str, Any]]:
        message = (
            "SMILE is neither a lower nor an upper bound, and what its critic and its clip leave "
            "out is not in the standard error, so it offers no interval. For a claim that holds "
            "use InfoNCE or DonskerVaradhan."
        )
        return (Notice(code="not_a_bound", message=message),), {"clip_nats": self.clip}
