"""A trained system over the SNR: its information, its measured radii, and every bound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.data import numpy_stream, torch_stream
from jscgc_model.pipelines import JSCGCPipeline, TransmissionOutput
from jscgc_model.verification.drawn_image_report import (
    DrawnImageReport,
    TransmittedImages,
    judge_drawn_images,
)
from jscgc_model.verification.posterior_mean import posterior_mean
from jscgc_model.verification.system_information import SystemInformation, system_information
from jscgc_theory.analysis.bound_check import BoundCheck, check
from jscgc_theory.mutual_information.velocity import estimated_meta_converse
from jscgc_theory.records import Estimate
from jscgc_theory.sources import Drawing
from jscgc_theory.validation import check_count, check_number_list

_N_JUDGED = 512
"""Images that are compared with the nearest drawn image."""


class SystemSweep(BoundCheck):
    """Rows of all SNRs, and what was transmitted at each."""

    information: tuple[SystemInformation, ...]
    drawn_images: DrawnImageReport | None = None
    """For systems of drawn images: realism and meaning of what is generated."""


class _Level(NamedTuple):
    """What was found at one SNR."""

    check: BoundCheck
    information: SystemInformation
    images: TransmittedImages | None


def sweep(
    pipeline: JSCGCPipeline,
    samples: Float[Tensor, "batch ..."],
    snr_db: Sequence[float],
    *,
    t_range: tuple[float, float],
    outage_probability: Sequence[float] = (0.1, 0.01),
    num_draws: int = 1,
    num_inference_steps: int | None = None,
    n_information_samples: int = 512,
    drawing: Drawing | None = None,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> SystemSweep:
    """Measure a system's radii and information at each SNR and hold them against the bounds.

    I comes from the generator's own velocity field and from the known channel, see
    :func:`.choose_information`, and its interval enters the bounds'; the information density from
    the same field gives R4.

    Args:
        pipeline: The trained system.
        samples: Held-out samples in data units.
        snr_db: SNRs in dB.
        t_range: Times the system was trained at.
        outage_probability: P_e in (0, 1), one or several.
        num_draws: Draws of the generator for each sample.
        num_inference_steps: Steps of the sampler; by default the pipeline's own.
        n_information_samples: Samples that the velocity fields are asked about.
        drawing: What the samples were drawn by, if they are drawn images.
        seed: Of all randomness.
        progress: Told the finished fraction.

    Returns:
        One row for each SNR and outage probability.

    Raises:
        InputError: If an argument is out of range or the samples are unusable.
    """
    levels = check_number_list(snr_db, name="snr_db")
    work = _Sweep(
        pipeline=pipeline,
        samples=samples,
        t_range=t_range,
        outages=tuple(check_number_list(outage_probability, name="outage_probability")),
        n_draws=num_draws,
        n_steps=num_inference_steps,
        n_informing=check_count(n_information_samples, name="n_information_samples", minimum=20),
        seed=seed,
    )
    tell = progress or (lambda fraction: None)
    found = []
    for place, level in enumerate(levels):
        found.append(work.at(level, place, is_drawn=drawing is not None))
        tell((place + 1.0) / len(levels))
    return _joined(found, _drawn_images(samples, found, drawing, seed))


@dataclass(frozen=True, kw_only=True)
class _Sweep:
    """What is the same at every SNR."""

    pipeline: JSCGCPipeline
    samples: Float[Tensor, "batch ..."]
    t_range: tuple[float, float]
    outages: tuple[float, ...]
    n_draws: int
    n_steps: int | None
    n_informing: int
    seed: int

    def at(self, snr_db: float, place: int, *, is_drawn: bool) -> _Level:
        """Measure at one SNR.

        Args:
            snr_db: The SNR.
            place: Its place in the list.
            is_drawn: Whether the samples are drawn images.

        Returns:
            What was found.
        """
        output = self.pipeline(
            self.samples,
            snr_db,
            num_inference_steps=self.n_steps,
            num_draws=self.n_draws,
            generator=torch_stream(self.seed, "sweep", place),
        )
        information, log2_beta = self._information(output, place)
        source, generated, groups = _pairs(self.samples, output)
        bits = information.mi_bits
        checked = check(
            source,
            generated,
            mi_bits=bits.value,
            mi_interval_bits=bits.interval,
            outage_probability=self.outages,
            groups=groups,
            snr_db=snr_db,
            log2_beta=log2_beta,
            # One seed gives one d and one C at every SNR.
            rng=numpy_stream(self.seed, "bounds"),
        )
        images = self._images(snr_db, output, place) if is_drawn else None
        return _Level(checked, information, images)

    def _information(
        self, output: TransmissionOutput, place: int
    ) -> tuple[SystemInformation, dict[float, Estimate] | None]:
        information, densities = system_information(
            self.pipeline.system,
            self.pipeline.to_latents(self.samples.to(self.pipeline.device)),
            output.received,
            t_range=self.t_range,
            rng=numpy_stream(self.seed, "information", place),
            n_samples=self.n_informing,
        )
        if not information.fields_agree:
            # Fields that contradict the channel say nothing of the law of i either.
            return information, None
        return information, {p: estimated_meta_converse(densities, p) for p in self.outages}

    def _images(self, snr_db: float, output: TransmissionOutput, place: int) -> TransmittedImages:
        judged = slice(_N_JUDGED)
        means = posterior_mean(
            self.pipeline,
            output.received.take(judged).features(),
            self.samples[judged],
            torch_stream(self.seed, "posterior mean", place),
        )
        drawn = output.samples[judged, 0]
        return TransmittedImages(snr_db, _numpy(drawn), _numpy(means))


def _numpy(images: Tensor) -> NDArray[np.float64]:
    return images.double().cpu().numpy()


def _pairs(
    samples: Tensor, output: TransmissionOutput
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return x, x_hat and the source point of every draw, one row each."""
    n_samples, n_draws = output.samples.shape[:2]
    source = _numpy(samples.flatten(1)).repeat(n_draws, axis=0)
    generated = _numpy(output.samples.flatten(2).flatten(0, 1))
    return source, generated, np.arange(n_samples).repeat(n_draws)


def _drawn_images(
    samples: Tensor, found: Sequence[_Level], drawing: Drawing | None, seed: int
) -> DrawnImageReport | None:
    images = [one.images for one in found if one.images is not None]
    if drawing is None:
        return None
    source = _numpy(samples[:_N_JUDGED])
    return judge_drawn_images(source, images, drawing, rng=numpy_stream(seed, "nearest image"))


def _joined(found: Sequence[_Level], drawn_images: DrawnImageReport | None) -> SystemSweep:
    checks = [one.check for one in found]
    return SystemSweep(
        intrinsic_dim=checks[0].intrinsic_dim,
        geometric_constant=checks[0].geometric_constant,
        rows=tuple(row for one in checks for row in one.rows),
        n_pairs=checks[0].n_pairs,
        n_groups=checks[0].n_groups,
        notices=tuple(dict.fromkeys(note for one in checks for note in one.notices)),
        information=tuple(one.information for one in found),
        drawn_images=drawn_images,
    )
