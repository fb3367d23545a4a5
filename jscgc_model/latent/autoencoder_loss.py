"""What an autoencoder is trained by: distortion, and a little divergence of its latents."""

from dataclasses import dataclass
from typing import Any

from jaxtyping import Float
from torch import Tensor, nn

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_nonnegative


@dataclass(frozen=True, kw_only=True)
class AutoencoderLoss:
    """``E|x - x_hat|^p + kl_weight KL(q(z|x) || N(0, 1))``, both a mean over pixel values.

    z is drawn from the posterior ``q(z|x) = N(mu(x), sigma(x)^2)``; pixels lie in [-1, 1].

    References:
        Rombach et al., "High-resolution image synthesis with latent diffusion models", 2022,
        without its perceptual and adversarial parts.
    """

    distortion: str = "l1"
    """``l1`` (p = 1) or ``mse`` (p = 2)."""
    kl_weight: float = 1e-4

    def __post_init__(self) -> None:
        if self.distortion not in ("l1", "mse"):
            raise InputError(f"distortion = {self.distortion!r} is unknown; choose l1 or mse")
        check_nonnegative(self.kl_weight, name="kl_weight")

    def __call__(
        self,
        autoencoder: nn.Module,
        images: Float[Tensor, "batch channels height width"],
        noise: Float[Tensor, "batch latent_channels latent_height latent_width"],
    ) -> Float[Tensor, ""]:
        """Return the loss of a batch.

        Args:
            autoencoder: An AutoencoderKL of diffusers.
            images: Pixels in [0, 1].
            noise: Standard normal; draws z from the posterior.

        Returns:
            The loss.
        """
        # Classes of diffusers have no types.
        network: Any = autoencoder
        pixels = 2.0 * images - 1.0
        posterior = network.encode(pixels).latent_dist
        error = network.decode(posterior.mean + posterior.std * noise).sample - pixels
        distortion = error.abs() if self.distortion == "l1" else error.square()
        loss: Tensor = distortion.mean() + self.kl_weight * posterior.kl().sum() / pixels.numel()
        return loss
