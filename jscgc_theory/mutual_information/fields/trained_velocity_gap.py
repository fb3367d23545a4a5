"""I(X; Y) from pairs alone: a velocity field is trained on some and read on the others."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from jscgc_theory.mutual_information.estimator import Z_95, MIEstimator, bits_estimate
from jscgc_theory.mutual_information.fields.arrangement import Arrangement, Side, arranged
from jscgc_theory.mutual_information.fields.require_torch import require_torch
from jscgc_theory.mutual_information.fields.settings import TrainingSettings
from jscgc_theory.mutual_information.fields.train import train_velocity_field
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.velocity import VelocityInformation, velocity_gap
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import as_generator

_TRAINED_SHARE = 0.75
_LARGEST_SEED = 2**32
# Half of what an estimate may be wrong by without a word: max(5 %, 0.05 bit).
_ALLOWED_SHARE = 0.025
_ALLOWED_BITS = 0.025


class TrainedVelocityGap(MIEstimator):
    r"""``I = (1/ln 2) int (1-t)^2 (E|u - v_u|^2 - E|u - v_c|^2) dlambda`` with a trained field.

    Three quarters of the pairs train a field with condition dropout, the others are asked. A
    second field, trained on half of these pairs for half the steps, tells how much is still to be
    learned: the change of I between the two, and the disagreement of the loss gap with the
    squared form ``int (1-t)^2 E|v_c - v_u|^2`` (at least its own standard error), widen the
    interval.

    Args:
        settings: Length of the training and size of the network.
        generated: The side that the field generates; None for the lower-dimensional or smoother.
        rng: Generator or seed.
        progress: Told the finished fraction of the training.

    References:
        Section 5 of the theory contract; Guo, Shamai and Verdu, IEEE Trans. Inf. Theory 51(4),
        2005; Franzese, Bounoua and Michiardi, "MINDE", ICLR 2024.
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
        early = _read(half, held_out, settings.shortened(), rng, seed, self._part(0.0, 1 / 3))
        late = _read(learned, held_out, settings, rng, seed, self._part(1 / 3, 1.0))
        return _Readings(early, late, found).estimate(held_out.n_pairs)

    def _part(self, start: float, end: float) -> Callable[[float], None] | None:
        told = self.progress
        if told is None:
            return None
        return lambda finished: told(start + (end - start) * finished)


@dataclass(frozen=True)
class _Readings:
    """What a field trained for half as long and one trained in full say of the same pairs."""

    early: VelocityInformation
    late: VelocityInformation
    arrangement: Arrangement

    @property
    def change_bits(self) -> float:
        return self.late.mi_bits.value - self.early.mi_bits.value

    def estimate(self, n_held_out: int) -> Estimate:
        final = self.late.mi_bits
        disagreement = self.late.disagreement_bits.value
        side = final.details["side"]
        estimate = bits_estimate(
            final.value,
            standard_error=final.standard_error,
            method="trained velocity field, loss gap and squared form on held-out pairs",
            n_points_used=n_held_out,
            side=side,
            notices=(*self.late.notices, *self._still_learning()),
            loss_gap_bits=self.late.loss_gap_bits.value,
            squared_form_bits=self.late.squared_form_bits.value,
            disagreement_bits=disagreement,
            change_by_training_bits=self.change_bits,
            generated=self.arrangement.generated,
            n_rank_columns=self.arrangement.n_rank_columns,
        )
        if estimate.interval is None:
            return estimate
        sampling = Z_95 * (final.standard_error or 0.0)
        # An error of the fields that is smaller than this one could not have been seen.
        unseen = self.late.disagreement_bits.standard_error or 0.0
        reach = math.hypot(sampling, max(abs(disagreement), unseen), self.change_bits)
        low = max(0.0, final.value - reach)
        return estimate.model_copy(update={"interval": (low, max(low, final.value + reach))})

    def _still_learning(self) -> tuple[Notice, ...]:
        allowed = max(_ALLOWED_SHARE * abs(self.late.mi_bits.value), _ALLOWED_BITS)
        if abs(self.change_bits) <= allowed:
            return ()
        message = (
            f"I went from {self.early.mi_bits.value:.3g} to {self.late.mi_bits.value:.3g} bits "
            "when pairs and training steps were doubled: the field is not trained to the end; "
            "add pairs or steps"
        )
        return (Notice(code="field_not_trained", message=message),)


def _read(
    learned: PairedSample,
    held_out: PairedSample,
    settings: TrainingSettings,
    rng: np.random.Generator,
    seed: int,
    progress: Callable[[float], None] | None,
) -> VelocityInformation:
    field = train_velocity_field(
        learned.x, learned.y, rng=rng, settings=settings, progress=progress
    )
    # Equal seeds: both fields are asked at the same noise, so that their difference is theirs.
    return velocity_gap(
        field, held_out.x, held_out.y, rng=np.random.default_rng(seed), t_range=field.t_range
    )
