"""Checks at the door: every public function passes its arguments through here.

Each check returns the value in the form the inner code works with or raises
:class:`~jscgc_theory.errors.InputError` naming the value, the problem and the remedy.
What a user may hand over is ``Any``: telling whether it is usable is the work of this file.
"""

import math
import reprlib
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError

_ROWS_PER_CHECK = 8192


def check_points(
    points: ArrayLike, *, name: str = "points", min_points: int = 2
) -> NDArray[np.floating]:
    """Check a cloud of points and return it as a floating-point matrix.

    A memory-mapped floating-point array is returned as it is, not copied; integers become float32
    where that is exact (8 and 16 bit) and float64 otherwise.

    Args:
        points: Matrix of shape (n_points, ambient_dim); images, (n_points, ...), are flattened.
        name: What to call the array in messages.
        min_points: Least number of rows.

    Returns:
        Matrix of shape (n_points, ambient_dim), float32 or float64, all finite.

    Raises:
        InputError: If the array is not numeric, not at least two-dimensional, has too few rows or
            no columns, or holds NaN or infinite values.
    """
    array = _as_float_array(points, name)
    if array.ndim < 2:
        raise InputError(
            f"{name} has shape {array.shape}; expected (n_points, ambient_dim): "
            "for one coordinate per point use points.reshape(-1, 1)"
        )
    if array.ndim > 2:
        array = array.reshape(array.shape[0], math.prod(array.shape[1:]))
    n_points, ambient_dim = array.shape
    if ambient_dim == 0:
        raise InputError(
            f"{name} has no columns (shape {array.shape}); give at least one coordinate per point"
        )
    if n_points < min_points:
        raise InputError(
            f"{name} has {n_points} rows; at least {min_points} are needed: add points"
        )
    _check_finite(array, name)
    return array


def _as_float_array(points: ArrayLike, name: str) -> NDArray[np.floating]:
    array = _as_array(points, name)
    if np.issubdtype(array.dtype, np.complexfloating):
        raise InputError(
            f"{name} is complex ({array.dtype}); stack real and imaginary parts as columns"
        )
    if array.dtype in (np.float32, np.float64):
        return array
    if array.dtype in (np.uint8, np.int8, np.uint16, np.int16, np.float16, np.bool_):
        return array.astype(np.float32)
    if not np.issubdtype(array.dtype, np.number):
        raise InputError(f"{name} has dtype {array.dtype}; give real numbers")
    return array.astype(np.float64)


def _as_array(points: ArrayLike, name: str) -> NDArray[Any]:
    try:
        array = np.asanyarray(points)
    except ValueError as error:
        raise InputError(f"{name} is ragged: {error}; give rows of equal length") from error
    except (TypeError, RuntimeError) as error:
        # A tensor on a GPU, or one that requires a gradient.
        raise InputError(f"{name} cannot be read: {error}; give a NumPy array") from error
    if np.ma.is_masked(array):
        raise InputError(f"{name} has masked entries; remove or impute the rows that hold them")
    # np.matrix and its like redefine the operators that the inner code uses.
    return array if isinstance(array, np.memmap) else np.asarray(array)


def _check_finite(array: NDArray[np.floating], name: str) -> None:
    for start in range(0, array.shape[0], _ROWS_PER_CHECK):
        rows = array[start : start + _ROWS_PER_CHECK]
        bad = ~np.isfinite(rows)
        if bad.any():
            row, column = (int(axis[0]) for axis in np.nonzero(bad))
            raise InputError(
                f"{name} holds {rows[row, column]} at row {start + row}, column {column}; "
                "remove or impute such rows"
            )


def check_paired(
    source: ArrayLike, generated: ArrayLike
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Check two clouds whose rows belong together.

    Args:
        source: Matrix of shape (n_points, ambient_dim).
        generated: Matrix of the same shape.

    Returns:
        Both as floating-point matrices.

    Raises:
        InputError: If either is unusable or the shapes differ.
    """
    first = check_points(source, name="source", min_points=1)
    second = check_points(generated, name="generated", min_points=1)
    if first.shape != second.shape:
        raise InputError(
            f"source has shape {first.shape} but generated has {second.shape}; "
            "rows must pair up one to one"
        )
    return first, second


def check_probability(value: Any, *, name: str = "outage_probability") -> float:
    """Check a probability strictly between 0 and 1.

    Args:
        value: The probability.
        name: What to call it in messages.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is not a number in the open interval (0, 1).
    """
    number = check_finite_number(value, name=name)
    if not 0.0 < number < 1.0:
        raise InputError(f"{name} = {number:g} is outside (0, 1); give a probability such as 0.1")
    return number


def check_nonnegative(value: Any, *, name: str) -> float:
    """Check a finite number that may not be negative.

    Args:
        value: The number.
        name: What to call it in messages.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is negative or not finite.
    """
    number = check_finite_number(value, name=name)
    if number < 0.0:
        raise InputError(f"{name} = {number:g} is negative; give a value of at least 0")
    return number


def check_positive(value: Any, *, name: str) -> float:
    """Check a finite number greater than zero.

    Args:
        value: The number.
        name: What to call it in messages.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is not positive or not finite.
    """
    number = check_finite_number(value, name=name)
    if number <= 0.0:
        raise InputError(f"{name} = {number:g} is not positive; give a value above 0")
    return number


def check_count(value: Any, *, name: str, minimum: int = 1) -> int:
    """Check a whole number with a least value.

    Args:
        value: The number.
        name: What to call it in messages.
        minimum: Least value allowed.

    Returns:
        The value as an int.

    Raises:
        InputError: If it is not whole or too small.
    """
    number = check_finite_number(value, name=name)
    if number != int(number):
        raise InputError(
            f"{name} = {value!r} is not a whole number; give an integer of at least {minimum}"
        )
    if number < minimum:
        raise InputError(f"{name} = {int(number)} is too small; give at least {minimum}")
    return int(number)


def check_finite_number(value: Any, *, name: str) -> float:
    """Check a finite real number.

    Args:
        value: The number.
        name: What to call it in messages.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is not a real number or not finite.
    """
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{name} = {reprlib.repr(value)} is not a number; give a finite real number"
        ) from error
    except OverflowError as error:
        raise InputError(f"{name} is too large for a float; give a finite real number") from error
    if not math.isfinite(number):
        raise InputError(f"{name} = {number} is not finite; give a finite real number")
    return number


def check_number_list(values: Any, *, name: str) -> tuple[float, ...]:
    """Check one finite number or a non-empty list of them.

    Args:
        values: A number or several.
        name: What to call them in messages.

    Returns:
        The numbers as a tuple of floats.

    Raises:
        InputError: If there are none or one is not finite.
    """
    listed = np.atleast_1d(np.asarray(values, dtype=object)).tolist()
    if not listed:
        raise InputError(f"{name} is empty; give at least one value")
    return tuple(check_finite_number(value, name=name) for value in listed)


def as_generator(rng: Any) -> np.random.Generator:
    """Return a random generator from a generator or a seed.

    Args:
        rng: A generator (used as it is), a seed, or None for seed 0.

    Returns:
        The generator.

    Raises:
        InputError: If the value is neither.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng(0)
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer):
        raise InputError(
            f"rng = {reprlib.repr(rng)} is neither a numpy Generator nor a seed; "
            "use np.random.default_rng(0)"
        )
    return np.random.default_rng(check_count(int(rng), name="seed", minimum=0))


Points = Float[NDArray[np.floating], "n_points ambient_dim"]
"""Shape legend: a validated cloud of points."""
