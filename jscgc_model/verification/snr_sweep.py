"""A trained system over the SNR: its information, its measured radii, and every bound."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.data import torch_stream
from jscgc_model.pipeline import JSCGCOutput, JSCGCPipeline
from jscgc_model.verification.system_information import SystemInformation, system_information
from jscgc_theory.analysis.bound_check import BoundCheck, check
from jscgc_theory.mutual_information.velocity import estimated_meta_converse
from jscgc_theory.validation import check_count, check_number_list


class SystemSweep(BoundCheck):
    """Rows of all SNRs, and what was transmitted at each."""

    information: tuple[SystemInformation, ...]


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
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> SystemSweep:
    """Measure a system's radii and information at each SNR and hold them against the bounds.

    I is estimated from the generator's own velocity field and held within what the channel
    allows; the information density from the same field gives R4.

    Args:
        pipeline: The trained system.
        samples: Held-out samples in data units.
        snr_db: SNRs in dB.
        t_range: Times the system was trained at.
        outage_probability: P_e in (0, 1), one or several.
        num_draws: Draws of the generator for each sample.
        num_inference_steps: Steps of the sampler; by default the pipeline's own.
        n_information_samples: Samples that the information is estimated from.
        seed: Of all randomness.
        progress: Told the finished fraction.

    Returns:
        One row for each SNR and outage probability.

    Raises:
        InputError: If an argument is out of range or the samples are unusable.
    """
    levels = check_number_list(snr_db, name="snr_db")
    n_informing = check_count(n_information_samples, name="n_information_samples")
    tell = progress or (lambda fraction: None)
    checks, informations = [], []
    for place, level in enumerate(levels):
        output = pipeline(
            samples,
            level,
            num_inference_steps=num_inference_steps,
            num_draws=num_draws,
            generator=torch_stream(seed, "sweep", place),
        )
        tell((place + 0.3) / len(levels))
        information, densities = system_information(
            pipeline.system,
            pipeline.to_latents(samples[:n_informing].to(pipeline.device)),
            output.received.take(slice(n_informing)),
            t_range=t_range,
            rng=np.random.default_rng([seed, place]),
        )
        tell((place + 0.7) / len(levels))
        betas = {p: estimated_meta_converse(densities, p) for p in outage_probability}
        source, generated, groups = _pairs(samples, output)
        checks.append(
            check(
                source,
                generated,
                mi_bits=max(0.0, information.mi_bits.value),
                outage_probability=outage_probability,
                groups=groups,
                snr_db=level,
                log2_beta=betas,
                rng=np.random.default_rng([seed, place]),
            )
        )
        informations.append(information)
        tell((place + 1.0) / len(levels))
    return _joined(checks, informations)


def _pairs(
    samples: Tensor, output: JSCGCOutput
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return x, x_hat and the source point of every draw, one row each."""
    n_samples, n_draws = output.samples.shape[:2]
    source = samples.flatten(1).double().cpu().numpy().repeat(n_draws, axis=0)
    generated = output.samples.flatten(2).flatten(0, 1).double().cpu().numpy()
    return source, generated, np.arange(n_samples).repeat(n_draws)


def _joined(checks: list[BoundCheck], informations: list[SystemInformation]) -> SystemSweep:
    first = checks[0]
    return SystemSweep(
        intrinsic_dim=first.intrinsic_dim,
        geometric_constant=first.geometric_constant,
        rows=tuple(row for one in checks for row in one.rows),
        n_pairs=first.n_pairs,
        n_groups=first.n_groups,
        notices=tuple(dict.fromkeys(note for one in checks for note in one.notices)),
        information=tuple(informations),
    )
