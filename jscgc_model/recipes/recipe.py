"""Everything a run depends on, in one record that survives a JSON round trip."""

import json
from collections.abc import Iterable
from typing import Any, Self

from pydantic import ValidationError

from jscgc_model.channel.settings import ChannelSettings
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import Architecture
from jscgc_model.recipes.sources import Source
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError
from jscgc_theory.records import Record


class Recipe(Record):
    """A run: what is sent, by what system, over what channel, how it is trained and sampled."""

    name: str
    about: str
    source: Source
    architecture: Architecture
    channel: ChannelSettings = ChannelSettings()
    training: TrainingSettings = TrainingSettings()
    sampler: SamplerSettings = SamplerSettings()
    latent_shift: float = 0.0
    """The generator works on ``(sample - latent_shift) * latent_scale``, of about unit power."""
    latent_scale: float = 1.0

    def changed(self, assignments: Iterable[str]) -> Self:
        """Return the recipe with some settings replaced.

        Args:
            assignments: Texts such as ``training.n_steps=200``, the values in JSON.

        Returns:
            Another recipe.

        Raises:
            InputError: If a text is no assignment, a setting does not exist or a value is wrong.
        """
        values = self.to_dict()
        for text in assignments:
            _assign(values, text)
        try:
            return type(self).model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise InputError(
                f"{place} = {first['input']!r}: {first['msg'].removeprefix('Value error, ')}"
            ) from error


def _assign(values: dict[str, Any], text: str) -> None:
    path, equals, value = text.partition("=")
    *outer, last = path.strip().split(".")
    place: Any = values
    for key in outer:
        place = place.get(key) if isinstance(place, dict) else None
    if not equals or not isinstance(place, dict) or last not in place:
        known = place if isinstance(place, dict) else values
        raise InputError(
            f"{text!r} sets nothing; give key=value with a key out of "
            f"{', '.join('.'.join([*outer, key]) for key in known)}"
        )
    try:
        place[last] = json.loads(value)
    except ValueError:
        place[last] = value.strip()
