"""What turns images into latents and back; pixels themselves are the simplest latents."""

from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from jscgc_model.latent.scaling import LatentScaling


@runtime_checkable
class LatentCodec(Protocol):
    """A frozen extractor of latents, with its scaling."""

    def digest(self) -> str:
        """Return what tells codecs apart that give other latents."""

    def latent_shape(self, image_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of an image's latent.

        Args:
            image_shape: (channels, height, width).

        Returns:
            (channels, height, width) of the latent.

        Raises:
            InputError: If such images cannot be taken.
        """

    def encode(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch latent_channels latent_height latent_width"]:
        """Return the latents of images; the same each time.

        Args:
            images: Pixels in [0, 1].

        Returns:
            Latents of about unit power.
        """

    def decode(
        self, latents: Float[Tensor, "batch latent_channels latent_height latent_width"]
    ) -> Float[Tensor, "batch channels height width"]:
        """Return the images of latents.

        Args:
            latents: Of about unit power.

        Returns:
            Pixels, in [0, 1] for latents of images.
        """


class PixelCodec:
    """Takes pixels, or vectors, for latents, shifted and scaled: no network, no loss.

    Args:
        shift: ``latent_shift`` of a recipe.
        scale: ``latent_scale`` of a recipe.

    Raises:
        InputError: If the scale is not positive or a number is not finite.
    """

    def __init__(self, shift: float = 0.0, scale: float = 1.0) -> None:
        self._scaling = LatentScaling(shift=shift, scale=scale)

    def digest(self) -> str:
        """Return shift and scale.

        Returns:
            A text.
        """
        return f"pixels, shift {self._scaling.shift!r}, scale {self._scaling.scale!r}"

    def latent_shape(self, image_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of an image's latent.

        Args:
            image_shape: (channels, height, width), or that of a vector.

        Returns:
            The same.
        """
        return image_shape

    def encode(self, images: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
        """Return the latents of images.

        Args:
            images: Pixels in [0, 1], or vectors.

        Returns:
            ``(images - shift) scale``.
        """
        return self._scaling.apply(images)

    def decode(self, latents: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
        """Return the images of latents.

        Args:
            latents: Of about unit power.

        Returns:
            ``latents / scale + shift``.
        """
        return self._scaling.undo(latents)
