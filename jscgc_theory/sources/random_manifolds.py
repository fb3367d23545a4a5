"""Manifolds drawn at random, of known dimension, on which estimators are calibrated.

A law on d parameters (bounded, smooth, skewed, heavy-tailed, clustered) is carried into space by
one or two random charts (flat, graphs of waves and of quadratics, products of curves, a layer of
a random network, a roll). Each chart is an immersion, so that the dimension stays d. None of the
sets on which estimators are compared is among them by name; they are what such sets are made of.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.manifold import Sample
from jscgc_theory.validation import check_count

_Law = Callable[[int, int, np.random.Generator], NDArray[np.float64]]
_Chart = Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]

_LARGEST_AMBIENT_DIM = 500
_SHARE_STRETCHED, _SHARE_MIXED, _SHARE_BENT_TWICE = 0.5, 0.5, 0.25


@dataclass(frozen=True)
class RandomManifold:
    """Points of a manifold drawn at random, with what it was made of."""

    points: Sample
    """Shape (n_points, ambient_dim)."""
    intrinsic_dim: int
    """True dimension d."""
    law: str
    """Name of the law of the parameters."""
    charts: tuple[str, ...]
    """Names of the charts, in the order in which they were applied."""


def random_manifold(n_points: int, intrinsic_dim: int, rng: np.random.Generator) -> RandomManifold:
    """Draw a manifold of a dimension, and points of it.

    Args:
        n_points: Number of points, at least two.
        intrinsic_dim: d.
        rng: Source of randomness, of the manifold as of the points.

    Returns:
        The points, the law and the charts.
    """
    n_points = check_count(n_points, name="n_points", minimum=2)
    intrinsic_dim = check_count(intrinsic_dim, name="intrinsic_dim")
    law = str(rng.choice(list(LAWS)))
    points = _standard(LAWS[law](n_points, intrinsic_dim, rng))
    if rng.random() < _SHARE_STRETCHED:
        points = points * _log_normal(0.6 * rng.random(), points.shape[1], rng)
    charts = [str(rng.choice(list(CHARTS)))]
    points = CHARTS[charts[0]](points, rng)
    if rng.random() < _SHARE_BENT_TWICE and points.shape[1] < _LARGEST_AMBIENT_DIM // 3:
        charts.append(str(rng.choice(_SECOND_CHARTS)))
        points = CHARTS[charts[1]](_standard(points), rng)
    if rng.random() < _SHARE_MIXED and points.shape[1] < _LARGEST_AMBIENT_DIM // 3:
        points = points @ _mixing(points.shape[1], rng)
    return RandomManifold(points, intrinsic_dim, law, tuple(charts))


def _standard(points: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = points - points.mean(axis=0)
    spread = float(moved.std())
    if not 0.0 < spread < np.inf:
        raise InputError(f"{len(points)} points do not spread; draw more of them")
    return np.asarray(moved / spread)


def _log_uniform(
    low: float, high: float, rng: np.random.Generator, size: int | None = None
) -> NDArray[np.float64]:
    return np.asarray(np.exp(rng.uniform(np.log(low), np.log(high), size)))


def _log_normal(sigma: float, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(np.exp(sigma * rng.standard_normal(size)))


def _directions(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    normal = rng.standard_normal((n, d))
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))


def _ball(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return _directions(n, d, rng) * rng.random((n, 1)) ** (1.0 / d)


def _torus(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.uniform(0.0, 2.0 * np.pi, (n, d))
    return np.hstack([np.cos(angle), np.sin(angle)])


def _beta(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    a, b = _log_uniform(0.5, 8.0, rng, 2)
    return rng.beta(a, b, (n, d))


def _gamma(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.gamma(float(_log_uniform(0.7, 5.0, rng)), size=(n, d))


def _clusters(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    centres = rng.standard_normal((int(rng.integers(2, 6)), d)) * rng.uniform(0.5, 2.0)
    return centres[rng.integers(len(centres), size=n)] + rng.standard_normal((n, d))


def _common_scale(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Independent waiting times over a common random one: the coordinates depend on each other."""
    waits = rng.gamma(float(_log_uniform(0.8, 4.0, rng)), size=(n, d))
    return waits / (rng.gamma(float(_log_uniform(0.8, 4.0, rng)), size=(n, 1)) + waits)


LAWS: dict[str, _Law] = {
    "normal": lambda n, d, rng: rng.standard_normal((n, d)),
    "cube": lambda n, d, rng: rng.uniform(-1.0, 1.0, (n, d)),
    "ball": _ball,
    "sphere": lambda n, d, rng: _directions(n, d + 1, rng),
    "torus": _torus,
    "beta": _beta,
    "gamma": _gamma,
    "laplace": lambda n, d, rng: rng.laplace(size=(n, d)),
    "student": lambda n, d, rng: rng.standard_t(float(_log_uniform(2.5, 10.0, rng)), (n, d)),
    "clusters": _clusters,
    "common scale": _common_scale,
}
"""Laws of the parameters: n_points, d and a generator to a matrix of d or more columns."""


def _waves(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    n_columns = points.shape[1]
    n_waves = int(rng.integers(1, 3 * n_columns + 2))
    frequency = _log_uniform(0.2, 3.0, rng) / np.sqrt(n_columns)
    phase = points @ (frequency * rng.standard_normal((n_columns, n_waves)))
    waves = np.sin(phase + rng.uniform(0.0, 2.0 * np.pi, n_waves))
    return np.hstack([points, _log_uniform(0.1, 2.0, rng) * waves])


def _quadratics(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    n_columns = points.shape[1]
    n_forms = int(rng.integers(1, 2 * n_columns + 2))
    first, second = rng.standard_normal((2, n_columns, n_forms)) / np.sqrt(n_columns)
    height = _log_uniform(0.05, 1.5, rng)
    return np.hstack([points, height * (points @ first) * (points @ second)])


def _curves(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Carry each column along a curve of its own: a product of curves."""
    angle = points * _log_uniform(0.3, 4.0, rng, points.shape[1])
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
    gain = _log_uniform(0.3, 3.0, rng) / np.sqrt(n_columns)
    entering = points @ (gain * rng.standard_normal((n_columns, width)))
    return np.asarray(np.tanh(entering + 0.5 * rng.standard_normal(width)))


def _roll(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    along = rng.uniform(0.5, 4.0) * (points[:, :1] - points[:, :1].min()) + rng.uniform(0.2, 4.0)
    across = points[:, 1:] * rng.uniform(0.5, 4.0)
    return np.hstack([along * np.cos(along), along * np.sin(along), across])


def _mixing(n_columns: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a random linear map to as many columns or a few more, of full rank."""
    wide = rng.standard_normal((n_columns, n_columns + int(rng.integers(0, 5))))
    if rng.random() < 0.5:
        return np.asarray(np.linalg.qr(wide.T)[0].T)
    return np.asarray(wide / np.sqrt(n_columns))


CHARTS: dict[str, _Chart] = {
    "flat": lambda points, rng: points,
    "waves": _waves,
    "quadratics": _quadratics,
    "curves": _curves,
    "network layer": _network_layer,
    "roll": _roll,
}
"""Charts: a matrix of parameters and a generator to a matrix of as many columns or more."""
_SECOND_CHARTS = ("waves", "quadratics", "network layer")
