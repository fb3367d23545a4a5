"""What every estimator with a neural critic shares, in scikit-learn's manner."""

import abc
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, ClassVar

from jscgc_theory.errors import MissingExtraError
from jscgc_theory.mutual_information.critics.bound import Bound, Objective
from jscgc_theory.mutual_information.critics.fit_record import CrossFit
from jscgc_theory.mutual_information.critics.notices import training_notices
from jscgc_theory.mutual_information.critics.score_bounds import (
    Contributions,
    Scores,
    mean_bits,
    product_shares,
)
from jscgc_theory.mutual_information.critics.settings import CriticSettings
from jscgc_theory.mutual_information.estimator import MIEstimator, Side, bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice


class CriticEstimator(MIEstimator, abc.ABC):
    """I(X; Y) from a critic T(x, y) trained to tell joint pairs from crossed ones.

    Every pair is reported by a critic that never saw it (cross-fitting); of the other pairs a
    fifth stops the training. Two critics compete for each fold: a trained function, and one that
    starts from the log ratio of a Gaussian pair, so that Gaussian dependence is known before the
    first step.

    Args:
        critic: "separable" (f(x) . g(y)) or "concatenated" (one network of (x, y), slower).
        hidden_sizes: Widths of the hidden layers.
        batch_size: Pairs of a training batch, all crossed with one another.
        learning_rate: Of AdamW.
        max_steps: Most training steps of a fold.
        patience: Looks at the validation value, one every 50 steps, without a better one before
            training stops.
        n_folds: Parts of the sample; each is reported once.
        seed: Draws the split, the first weights and the batches.
        device: Where torch computes, "cpu" or "cuda".
        progress: Told the finished fraction.
    """

    side: ClassVar[Side] = "lower_bound"

    def __init__(
        self,
        *,
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
        self.critic = critic
        self.hidden_sizes = hidden_sizes
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_steps = max_steps
        self.patience = patience
        self.n_folds = n_folds
        self.seed = seed
        self.device = device
        self.progress = progress

    @abc.abstractmethod
    def _read(self, scores: Scores) -> Contributions:
        """Return each pair's contribution to the reported value, in nats."""

    @abc.abstractmethod
    def _make_objective(self) -> Objective:
        """Return what training maximises."""

    @abc.abstractmethod
    def _evidence(self, fit: CrossFit, value: float) -> tuple[tuple[Notice, ...], dict[str, Any]]:
        """Return what the reader should know of this bound: notices and details."""

    def _diagnose(self, scores: Scores) -> Contributions:
        """Return the numbers by which the value is doubted: who carries the product mean."""
        return product_shares(scores)[1]

    def _validate_by(self, scores: Scores) -> Contributions:
        """Return what critics are compared by: the reported value, unless a subclass overrides."""
        return self._read(scores)

    def estimate(self, sample: PairedSample) -> Estimate:
        """Train the critics of all folds and report each pair by the critic that never saw it.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate, in bits.

        Raises:
            InputError: If a setting is unusable or a fold would have too few pairs.
            MissingExtraError: If torch is not installed.
        """
        settings = self._checked_settings(sample)
        if find_spec("torch") is None:
            raise MissingExtraError("a variational critic", "model")
        from jscgc_theory.mutual_information.critics.cross_fitting import cross_fit

        bound = Bound(self._make_objective, self._read, self._diagnose, self._validate_by)
        fit = cross_fit(sample, bound, settings)
        value, standard_error = mean_bits(fit.contributions)
        notices, details = self._evidence(fit, value)
        return bits_estimate(
            value,
            standard_error=standard_error,
            method=f"{type(self).__name__}, {self.critic} critic, cross-fitted",
            n_points_used=sample.n_pairs,
            side=self.side,
            notices=notices + training_notices(fit, value),
            **fit.details,
            **details,
        )

    def _checked_settings(self, sample: PairedSample) -> CriticSettings:
        settings = CriticSettings(
            critic=self.critic,
            hidden_sizes=tuple(self.hidden_sizes),
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            max_steps=self.max_steps,
            patience=self.patience,
            n_folds=self.n_folds,
            seed=self.seed,
            device=self.device,
            progress=self.progress,
        )
        settings.check_sample_size(sample.n_pairs)
        return settings
