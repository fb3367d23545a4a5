"""Sampling by DDIM: from noise to data without further noise, in as few steps as asked for."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.baselines.diff_jscc.noise_schedule import NoiseSchedule

Prediction = Callable[[Tensor, Tensor], Tensor]
"""(noisy, timesteps) to what the schedule says that the network predicts."""


def ddim_sample(
    predict: Prediction,
    noise: Float[Tensor, " batch *shape"],
    schedule: NoiseSchedule,
    n_steps: int,
) -> Float[Tensor, " batch *shape"]:
    """Follow a diffusion model from noise to data.

    Each step goes from t to t' along the path between the predicted ends, ``x_t' = a_t' x_0 +
    b_t' x_T``; the last one stops at x_0.

    Args:
        predict: The model.
        noise: x_T.
        schedule: What it was trained with.
        n_steps: Steps, each one call of the model.

    Returns:
        Samples.

    References:
        Song, Meng, Ermon. Denoising diffusion implicit models. ICLR 2021, (12) without noise.
    """
    points = noise
    timesteps = schedule.sampling_timesteps(n_steps)
    for now, later in zip(timesteps, [*timesteps[1:], None], strict=True):
        here = _times(points, now)
        x_0, x_T = schedule.ends(predict(points, here), points, here)
        points = x_0 if later is None else schedule.diffuse(x_0, x_T, _times(points, later))
    return points


def _times(points: Tensor, timestep: int) -> Tensor:
    return torch.full((len(points),), timestep, device=points.device)
