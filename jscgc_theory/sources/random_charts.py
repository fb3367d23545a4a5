"""Charts drawn at random: smooth maps of parameters into space that lose no dimension.

Flat, graphs of waves and of quadratics, products of curves, layers of random networks, rolls; and
without the parameters among the coordinates: waves, products, bumps, orbits of rotations.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.sources.random_numbers import log_uniform

Chart = Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]


def _waves(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    n_columns = points.shape[1]
    n_waves = int(rng.integers(1, 3 * n_columns + 2))
    frequency = log_uniform(0.2, 3.0, rng) / np.sqrt(n_columns)
    phase = points @ (frequency * rng.standard_normal((n_columns, n_waves)))
    waves = np.sin(phase + rng.uniform(0.0, 2.0 * np.pi, n_waves))
    return np.hstack([points, log_uniform(0.1, 2.0, rng) * waves])


def _quadratics(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    n_columns = points.shape[1]
    n_forms = int(rng.integers(1, 2 * n_columns + 2))
    first, second = rng.standard_normal((2, n_columns, n_forms)) / np.sqrt(n_columns)
    height = log_uniform(0.05, 1.5, rng)
    return np.hstack([points, height * (points @ first) * (points @ second)])


def _curves(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Carry each column along a curve of its own: a product of curves."""
    angle = points * log_uniform(0.3, 4.0, rng, points.shape[1])
    decay = rng.uniform(0.0, 1.5)
    parts = []
    for harmonic in range(1, int(rng.integers(2, 5))):
        weight = harmonic**-decay
        parts += [weight * np.cos(harmonic * angle), weight * np.sin(harmonic * angle)]
    if rng.random() < 0.5:
        parts.append(points * rng.random())
    return np.hstack(parts)


def _network_layer(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    n_columns = points.shape[1]
    width = int(rng.integers(n_columns + 2, 4 * n_columns + 8))
    gain = log_uniform(0.3, 3.0, rng) / np.sqrt(n_columns)
    entering = points @ (gain * rng.standard_normal((n_columns, width)))
    return np.asarray(np.tanh(entering + 0.5 * rng.standard_normal(width)))


def _roll(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    along = rng.uniform(0.5, 4.0) * (points[:, :1] - points[:, :1].min()) + rng.uniform(0.2, 4.0)
    across = points[:, 1:] * rng.uniform(0.5, 4.0)
    return np.hstack([along * np.cos(along), along * np.sin(along), across])


def _features(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Waves alone, enough of them to tell all directions: every coordinate turns back."""
    frequency = log_uniform(0.2, 3.0, rng) / np.sqrt(points.shape[1])
    phase = points @ (frequency * rng.standard_normal((points.shape[1], _enough(points, rng))))
    return np.asarray(np.cos(phase + rng.uniform(0.0, 2.0 * np.pi, phase.shape[1])))


def _forms(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Products of two affine functions each, as the entries of products of matrices are."""
    n_columns, n_forms = points.shape[1], _enough(points, rng)
    first, second = rng.standard_normal((2, n_columns, n_forms)) / np.sqrt(n_columns)
    offsets = log_uniform(0.1, 2.0, rng) * rng.standard_normal((2, n_forms))
    return np.asarray((points @ first + offsets[0]) * (points @ second + offsets[1]))


def _bumps(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Nearness to random places, as pixels see an object that moves."""
    n_columns, n_places = points.shape[1], _enough(points, rng)
    places = log_uniform(0.5, 2.0, rng) * rng.standard_normal((n_places, n_columns))
    width = log_uniform(0.7, 4.0, rng) * np.sqrt(n_columns)
    squares = np.square(points).sum(axis=1)[:, None] + np.square(places).sum(axis=1)
    squares -= 2.0 * points @ places.T
    return np.asarray(np.exp(-0.5 * squares / width**2))


def _orbit(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Vectors turned by rotations whose generators are weighted by the parameters (Cayley)."""
    n_columns = points.shape[1]
    size = int(rng.integers(0, 4)) + 3 + math.isqrt(2 * n_columns)
    n_vectors = -(-_enough(points, rng) // size)
    generators = rng.standard_normal((n_columns, size, size))
    generators -= generators.transpose(0, 2, 1)
    angle = log_uniform(0.2, 1.5, rng) / np.sqrt(2.0 * size * n_columns)
    turn = angle * (points @ generators.reshape(n_columns, -1)).reshape(-1, size, size)
    moved = (np.eye(size) + turn) @ rng.standard_normal((size, min(n_vectors, size)))
    return np.linalg.solve(np.eye(size) - turn, moved).reshape(len(points), -1)


def _enough(points: NDArray[np.float64], rng: np.random.Generator) -> int:
    """Return how many functions of the parameters a chart without them shall have."""
    n_columns = points.shape[1]
    return int(rng.integers(2 * n_columns + 2, 4 * n_columns + 10))


CHARTS: dict[str, Chart] = {
    "flat": lambda points, rng: points,
    "waves": _waves,
    "quadratics": _quadratics,
    "curves": _curves,
    "network layer": _network_layer,
    "roll": _roll,
    "features": _features,
    "forms": _forms,
    "bumps": _bumps,
    "orbit": _orbit,
}
"""Charts: a matrix of parameters and a generator to a matrix of as many columns or more."""

SECOND_CHARTS = ("waves", "quadratics", "network layer", "features", "forms")
"""Charts that may follow another: they bend however many columns they are given."""
