"""How real and how right drawn images are: the nearest image the drawing can make, its factors.

The distance to it says whether an image lies on the manifold of drawn images (realism), the
difference of its factors from those of the source what it means (consistency).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources import Drawing
from jscgc_theory.validation import as_generator

_N_STARTS = 4096
_N_ITERATIONS = 15
_DAMPING = (1e-3, 1e8)
_ROWS_PER_CHUNK = 256

_Factors = Float[NDArray[np.float64], "n_images n_factors"]
_Pixels = Float[NDArray[np.float64], "n_images n_pixels"]
_StartFactors = Float[NDArray[np.float64], "n_starts n_factors"]
_StartPixels = Float[NDArray[np.float64], "n_starts n_pixels"]


class FactorRecovery(NamedTuple):
    """The nearest drawn image of each image."""

    factors: _Factors
    """Its factors, in [0, 1]."""
    distance: Float[NDArray[np.float64], " n_images"]
    """Root mean square difference of a pixel from it."""


def recover_factors(images: ArrayLike, drawing: Drawing, *, rng: object = None) -> FactorRecovery:
    """Find the drawn image nearest to each image.

    The best of many random drawings starts a Levenberg-Marquardt search within the unit cube of
    factors, which keeps a step only if it comes nearer.

    Args:
        images: Pixels, shape (n_images, channels, height, width).
        drawing: What images can be drawn.
        rng: Generator or seed of the starts.

    Returns:
        Factors and distances.

    Raises:
        InputError: If the images have another shape than the drawing's, or are not finite.
    """
    pixels = np.asarray(images, dtype=np.float64)
    expected = (drawing.channels, drawing.pixels, drawing.pixels)
    if pixels.ndim != 4 or pixels.shape[1:] != expected:
        raise InputError(
            f"images have shape {pixels.shape}; the drawing makes (n_images, "
            f"{', '.join(map(str, expected))})"
        )
    if not np.isfinite(pixels).all():
        raise InputError("images hold NaN or inf; leave those out")
    rows = pixels.reshape(len(pixels), -1)
    starts = as_generator(rng).random((_N_STARTS, drawing.intrinsic_dim))
    bank = drawing.render(starts).reshape(_N_STARTS, -1)
    parts = [
        _descend(rows[begin : begin + _ROWS_PER_CHUNK], drawing, starts, bank)
        for begin in range(0, len(rows), _ROWS_PER_CHUNK)
    ]
    return FactorRecovery(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _descend(
    rows: _Pixels, drawing: Drawing, starts: _StartFactors, bank: _StartPixels
) -> FactorRecovery:
    square = np.square(bank).sum(axis=1)[None, :] - 2.0 * rows @ bank.T
    factors = starts[square.argmin(axis=1)]
    error = _misfit(factors, rows, drawing)
    damping = np.full(len(rows), 1e-2)
    for _ in range(_N_ITERATIONS):
        trial = _step(factors, error, damping, drawing)
        trial_error = _misfit(trial, rows, drawing)
        nearer = np.square(trial_error).sum(axis=1) < np.square(error).sum(axis=1)
        factors = np.where(nearer[:, None], trial, factors)
        error = np.where(nearer[:, None], trial_error, error)
        damping = np.clip(damping * np.where(nearer, 0.2, 10.0), *_DAMPING)
    return FactorRecovery(factors, np.sqrt(np.square(error).mean(axis=1)))


def _misfit(factors: _Factors, rows: _Pixels, drawing: Drawing) -> _Pixels:
    return rows - drawing.render(factors).reshape(rows.shape)


def _step(
    factors: _Factors, error: _Pixels, damping: Float[NDArray[np.float64], " n"], drawing: Drawing
) -> _Factors:
    slopes = drawing.jacobian(factors)
    normal = np.swapaxes(slopes, 1, 2) @ slopes
    diagonal = np.einsum("nkk->nk", normal)
    damped = normal + damping[:, None, None] * (
        diagonal[:, :, None] * np.eye(diagonal.shape[1]) + 1e-9 * np.eye(diagonal.shape[1])
    )
    change = np.linalg.solve(damped, np.swapaxes(slopes, 1, 2) @ error[:, :, None])[:, :, 0]
    return np.clip(factors + change, 0.0, 1.0)
