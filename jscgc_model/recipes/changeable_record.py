"""Records whose settings are changed one by one, by their dotted names."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from functools import reduce
from typing import Any, ClassVar, Self

from pydantic import ValidationError

from jscgc_theory.errors import InputError
from jscgc_theory.records import Record

RECIPE_NAME = "recipe.json"
"""Of the file in a run's folder."""


class ChangeableRecord(Record):
    """Everything a run depends on."""

    kinds: ClassVar[tuple[str, ...]] = ()
    """Names of the kinds that its fields choose from."""

    name: str
    about: str

    def identity(self) -> dict[str, Any]:
        """Return everything that decides the course of a run, by dotted name.

        Returns:
            All settings but those that name it, or say how often it is saved and where what is
            kept lies.
        """
        return {
            name: value
            for name, value in _flat(self.to_dict()).items()
            if name not in _FREE_TO_CHANGE
        }

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
            raise InputError(_told(error, self.kinds)) from error


_FREE_TO_CHANGE = (
    "name",
    "about",
    "training.save_every",
    "training.gradient_checkpointing",
    "training.sharding",
)


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{inner}": one for inner, one in _flat(value).items()}
        else:
            flat[key] = value
    return flat


def _assign(values: dict[str, Any], text: str) -> None:
    key, equals, value = text.partition("=")
    *outer, last = key.strip().split(".")
    # Another kind has other settings, which cannot follow one by one.
    known = [name for name in _flat(values) if not name.endswith(".kind")]
    if not equals or ".".join([*outer, last]) not in known:
        nearest = get_close_matches(key, known, cutoff=0.0)
        raise InputError(
            f"{text!r} sets nothing; give KEY=VALUE, with a key such as {', '.join(nearest)} (the "
            f"{RECIPE_NAME} of a run shows them all)"
        )
    place = reduce(lambda section, name: section[name], outer, values)
    try:
        place[last] = json.loads(value)
    except ValueError:
        place[last] = value.strip()


def _told(error: ValidationError, kinds: tuple[str, ...]) -> str:
    first = error.errors()[0]
    # Pydantic puts the kind of a source or an architecture behind its name.
    names = [str(name) for name in first["loc"] if name not in kinds]
    if first["type"] == "value_error":
        return f"{'.'.join(names)}: {first['ctx']['error']}"
    return f"{'.'.join(names)} = {first['input']!r}: {first['msg']}; give such a value"
