r"""How noise grows with time in a diffusion model; no other file knows it.

``x_t = a_t x_0 + b_t x_T`` with ``a_t^2 + b_t^2 = 1`` at the timesteps t = 0, 1, ..., n - 1, from
nearly data to nearly noise. The time s of training and sampling, 0 for data and 1 for noise, is
the timestep ``floor(n s)``; a sampler ends at data itself, which is no timestep.

The network predicts either the noise x_T or the velocity ``v = a_t x_T - b_t x_0``.

References:
    Ho, Jain, Abbeel. Denoising diffusion probabilistic models. NeurIPS 2020.
    Salimans, Ho. Progressive distillation for fast sampling of diffusion models. ICLR 2022.
    Lin et al. Common diffusion noise schedules and sample steps are flawed. WACV 2024.
"""

from collections.abc import Mapping
from typing import Any

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from jaxtyping import Float, Int
from torch import Tensor

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

SCHEDULES: dict[str, dict[str, Any]] = {
    "cosine": {
        "beta_schedule": "squaredcos_cap_v2",
        "rescale_betas_zero_snr": True,
        "prediction_type": "v_prediction",
    },
    "stable_diffusion": {
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "prediction_type": "epsilon",
    },
}
"""Schedules by name, as diffusers configures them: for networks trained from the start, down to
no signal at all; and that of Stable Diffusion 2.1-base."""
_PREDICTIONS = ("epsilon", "v_prediction")


class NoiseSchedule:
    """A schedule of diffusers, with what a network predicts.

    Args:
        config: Of a scheduler of diffusers; what only concerns its own sampling is not used.

    Raises:
        InputError: If the prediction is another, or is noise although nothing else is left at
            the last timestep.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        # A table that is read here, even where models are built without memory.
        with torch.device("cpu"):
            scheduler = DDIMScheduler.from_config(dict(config))
        self.signal_power: Float[Tensor, " n_timesteps"] = scheduler.alphas_cumprod
        """a_t^2."""
        self.prediction: str = scheduler.config.prediction_type
        if self.prediction not in _PREDICTIONS:
            raise InputError(
                f"prediction_type = {self.prediction!r} cannot be used; give a model that "
                f"predicts {' or '.join(_PREDICTIONS)}"
            )
        if self.prediction == "epsilon" and not self.signal_power[-1] > 0.0:
            raise InputError(
                "the last timestep is noise alone, which a model that predicts the noise cannot "
                "start from; use v_prediction, or a schedule that keeps some signal"
            )

    def __len__(self) -> int:
        return len(self.signal_power)

    def timesteps_at(self, time: Float[Tensor, " batch"]) -> Int[Tensor, " batch"]:
        """Return the timestep of each time.

        Args:
            time: s in [0, 1].

        Returns:
            ``floor(n s)``, at most n - 1.
        """
        return (time * len(self)).long().clamp(0, len(self) - 1)

    def sampling_timesteps(self, n_steps: int) -> list[int]:
        """Return the timesteps that a sampler stands at, the noisiest first.

        Args:
            n_steps: Steps; the last one ends at data.

        Returns:
            Timesteps that leave equal gaps, from n - 1 down.

        Raises:
            InputError: If there are more steps than timesteps.
        """
        if check_count(n_steps, name="n_steps") > len(self):
            raise InputError(
                f"n_steps = {n_steps} exceeds the {len(self)} timesteps of the schedule; give "
                "fewer"
            )
        return [len(self) * left // n_steps - 1 for left in range(n_steps, 0, -1)]

    def diffuse(
        self,
        x_0: Float[Tensor, " batch *shape"],
        x_T: Float[Tensor, " batch *shape"],
        timesteps: Int[Tensor, " batch"],
    ) -> Float[Tensor, " batch *shape"]:
        """Return noisy data, ``x_t = a_t x_0 + b_t x_T``.

        Args:
            x_0: Data.
            x_T: Noise.
            timesteps: Of each sample.

        Returns:
            The noisy data.
        """
        a, b = self._shares(timesteps, x_0)
        return a * x_0 + b * x_T

    def target(
        self,
        x_0: Float[Tensor, " batch *shape"],
        x_T: Float[Tensor, " batch *shape"],
        timesteps: Int[Tensor, " batch"],
    ) -> Float[Tensor, " batch *shape"]:
        """Return what the network shall predict.

        Args:
            x_0: Data.
            x_T: Noise.
            timesteps: Of each sample.

        Returns:
            The noise, or the velocity.
        """
        if self.prediction == "epsilon":
            return x_T
        a, b = self._shares(timesteps, x_0)
        return a * x_T - b * x_0

    def ends(
        self,
        predicted: Float[Tensor, " batch *shape"],
        noisy: Float[Tensor, " batch *shape"],
        timesteps: Int[Tensor, " batch"],
    ) -> tuple[Float[Tensor, " batch *shape"], Float[Tensor, " batch *shape"]]:
        """Return both ends of the path that a prediction says.

        Args:
            predicted: By the network.
            noisy: Where it was asked.
            timesteps: Of each sample.

        Returns:
            Data and noise; with the best network, their means given the noisy data.
        """
        a, b = self._shares(timesteps, noisy)
        if self.prediction == "epsilon":
            return (noisy - b * predicted) / a, predicted
        return a * noisy - b * predicted, b * noisy + a * predicted

    def _shares(self, timesteps: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        power = self.signal_power.to(values.device)[timesteps]
        beside = power.to(values.dtype).reshape(-1, *(1,) * (values.dim() - 1))
        return beside.sqrt(), (1.0 - beside).sqrt()
