"""Training of an autoencoder: steps, checkpoints and log as those of a system."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from diffusers.training_utils import EMAModel
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.data import torch_stream
from jscgc_model.latent import AutoencoderCodec, LatentScaling
from jscgc_model.latent.autoencoder_codec import latent_shape
from jscgc_model.latent.autoencoder_loss import AutoencoderLoss
from jscgc_model.training.autoencoder_settings import AutoencoderTrainingSettings
from jscgc_model.training.checkpoints import (
    checkpoint_folders,
    load_checkpoint,
    save_checkpoint,
)
from jscgc_model.training.interruption import Interruption
from jscgc_model.training.optimisers import learning_rate, make_optimisers
from jscgc_model.training.run_state import RunState, learning_parameters
from jscgc_model.training.training_log import TrainingLog
from jscgc_model.training.whole_folder import written_whole
from jscgc_theory.errors import InputError

AUTOENCODER = "autoencoder"
"""Folder, in that of the run, of the trained network."""
_CHECKPOINTS = "checkpoints"
_N_SCALING_BATCHES = 8

Batches = Callable[[int], Float[Tensor, "batch channels height width"]]
"""Number of a step to its images in [0, 1]; must depend on nothing else."""


def train_autoencoder(
    autoencoder: nn.Module,
    batches: Batches,
    settings: AutoencoderTrainingSettings,
    folder: Path,
    *,
    loss: AutoencoderLoss | None = None,
    identity: Mapping[str, Any] | None = None,
    device: str = "cpu",
    resume: bool = False,
    progress: Callable[[float], None] | None = None,
) -> AutoencoderCodec | None:
    """Train an autoencoder and save it, with averaged weights and latents of unit power.

    A signal to stop is obeyed after the step at hand, with a checkpoint; a run that is resumed
    makes the losses of one that was not stopped.

    Args:
        autoencoder: An AutoencoderKL of diffusers, trained in place.
        batches: The images.
        settings: How.
        folder: Where checkpoints, log and result go.
        loss: What is made small; the defaults of :class:`AutoencoderLoss` if None.
        identity: What else the course of the run depends on, such as its images, as JSON.
        device: Where.
        resume: Whether to go on from the newest checkpoint in the folder, if there is one.
        progress: Told the finished fraction.

    Returns:
        The codec of what was saved, or None if a signal stopped training.

    Raises:
        InputError: If the folder holds another run, or the loss is no longer finite.
    """
    autoencoder.to(device).train()
    run = _Run(autoencoder, batches, settings, loss or AutoencoderLoss(), identity or {})
    n_done = run.restore(folder / _CHECKPOINTS, resume=resume)
    with Interruption() as interruption, TrainingLog(folder, n_done) as log:
        while n_done < settings.n_steps and not interruption.asked:
            log.write(n_done, loss=run.step(n_done))
            n_done += 1
            if progress is not None:
                progress(n_done / settings.n_steps)
            is_last = n_done == settings.n_steps or interruption.asked
            if is_last or n_done % settings.save_every == 0:
                log.flush()
                save_checkpoint(folder / _CHECKPOINTS, run.state.checkpoint(n_done))
    return run.finished(folder / AUTOENCODER) if n_done == settings.n_steps else None


class _Run:
    """A training run at work."""

    def __init__(
        self,
        autoencoder: nn.Module,
        batches: Batches,
        settings: AutoencoderTrainingSettings,
        loss: AutoencoderLoss,
        identity: Mapping[str, Any],
    ) -> None:
        self.autoencoder = autoencoder
        self.batches = batches
        self.settings = settings
        self.loss = loss
        self.learning = learning_parameters(autoencoder)
        self.schedule = settings.schedule()
        self.optimisers = make_optimisers(self.learning, self.schedule)
        self.average = EMAModel(
            list(self.learning.values()), decay=settings.ema_decay, foreach=True
        )
        everything = {**identity, "training": settings.identity(), "loss": asdict(loss)}
        self.state = RunState(autoencoder, self.average, self.optimisers, everything)
        self.device = next(autoencoder.parameters()).device

    def restore(self, checkpoints: Path, *, resume: bool) -> int:
        """Go on from the newest checkpoint; returns the number of steps done."""
        found = checkpoint_folders(checkpoints)
        if not found:
            return 0
        if not resume:
            raise InputError(
                f"{checkpoints.parent} holds a training run already; resume it, or choose "
                "another folder"
            )
        checkpoint = load_checkpoint(found[-1])
        self.state.restore(checkpoint)
        return checkpoint.step

    def step(self, step: int) -> float:
        """Make a step; returns its loss."""
        images = self.batches(step).to(self.device)
        shape = latent_shape(self.autoencoder, tuple(images.shape[1:]))
        stream = torch_stream(self.settings.seed, "posterior noise", step)
        noise = torch.randn((len(images), *shape), generator=stream).to(self.device)
        for optimiser in self.optimisers:
            optimiser.zero_grad()
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, self.schedule)
        loss = self.loss(self.autoencoder, images, noise)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(
            self.learning.values(), self.settings.largest_gradient_norm
        )
        value = float(loss.detach())
        if not math.isfinite(value + float(norm)):
            raise InputError(
                f"the loss of step {step} is {value:g}; train anew with a lower learning_rate"
            )
        for optimiser in self.optimisers:
            optimiser.step()
        self.average.step(self.learning.values())
        return value

    @torch.no_grad()
    def finished(self, folder: Path) -> AutoencoderCodec:
        """Save the averaged weights, their latents scaled to unit power."""
        self.average.copy_to(self.learning.values())
        network: Any = self.autoencoder.eval()
        raw = [
            network.encode(2.0 * self.batches(step).to(self.device) - 1.0).latent_dist.mode()
            for step in range(_N_SCALING_BATCHES)
        ]
        latents = torch.cat(raw)
        scaling = LatentScaling.to_unit_power(float(latents.mean()), float(latents.std()))
        network.register_to_config(shift_factor=scaling.shift, scaling_factor=scaling.scale)
        with written_whole(folder) as partial:
            network.save_pretrained(partial)
        return AutoencoderCodec(network)
