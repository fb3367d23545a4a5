"""Training of an autoencoder: steps, checkpoints and log as those of a system."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.data import torch_stream
from jscgc_model.latent import AutoencoderCodec, LatentScaling
from jscgc_model.latent.autoencoder_codec import latent_shape
from jscgc_model.latent.autoencoder_loss import AutoencoderLoss
from jscgc_model.training.autoencoder_settings import AutoencoderTrainingSettings
from jscgc_model.training.plain_training import PlainTraining
from jscgc_model.training.whole_folder import written_whole

AUTOENCODER = "autoencoder"
"""Folder, in that of the run, of the trained network."""
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
        loss: What is made small; the defaults of :class:`.AutoencoderLoss` if None.
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
    distortion = loss or AutoencoderLoss()

    def loss_of(step: int) -> Tensor:
        images = batches(step).to(device)
        shape = latent_shape(autoencoder, tuple(images.shape[1:]))
        stream = torch_stream(settings.seed, "posterior noise", step)
        noise = torch.randn((len(images), *shape), generator=stream).to(device)
        return distortion(autoencoder, images, noise)

    everything = {
        **(identity or {}),
        "training": settings.identity(),
        "loss": asdict(distortion),
    }
    training = PlainTraining(autoencoder, loss_of, settings.schedule(), everything)
    if not training.run(folder, resume=resume, progress=progress):
        return None
    return _saved(autoencoder, batches, folder / AUTOENCODER)


@torch.no_grad()
def _saved(autoencoder: nn.Module, batches: Batches, folder: Path) -> AutoencoderCodec:
    """Save an autoencoder, its latents scaled to unit power."""
    network: Any = autoencoder.eval()
    device = next(autoencoder.parameters()).device
    raw = [
        network.encode(2.0 * batches(step).to(device) - 1.0).latent_dist.mode()
        for step in range(_N_SCALING_BATCHES)
    ]
    latents = torch.cat(raw)
    scaling = LatentScaling.to_unit_power(float(latents.mean()), float(latents.std()))
    network.register_to_config(shift_factor=scaling.shift, scaling_factor=scaling.scale)
    with written_whole(folder) as partial:
        network.save_pretrained(partial)
    return AutoencoderCodec(network)
