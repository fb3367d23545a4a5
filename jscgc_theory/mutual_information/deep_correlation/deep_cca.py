"""Information in trained functions of X and Y, measured on pairs they were not trained on."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.errors import MissingExtraError
from jscgc_theory.mutual_information.advice import NEIGHBOUR_DIMS
from jscgc_theory.mutual_information.deep_correlation.residual_bound import residual_lower_bound
from jscgc_theory.mutual_information.deep_correlation.settings import DeepCCASettings
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.nearest_neighbour import KSG
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate
from jscgc_theory.validation import as_generator

VALIDATION_SHARE = 0.13
"""Share of the pairs outside a fold that stop its training and count its directions."""
_LEAST_VALIDATION = 80
"""Directions are counted on four parts of at least 20 pairs."""

Rows = Int[NDArray[np.int64], " _"]


class DeepCCA(MIEstimator):
    r"""I(f(X); g(Y)) <= I(X; Y), with f and g trained to be as correlated as can be.

    Two networks maximise the information of the Gaussian pair that has their outputs' covariance
    (deep canonical correlation analysis). If X and Y are each a bijection, however bent, of one
    side of a Gaussian pair, the best functions undo it and nothing is lost; the same holds where
    points lie on a manifold of few dimensions, as images of a few factors do. Every pair is
    judged by networks that never saw it, so data processing makes the answer a lower bound, up
    to the error of the estimate in the few dimensions that are kept: nearest neighbours, or the
    entropy of one side less that of its linear residual, whichever finds more.

    Args:
        max_dim: Most functions trained on each side.
        hidden_sizes: Widths of the hidden layers.
        batch_size: Pairs of a training batch.
        learning_rate: Of AdamW, at the start; it falls along a cosine.
        n_steps: Training steps of a fold.
        n_folds: Parts of the sample; each is judged once by networks trained on the others. By
            default as many as have a thousand pairs, but five at least and ten at most.
        rng: Generator or seed: draws the split, the first weights and the batches.
        device: Where torch computes, "cpu" or "cuda".
        progress: Told the finished fraction.

    References:
        Andrew, Arora, Bilmes, Livescu. Deep canonical correlation analysis. ICML 2013.
    """

    def __init__(
        self,
        *,
        max_dim: int = 4,
        hidden_sizes: Sequence[int] = (128, 128),
        batch_size: int = 512,
        learning_rate: float = 2e-3,
        n_steps: int = 1000,
        n_folds: int | None = None,
        rng: np.random.Generator | int | None = None,
        device: str = "cpu",
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.max_dim = max_dim
        self.hidden_sizes = hidden_sizes
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.n_steps = n_steps
        self.n_folds = n_folds
        self.rng = rng
        self.device = device
        self.progress = progress

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound the mutual information from below.

        Args:
            sample: Distinct pairs.

        Returns:
            The mean over folds, in bits, side ``lower_bound``.

        Raises:
            InputError: If a setting is out of range, there are too few pairs, or an exact
                relation makes I infinite.
            MissingExtraError: If torch is not installed.
        """
        settings = self._checked_settings(sample)
        if find_spec("torch") is None:
            raise MissingExtraError("deep canonical correlation analysis", "model")
        from jscgc_theory.mutual_information.deep_correlation.directions import TrainedDirections

        rng = as_generator(self.rng)
        latents, kept, steps = [], [], []
        for fold, rows in enumerate(_splits(sample.n_pairs, settings.n_folds, rng)):
            train, validation, judged = (sample.take(part) for part in rows)
            progress = self._progress_of(fold, settings.n_folds)
            found = TrainedDirections.of(train, validation, settings, rng, progress)
            latents.append(found(judged))
            kept.append(found.n_kept)
            steps.append(found.best_step)
        answers = _answers(latents, rng)
        name = max(answers, key=lambda one: answers[one][0])
        value, error = answers[name]
        return bits_estimate(
            value,
            standard_error=error,
            method=f"{_METHODS[name]} on trained canonical directions, cross-fitted",
            n_points_used=sample.n_pairs,
            side="lower_bound",
            n_directions=kept,
            best_steps=steps,
            bits_by_method={one: found[0] for one, found in answers.items()},
        )

    def _checked_settings(self, sample: PairedSample) -> DeepCCASettings:
        settings = DeepCCASettings(
            max_dim=self.max_dim,
            hidden_sizes=tuple(self.hidden_sizes),
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            n_steps=self.n_steps,
            n_folds=self._n_folds(sample.n_pairs),
            device=self.device,
        )
        settings.check_sample_size(sample.n_pairs)
        return settings

    def _n_folds(self, n_pairs: int) -> int:
        # More pairs to train on tell more than more to judge by, down to a thousand of these.
        return min(10, max(5, n_pairs // 1000)) if self.n_folds is None else self.n_folds

    def _progress_of(self, fold: int, n_folds: int) -> Callable[[float], None]:
        def tell(share: float) -> None:
            if self.progress is not None:
                self.progress((fold + share) / n_folds)

        return tell


_METHODS = {
    "neighbours": "nearest neighbours",
    "residuals": "entropy less that of linear residuals",
}


def _answers(
    latents: list[PairedSample], rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """Return what each way finds in the latents of all folds: mean and standard error in bits."""
    found = {"residuals": [residual_lower_bound(pairs, rng) for pairs in latents]}
    if all(pairs.x_dim + pairs.y_dim <= NEIGHBOUR_DIMS for pairs in latents):
        found["neighbours"] = [KSG(rng=rng).estimate(pairs) for pairs in latents]
    return {name: _mean(estimates) for name, estimates in found.items()}


def _mean(estimates: list[Estimate]) -> tuple[float, float]:
    errors = [one.details.get("sampling_error_bits", one.standard_error) for one in estimates]
    value = float(np.mean([one.value for one in estimates]))
    return value, float(np.linalg.norm(np.array(errors, dtype=np.float64))) / len(estimates)


def _splits(n_pairs: int, n_folds: int, rng: np.random.Generator) -> list[tuple[Rows, Rows, Rows]]:
    """Deal pairs to training, validation and judgement, once for each fold."""
    parts = np.array_split(rng.permutation(n_pairs), n_folds)
    splits = []
    for fold, judged in enumerate(parts):
        others = rng.permutation(np.concatenate(parts[:fold] + parts[fold + 1 :]))
        cut = max(_LEAST_VALIDATION, round(VALIDATION_SHARE * len(others)))
        splits.append((others[cut:], others[:cut], judged))
    return splits
