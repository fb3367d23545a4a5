"""I(Y; Y_hat) of a known channel: every bound that applies, and what they prove together."""

from dataclasses import dataclass

import numpy as np

from jscgc_theory.mutual_information.channel_aware.capacity import capacity_bits
from jscgc_theory.mutual_information.channel_aware.codebook import CodebookSandwich
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import coherent_pairs
from jscgc_theory.mutual_information.channel_aware.denoiser_information import (
    Denoiser,
    DenoiserInformation,
)
from jscgc_theory.mutual_information.channel_aware.gaussian_ceiling import GaussianCeiling
from jscgc_theory.mutual_information.channel_aware.independent_components import (
    IndependentComponents,
)
from jscgc_theory.mutual_information.channel_aware.least_upper_bound import (
    LeastBound,
    least_upper_bound,
)
from jscgc_theory.mutual_information.channel_aware.output_entropy import OutputEntropy
from jscgc_theory.mutual_information.estimator import Z_95, MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import as_generator

_MIXTURE_DIMS = 16
"""Mixtures are tried up to here: beyond, half of the pairs no longer fit their covariances."""
_MIXTURE_COMPONENTS = 16
_BROKEN = 4.0
"""Standard errors by which the order of the bounds may be broken by chance."""


class KnownChannelMI(MIEstimator):
    r"""I(Y; Y_hat) when p(y_hat | y) is known.

    Runs the codebook sandwich, the Gaussian ceiling, the sums over components, a mixture's
    cross-entropy in few dimensions, and I-MMSE if a denoiser is given. Answers, in this order:
    the sandwich where it closes (an estimate without assumptions); the component sum where its
    components show no dependence and no other bound lies below it (an estimate under that
    assumption); otherwise the least upper bound. Every part stands in the details.

    Args:
        channel: The channel.
        denoiser: ``denoise(z, sigma)``, not fitted to these pairs; see
            :class:`DenoiserInformation`.
        test_independence: Whether the component sum may be answered as an estimate; switch off
            where a channel code may run across the components.
        rng: A generator or a seed.
    """

    def __init__(
        self,
        *,
        channel: KnownChannel,
        denoiser: Denoiser | None = None,
        test_independence: bool = True,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.channel = channel
        self.denoiser = denoiser
        self.test_independence = test_independence
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate I(Y; Y_hat), or bound it from above.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            The estimate or the upper bound, with every part in ``parts`` and the capacity ceiling
            in ``capacity_bits``.
        """
        rng = as_generator(self.rng)
        codebook = CodebookSandwich(channel=self.channel, rng=rng).estimate(sample)
        uppers = self._upper_parts(sample, rng)
        values = [part.value for part in uppers.values()]
        errors = [part.standard_error or 0.0 for part in uppers.values()]
        evidence = _Evidence(codebook, uppers, least_upper_bound(values, errors))
        pairs = coherent_pairs(sample, self.channel)
        answer = evidence.answer()
        ceiling = capacity_bits(pairs)
        kept = [n for n in answer.notices if n.code not in {m.code for m in pairs.notices}]
        return answer.model_copy(
            update={"notices": (*pairs.notices, *kept, *evidence.order_notices(answer, ceiling))}
        ).with_details(
            capacity_bits=ceiling,
            parts={"codebook": codebook.to_dict()}
            | {name: part.to_dict() for name, part in uppers.items()},
        )

    def _upper_parts(self, sample: PairedSample, rng: np.random.Generator) -> dict[str, Estimate]:
        channel, test = self.channel, self.test_independence
        estimators: dict[str, MIEstimator] = {
            "components": IndependentComponents(channel=channel, test_independence=test, rng=rng),
            "gaussian": GaussianCeiling(channel=channel),
        }
        if sample.x_dim <= _MIXTURE_DIMS and sample.n_pairs > 20 * _MIXTURE_COMPONENTS:
            estimators["mixture"] = OutputEntropy(
                channel=channel, n_components=_MIXTURE_COMPONENTS, rng=rng
            )
        if self.denoiser is not None:
            estimators["denoiser"] = DenoiserInformation(
                channel=channel, denoiser=self.denoiser, rng=rng
            )
        return {name: estimator.estimate(sample) for name, estimator in estimators.items()}


@dataclass(frozen=True)
class _Evidence:
    """The parts, and what they allow to be said."""

    codebook: Estimate
    uppers: dict[str, Estimate]
    least: LeastBound

    def answer(self) -> Estimate:
        """Return the strongest statement that the parts support."""
        if self.codebook.details["side"] == "estimate":
            return self.codebook
        components = self.uppers["components"]
        if components.details["side"] == "estimate" and self._is_least(components):
            return components
        name = list(self.uppers)[self.least.place]
        part = self.uppers[name]
        return bits_estimate(
            self.least.value,
            standard_error=self.least.standard_error,
            method=f"least upper bound: {part.method}",
            n_points_used=part.n_points_used,
            side="upper_bound",
            notices=part.notices,
        )

    def _is_least(self, part: Estimate) -> bool:
        """Tell whether no other bound lies significantly below this one."""
        return all(
            part.value - other.value
            <= _BROKEN * np.hypot(part.standard_error or 0.0, other.standard_error or 0.0)
            for other in self.uppers.values()
        )

    def order_notices(self, answer: Estimate, ceiling: float) -> tuple[Notice, ...]:
        """Say where lower bound, answer and capacity are out of order beyond chance."""
        error = answer.standard_error or 0.0
        lower = float(self.codebook.details["lower_bits"])
        slack = Z_95 * float(self.codebook.details["lower_standard_error"]) + _BROKEN * error
        notices = []
        if lower > answer.value + slack:
            notices.append(_order_notice("lower bound of the codebook", lower, answer.value))
        gaussian_error = self.uppers["gaussian"].standard_error or 0.0
        if answer.value > ceiling + _BROKEN * max(error, gaussian_error):
            notices.append(_order_notice("capacity of the measured power", ceiling, answer.value))
        return tuple(notices)


def _order_notice(name: str, bound: float, value: float) -> Notice:
    message = (
        f"The {name}, {bound:.4g} bits, and the answer, {value:.4g} bits, are out of order by "
        "more than chance: check that the noise is white, Gaussian and independent of the inputs."
    )
    return Notice(code="order_violated", message=message)
