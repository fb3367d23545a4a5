"""Which latents a recipe works on."""

from pathlib import Path
from typing import Literal

import torch
from pydantic import Field

from jscgc_model.latent import AutoencoderCodec, load_autoencoder
from jscgc_theory.errors import InputError
from jscgc_theory.records import Record


class AutoencoderChoice(Record):
    """An AutoencoderKL of diffusers, frozen; it scales its own latents."""

    name: str
    """Folder, or name on the hub."""
    subfolder: str | None = None
    """Of a whole pipeline, ``vae``."""
    latent_channels: int = Field(default=16, ge=1)
    stride: int = Field(default=8, ge=1)
    """Pixels of a latent's cell; sizes are thus known before anything is read."""
    precision: Literal["float32", "bfloat16"] = "float32"
    cache: str | None = None
    """Folder of ``jscgc latents``; training reads latents there and makes none."""

    def latent_shape(self, image_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of an image's latent.

        Args:
            image_shape: (channels, height, width).

        Returns:
            (latent_channels, height, width).

        Raises:
            InputError: If a side is no multiple of the stride.
        """
        _, height, width = image_shape
        if height % self.stride or width % self.stride:
            raise InputError(
                f"images of {height} x {width} pixels have no whole latent at stride = "
                f"{self.stride}; give sides that are multiples"
            )
        return (self.latent_channels, height // self.stride, width // self.stride)


def read_codec(chosen: AutoencoderChoice, image_shape: tuple[int, ...]) -> AutoencoderCodec:
    """Read an autoencoder and check that it makes the latents that were promised.

    Args:
        chosen: The choice.
        image_shape: (channels, height, width).

    Returns:
        The codec, on the CPU.

    Raises:
        InputError: If it cannot be read or makes other latents.
    """
    dtype = torch.float32 if chosen.precision == "float32" else torch.bfloat16
    codec = load_autoencoder(chosen.name, subfolder=chosen.subfolder, dtype=dtype)
    found, wanted = codec.latent_shape(image_shape), chosen.latent_shape(image_shape)
    if found != wanted:
        raise InputError(
            f"the autoencoder in {chosen.name} makes latents of shape {found}, not {wanted}; set "
            "codec.latent_channels and codec.stride to its own"
        )
    return codec


def cache_folder(chosen: AutoencoderChoice | None) -> Path | None:
    """Return the folder of the latents that training reads, if there is one.

    Args:
        chosen: The choice; None for pixels.

    Returns:
        The folder.
    """
    return Path(chosen.cache) if chosen is not None and chosen.cache is not None else None
