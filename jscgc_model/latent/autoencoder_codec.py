"""Latents by an AutoencoderKL, such as that of Z-Image and FLUX or one trained here."""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.latent.scaling import LatentScaling
from jscgc_theory.errors import InputError


class AutoencoderCodec:
    """A frozen ``AutoencoderKL`` of diffusers; a latent is the mean of its posterior.

    Pixels in [0, 1] are given to the network in [-1, 1], as it was trained. Gradients pass
    through to the input, none to the weights.

    Args:
        autoencoder: The network; it is frozen and set to evaluation.

    Raises:
        InputError: If its configuration names no usable scaling.
    """

    def __init__(self, autoencoder: nn.Module) -> None:
        # Classes of diffusers have no types.
        config: Any = autoencoder.config
        self.autoencoder: Any = autoencoder.requires_grad_(False).eval()
        self.scaling = LatentScaling.from_config(config)

    def digest(self) -> str:
        """Return a digest of configuration and weights.

        Returns:
            SHA-256 in hexadecimal.
        """
        return digest_of_autoencoder(self.autoencoder)

    def latent_shape(self, image_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of an image's latent.

        Args:
            image_shape: (channels, height, width).

        Returns:
            (latent channels, height, width), the sides divided by the stride.

        Raises:
            InputError: If the channels are others, or a side is no multiple of the stride.
        """
        return latent_shape(self.autoencoder, image_shape)

    def encode(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch latent_channels latent_height latent_width"]:
        """Return the latents of images.

        Args:
            images: Pixels in [0, 1].

        Returns:
            Latents of about unit power, of the network's precision, on its device.

        Raises:
            InputError: If the images have other channels, or a side is no multiple of the stride.
        """
        self.latent_shape(tuple(images.shape[1:]))
        pixels = images.to(self.autoencoder.device, self.autoencoder.dtype)
        posterior = self.autoencoder.encode(2.0 * pixels - 1.0).latent_dist
        return self.scaling.apply(posterior.mode())

    def decode(
        self, latents: Float[Tensor, "batch latent_channels latent_height latent_width"]
    ) -> Float[Tensor, "batch channels height width"]:
        """Return the images of latents.

        Args:
            latents: Of about unit power.

        Returns:
            Pixels, not clipped.
        """
        raw = self.scaling.undo(latents.to(self.autoencoder.device, self.autoencoder.dtype))
        return (self.autoencoder.decode(raw).sample + 1.0) / 2.0


def latent_shape(autoencoder: nn.Module, image_shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of an image's latent.

    Args:
        autoencoder: An AutoencoderKL of diffusers.
        image_shape: (channels, height, width).

    Returns:
        (latent channels, height, width), the sides divided by the stride.

    Raises:
        InputError: If the channels are others, or a side is no multiple of the stride.
    """
    config: Any = autoencoder.config
    channels, height, width = image_shape
    stride = 2 ** (len(config["block_out_channels"]) - 1)
    if channels != config["in_channels"]:
        raise InputError(
            f"images have {channels} channels; this autoencoder takes {config['in_channels']}"
        )
    if height % stride or width % stride:
        raise InputError(
            f"images are {height} x {width}; give sides that are multiples of {stride}"
        )
    return (config["latent_channels"], height // stride, width // stride)


def load_autoencoder(
    name: str, *, subfolder: str | None = None, dtype: torch.dtype = torch.float32
) -> AutoencoderCodec:
    """Return the codec of a stored autoencoder; weights are read from safetensors alone.

    Args:
        name: A local folder, or a name on the hub.
        subfolder: Folder of the autoencoder in there; ``vae`` for whole pipelines such as
            ``Tongyi-MAI/Z-Image``. A local folder that holds no configuration but has a folder
            ``vae`` needs no word.
        dtype: Precision of the weights.

    Returns:
        The codec, on the CPU.

    Raises:
        InputError: If there is none or it cannot be read.
    """
    # Importing diffusers takes seconds.
    from diffusers import AutoencoderKL

    folder = Path(name)
    if subfolder is None and (folder / "vae").is_dir() and not (folder / "config.json").exists():
        subfolder = "vae"
    options: dict[str, Any] = {} if subfolder is None else {"subfolder": subfolder}
    try:
        autoencoder = AutoencoderKL.from_pretrained(
            name, torch_dtype=dtype, use_safetensors=True, **options
        )
    except Exception as error:
        # Whatever the readers of configurations and weights raise, the folder is at fault.
        reason = " ".join(str(error).split())
        raise InputError(
            f"{name} cannot be read as an autoencoder ({reason}); give a folder of "
            "AutoencoderKL.save_pretrained, or a name on the hub"
        ) from error
    return AutoencoderCodec(autoencoder)


def digest_of_autoencoder(autoencoder: nn.Module) -> str:
    """Return a digest of everything that decides an autoencoder's latents.

    Args:
        autoencoder: The network.

    Returns:
        SHA-256 of configuration, names, types and values of the weights, in hexadecimal.
    """
    # Names with an underscore tell where a configuration comes from.
    stored: Any = autoencoder.config
    config = {key: one for key, one in stored.items() if not key.startswith("_")}
    digest = hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode())
    for name, weights in sorted(autoencoder.state_dict().items()):
        digest.update(f"{name} {weights.dtype} {tuple(weights.shape)}".encode())
        digest.update(weights.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()
