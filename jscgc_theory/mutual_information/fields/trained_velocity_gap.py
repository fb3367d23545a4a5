"""I(X; Y) from pairs alone: a velocity field is trained on some and read on the others."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from jscgc_theory.mutual_information.estimator import Z_95, MIEstimator, bits_estimate
from jscgc_theory.mutual_information.fields.arrangement import Arrangement, Side, arranged
from jscgc_theory.mutual_information.fields.doubts import (
    missed_dependence,
    overfitted,
    still_learning,
)
from jscgc_theory.mutual_information.fields.require_torch import require_torch
from jscgc_theory.mutual_information.fields.settings import TrainingSettings
from jscgc_theory.mutual_information.fields.train import train_velocity_field
from jscgc_theory.mutual_information.fields.trained_field import TrainedField
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.velocity import VelocityInformation, velocity_gap
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import as_generator

_TRAINED_SHARE = 0.75
_LARGEST_SEED = 2**32
_DRAWS_ON_SEEN_PAIRS = 8


class TrainedVelocityGap(MIEstimator):
    r"""``I = (1/ln 2) int (1-t)^2 (E|u - v_u|^2 - E|u - v_c|^2) dlambda`` with a trained field.

    Three quarters of the pairs train a field with condition dropout, the others are asked. A
    second field, trained on half of these pairs for half the steps, tells how much is still to be
    learned: the change of I between the two, and the disagreement of the loss gap with the
    squared form ``int (1-t)^2 E|v_c - v_u|^2`` (at least its own standard error), widen the
    interval. Notices say if the field is still learning, has learned single pairs, or, in up to
    12 dimensions, finds less than nearest neighbours do.

    Args:
        settings: Length of the training and size of the network.
        generated: The side that the field generates; None for the lower-dimensional or smoother.
        rng: Generator or seed.
        progress: Told the finished fraction of the training.

    References:
        Guo, Shamai and Verdu, IEEE Trans. Inf. Theory 51(4), 2005; Franzese, Bounoua and
        Michiardi, "MINDE", ICLR 2024.
    """

    def __init__(
        self,
        *,
        settings: TrainingSettings | None = None,
        generated: Side | None = None,
        rng: Any = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.settings = settings
        self.generated = generated
        self.rng = rng
        self.progress = progress

    def estimate(self, sample: PairedSample) -> Estimate:
        """Train two fields and read I from held-out pairs.

        Args:
            sample: Distinct pairs.

        Returns:
            Bits; details hold both forms, their disagreement and the change by training.

        Raises:
            MissingExtraError: If torch is not installed.
        """
        require_torch()
        rng = as_generator(self.rng)
        found = arranged(sample, self.generated)
        learned, held_out = found.sample.split(_TRAINED_SHARE, rng)
        settings = self.settings or TrainingSettings()
        seed = int(rng.integers(_LARGEST_SEED))
        half = learned.take(np.arange(learned.n_pairs // 2))
        first = _train(half, settings.shortened(), rng, self._part(0.0, 1 / 3))
        field = _train(learned, settings, rng, self._part(1 / 3, 1.0))
        # Equal seeds: both fields are asked at the same noise, so that their difference is theirs.
        readings = _Readings(
            early=_read(first, held_out, seed),
            late=_read(field, held_out, seed),
            seen=_read(
                field,
                learned.take(np.arange(min(learned.n_pairs, held_out.n_pairs))),
                seed,
                n_draws=_DRAWS_ON_SEEN_PAIRS,
            ),
            arrangement=found,
        )
        return readings.estimate(held_out.n_pairs)

    def _part(self, start: float, end: float) -> Callable[[float], None] | None:
        told = self.progress
        if told is None:
            return None
        return lambda finished: told(start + (end - start) * finished)


@dataclass(frozen=True)
class _Readings:
    """What two fields say of held-out pairs, and the second of those that it was trained on."""

    early: VelocityInformation
    late: VelocityInformation
    seen: VelocityInformation
    arrangement: Arrangement

    @property
    def change_bits(self) -> float:
        return self.late.mi_bits.value - self.early.mi_bits.value

    @property
    def reach_bits(self) -> float:
        """Half width of the interval: sampling, errors of the field that show, and training."""
        final, disagreement = self.late.mi_bits, self.late.disagreement_bits
        sampling = Z_95 * (final.standard_error or 0.0)
        # An error of the field that is smaller than this would not stand out from the noise.
        unseen = Z_95 * (disagreement.standard_error or 0.0)
        return math.hypot(sampling, max(abs(disagreement.value), unseen), self.change_bits)

    def _notices(self) -> tuple[Notice, ...]:
        final = self.late.mi_bits.value
        return (
            *self.late.notices,
            *still_learning(self.early.mi_bits.value, final),
            *overfitted(self.seen.loss_gap_bits, self.late.loss_gap_bits),
            *missed_dependence(self.arrangement.sample, final + self.reach_bits),
        )

    def estimate(self, n_held_out: int) -> Estimate:
        final = self.late.mi_bits
        estimate = bits_estimate(
            final.value,
            standard_error=final.standard_error,
            method="trained velocity field, loss gap and squared form on held-out pairs",
            n_points_used=n_held_out,
            side=final.details["side"],
            notices=self._notices(),
            loss_gap_bits=self.late.loss_gap_bits.value,
            squared_form_bits=self.late.squared_form_bits.value,
            disagreement_bits=self.late.disagreement_bits.value,
            seen_loss_gap_bits=self.seen.loss_gap_bits.value,
            change_by_training_bits=self.change_bits,
            generated=self.arrangement.generated,
            n_rank_columns=self.arrangement.n_rank_columns,
        )
        if estimate.interval is None:
            return estimate
        reach = self.reach_bits
        low = max(0.0, final.value - reach)
        return estimate.model_copy(update={"interval": (low, max(low, final.value + reach))})


def _train(
    learned: PairedSample,
    settings: TrainingSettings,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
) -> TrainedField:
    return train_velocity_field(
        learned.x, learned.y, rng=rng, settings=settings, progress=progress
    )


def _read(
    field: TrainedField, pairs: PairedSample, seed: int, n_draws: int = 32
) -> VelocityInformation:
    rng = np.random.default_rng(seed)
    return velocity_gap(field, pairs.x, pairs.y, rng=rng, t_range=field.t_range, n_draws=n_draws)
