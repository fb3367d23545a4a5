"""The one place where latents are shifted and scaled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from jaxtyping import Float
from torch import Tensor

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_finite_number, check_positive


@dataclass(frozen=True, kw_only=True)
class LatentScaling:
    """``x = (z - shift) scale``, the convention of FLUX's and Z-Image's pipelines.

    z is what the extractor makes; x, of about unit power, is what is sent and generated.
    """

    shift: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        check_finite_number(self.shift, name="latent shift")
        check_positive(self.scale, name="latent scale")

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the scaling that an autoencoder's configuration names.

        Args:
            config: Holds ``scaling_factor``, and ``shift_factor`` where there is one (Stable
                Diffusion's have none, which means 0).

        Returns:
            The scaling.

        Raises:
            InputError: If latents are scaled channel by channel, or there is no factor.
        """
        if config.get("latents_mean") is not None or config.get("latents_std") is not None:
            raise InputError(
                "the autoencoder scales its latents channel by channel (latents_mean, "
                "latents_std); give one with scaling_factor and shift_factor"
            )
        if config.get("scaling_factor") is None:
            raise InputError("the autoencoder names no scaling_factor; give its vae/config.json")
        return cls(
            shift=float(config.get("shift_factor") or 0.0), scale=float(config["scaling_factor"])
        )

    @classmethod
    def to_unit_power(cls, mean: float, standard_deviation: float) -> Self:
        """Return the scaling that gives latents mean 0 and variance 1.

        Args:
            mean: Of the latents before, over everything.
            standard_deviation: Likewise.

        Returns:
            The scaling.
        """
        deviation = check_positive(standard_deviation, name="standard deviation of the latents")
        return cls(shift=mean, scale=1.0 / deviation)

    def apply(self, raw: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Scale latents for the networks.

        Args:
            raw: z.

        Returns:
            x.
        """
        return (raw - self.shift) * self.scale

    def undo(self, latents: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Undo :meth:`apply`.

        Args:
            latents: x.

        Returns:
            z.
        """
        return latents / self.scale + self.shift
