"""Free-form parts of a record, brought at birth into the form in which JSON gives them back."""

import math
import os
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, BeforeValidator


def as_json_value(value: Any) -> Any:
    """Return a value built of dictionaries with text keys, lists, text, numbers, and None.

    Tuples and arrays become lists, NumPy scalars Python ones, paths text and records dictionaries.
    JSON has no infinite numbers: they become the text ``Infinity``, ``-Infinity`` or ``NaN``. What
    is read back from JSON then equals what was written.

    Args:
        value: What a caller put into a free-form field.

    Returns:
        The same content in plain containers.

    Raises:
        ValueError: If something in it has no place in JSON.
    """
    value = _unwrapped(value)
    if isinstance(value, Mapping):
        return {_text_key(key): as_json_value(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [as_json_value(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0.0 else "-Infinity"
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"{type(value).__name__} has no place in JSON; give plain values")


def _unwrapped(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return value


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError(f"key {key!r} is not text; JSON objects have text keys")
    return key


JsonObject = Annotated[dict[str, Any], BeforeValidator(as_json_value)]
"""Type of a record field that holds any JSON object."""
