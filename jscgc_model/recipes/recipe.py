"""Everything a run depends on, in one record that survives a JSON round trip."""

from typing import ClassVar, Self

from pydantic import Field, FiniteFloat, model_validator

from jscgc_model.channel.settings import ChannelSettings
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import Architecture
from jscgc_model.recipes.changeable_record import RECIPE_NAME as RECIPE_NAME
from jscgc_model.recipes.changeable_record import ChangeableRecord
from jscgc_model.recipes.codecs import AutoencoderChoice
from jscgc_model.recipes.kinds import kinds_of
from jscgc_model.recipes.sources import Source
from jscgc_model.training.settings import TrainingSettings


class Recipe(ChangeableRecord):
    """A run: what is sent, by what system, over what channel, how it is trained and sampled."""

    kinds: ClassVar[tuple[str, ...]] = (*kinds_of(Source), *kinds_of(Architecture))

    source: Source
    architecture: Architecture
    channel: ChannelSettings = ChannelSettings()
    training: TrainingSettings = TrainingSettings()
    sampler: SamplerSettings = SamplerSettings()
    latent_shift: FiniteFloat = 0.0
    """The generator works on ``(sample - latent_shift) * latent_scale``, of about unit power."""
    latent_scale: FiniteFloat = Field(default=1.0, gt=0.0)
    codec: AutoencoderChoice | None = None
    """An autoencoder whose latents, of about unit power, the generator works on instead."""

    @model_validator(mode="after")
    def _scales_once(self) -> Self:
        if self.codec is not None and (self.latent_shift, self.latent_scale) != (0.0, 1.0):
            raise ValueError(
                "latent_shift and latent_scale are for pixels; a codec scales its own latents"
            )
        return self
