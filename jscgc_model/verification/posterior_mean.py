"""The reconstruction of least squared error, from the generator's own field."""

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.pipelines import JSCGCPipeline


@torch.no_grad()
def posterior_mean(
    pipeline: JSCGCPipeline,
    features: Float[Tensor, "batch n_symbols n_features"],
    samples: Float[Tensor, "batch ..."],
    generator: torch.Generator,
) -> Float[Tensor, "batch ..."]:
    """Return ``x_T - v(x_T, 1, y_hat)``, one Euler step: E[x | y_hat] where the field is exact.

    Args:
        pipeline: The system.
        features: What the receiver knows of each symbol.
        samples: Samples in data units; they say the shape alone.
        generator: Draws x_T, a CPU generator.

    Returns:
        Means in data units.
    """
    noise = torch.randn(samples.shape, generator=generator, dtype=samples.dtype)
    one_step = SamplerSettings(method="euler", n_steps=1)
    found = pipeline.system.generate(features, noise.to(pipeline.device), one_step)
    return pipeline.to_samples(found)
