"""From samples to samples, in diffusers' conventions, whatever the system."""

from collections.abc import Callable
from dataclasses import asdict, replace
from os import PathLike
from typing import Any, ClassVar, Self, cast

import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.channel import Received
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.latent import AutoencoderCodec, LatentCodec, PixelCodec
from jscgc_model.pipelines.transmission_output import TransmissionOutput
from jscgc_model.system import CommunicationSystem
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_finite_number


class CommunicationPipeline(DiffusionPipeline):
    """Sends samples over the channel and generates from what arrives.

    A subclass names its networks, in the signature of its constructor, as its system does.

    Args:
        system: The networks and the channel; its children become components.
        sampler_settings: Of the sampler, as a dictionary; the defaults if None.
        latent_shift: The networks work on ``(sample - latent_shift) * latent_scale``.
        latent_scale: See there.
        vae: An autoencoder whose latents they work on instead; None for none.
    """

    takes_codec: ClassVar[bool] = False
    """Whether the networks may work on latents of an autoencoder, the component ``vae``."""

    def __init__(
        self,
        system: CommunicationSystem,
        sampler_settings: dict[str, Any] | None,
        latent_shift: float,
        latent_scale: float,
        vae: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.register_modules(**dict(system.named_children()))
        if self.takes_codec:
            self.register_modules(vae=vae)
        self.register_to_config(
            channel_settings=asdict(system.channel.settings),
            sampler_settings=sampler_settings,
            latent_shift=latent_shift,
            latent_scale=latent_scale,
        )
        self._system = system

    @classmethod
    def from_system(
        cls,
        system: CommunicationSystem,
        sampler: SamplerSettings,
        *,
        latent_shift: float = 0.0,
        latent_scale: float = 1.0,
        vae: nn.Module | None = None,
    ) -> Self:
        """Return a pipeline around a system; it shares the weights.

        Args:
            system: The system.
            sampler: How to sample by default.
            latent_shift: See the class.
            latent_scale: See the class.
            vae: See the class.

        Returns:
            The pipeline.

        Raises:
            InputError: If such a system works on pixels alone.
        """
        if vae is not None and not cls.takes_codec:
            raise InputError(f"a {cls.__name__} works on pixels; leave the codec out")
        own = {} if vae is None else {"vae": vae}
        return cast(Callable[..., Self], cls)(
            **dict(system.named_children()),
            **own,
            channel_settings=asdict(system.channel.settings),
            sampler_settings=asdict(sampler),
            latent_shift=latent_shift,
            latent_scale=latent_scale,
        )

    @classmethod
    def from_pretrained(cls, folder: str | PathLike[str], **options: Any) -> Self:
        """Return a saved pipeline; weights are read from safetensors alone, never from pickles.

        Args:
            folder: Folder of ``save_pretrained``, or a name on the hub.
            **options: Others of diffusers.

        Returns:
            The pipeline.
        """
        return super().from_pretrained(folder, **{**options, "use_safetensors": True})

    @property
    def system(self) -> CommunicationSystem:
        """The networks and the channel."""
        return self._system

    @property
    def sampler(self) -> SamplerSettings:
        """How samples are drawn by default."""
        return SamplerSettings(**(self.config.sampler_settings or {}))

    @property
    def codec(self) -> LatentCodec:
        """What stands between samples and what the networks work on."""
        if self._has_codec:
            return AutoencoderCodec(self.vae)
        return PixelCodec(self.config.latent_shift, self.config.latent_scale)

    @property
    def sample_channels(self) -> int | None:
        """Channels of the images it takes; None if it takes vectors."""
        first = self.vae if self._has_codec else self.encoder
        channels: int | None = first.config.get("in_channels")
        return channels

    @property
    def _has_codec(self) -> bool:
        return self.takes_codec and self.vae is not None

    def to_latents(self, samples: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
        """Return what the networks work on.

        Args:
            samples: In data units.

        Returns:
            Of about unit power.
        """
        return self.codec.encode(samples).to(self.dtype)

    def to_samples(self, latents: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
        """Undo :meth:`to_latents`.

        Args:
            latents: Of about unit power.

        Returns:
            In data units.
        """
        return self.codec.decode(latents).to(self.dtype)

    @torch.no_grad()
    def transmit(
        self,
        samples: Float[Tensor, "batch ..."],
        snr_db: float,
        generator: torch.Generator,
        *,
        batch_size: int = 256,
    ) -> Received:
        """Encode samples and send them.

        Args:
            samples: In data units.
            snr_db: Es/N0 in dB.
            generator: Noise of the channel; a CPU generator.
            batch_size: Samples encoded at once.

        Returns:
            What was sent and received.

        Raises:
            InputError: If there are no samples, or some are not finite.
        """
        if len(samples) == 0 or not bool(samples.isfinite().all()):
            raise InputError("samples are none, or hold NaN or inf; give finite values")
        level = check_finite_number(snr_db, name="snr_db")
        own = samples.to(self.device, self.dtype)
        latents = torch.cat([self.to_latents(part) for part in own.split(batch_size)])
        snrs = latents.new_full((len(latents),), level)
        parts = zip(latents.split(batch_size), snrs.split(batch_size), strict=True)
        symbols = torch.cat([self.encoder(*part) for part in parts])
        draw = self.system.channel.draw(
            len(latents), symbols.shape[1], generator, dtype=symbols.dtype, device=self.device
        )
        return self.system.channel.transmit(symbols, snrs, draw)

    @torch.no_grad()
    def __call__(
        self,
        samples: Float[Tensor, "batch ..."],
        snr_db: float,
        *,
        num_inference_steps: int | None = None,
        num_draws: int = 1,
        guidance_scale: float = 1.0,
        generator: torch.Generator | None = None,
        batch_size: int = 256,
    ) -> TransmissionOutput:
        """Send samples and generate from what arrives.

        Args:
            samples: Images in [0, 1], shape (batch, channels, height, width), or vectors.
            snr_db: Es/N0 in dB.
            num_inference_steps: Steps of the sampler, where there is one; by default the
                pipeline's own.
            num_draws: Draws from p(x | y_hat) for each sample; equal for a system that
                reconstructs.
            guidance_scale: w of classifier-free guidance; 1 for none.
            generator: All randomness, a CPU generator; by default seeded with 0.
            batch_size: Samples encoded, and draws generated, at once.

        Returns:
            Draws and transmission.

        Raises:
            InputError: If samples are not finite or a number is out of range.
        """
        n_draws = check_count(num_draws, name="num_draws")
        n_at_once = check_count(batch_size, name="batch_size")
        randomness = generator or torch.Generator().manual_seed(0)
        sampler = self.sampler
        if num_inference_steps is not None:
            sampler = replace(sampler, n_steps=num_inference_steps)
        received = self.transmit(samples, snr_db, randomness, batch_size=n_at_once)
        n_different = n_draws if self.system.draws_differ else 1
        features = received.features().repeat_interleave(n_different, dim=0)
        shape = (len(features), *self.codec.latent_shape(tuple(samples.shape[1:])))
        noise = torch.randn(shape, generator=randomness, dtype=self.dtype).to(self.device)
        parts = [
            self.to_samples(
                self.system.generate(some, start, sampler, guidance_scale=guidance_scale)
            )
            for some, start in zip(features.split(n_at_once), noise.split(n_at_once), strict=True)
        ]
        generated = torch.cat(parts).unflatten(0, (len(samples), n_different))
        return TransmissionOutput(
            samples=generated.repeat_interleave(n_draws // n_different, dim=1), received=received
        )
