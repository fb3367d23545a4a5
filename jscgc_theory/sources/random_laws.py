"""Laws of d parameters: bounded, smooth, skewed, heavy-tailed, clustered, closed."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.sources.random_numbers import log_uniform

Law = Callable[[int, int, np.random.Generator], NDArray[np.float64]]


def _directions(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    normal = rng.standard_normal((n, d))
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))


def _ball(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return _directions(n, d, rng) * rng.random((n, 1)) ** (1.0 / d)


def _torus(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.uniform(0.0, 2.0 * np.pi, (n, d))
    return np.hstack([np.cos(angle), np.sin(angle)])


def _beta(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    a, b = log_uniform(0.5, 8.0, rng, 2)
    return rng.beta(a, b, (n, d))


def _gamma(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.gamma(float(log_uniform(0.7, 5.0, rng)), size=(n, d))


def _clusters(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    centres = rng.standard_normal((int(rng.integers(2, 6)), d)) * rng.uniform(0.5, 2.0)
    return centres[rng.integers(len(centres), size=n)] + rng.standard_normal((n, d))


def _common_scale(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Independent waiting times over a common random one: the coordinates depend on each other."""
    waits = rng.gamma(float(log_uniform(0.8, 4.0, rng)), size=(n, d))
    return waits / (rng.gamma(float(log_uniform(0.8, 4.0, rng)), size=(n, 1)) + waits)


def _frames(n: int, d: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A product of spaces of k orthonormal vectors of R^m: spheres, rotations, and between."""
    parts, left = [], d
    while left > 0:
        shapes = [
            (m, k) for m in range(2, left + 2) for k in range(1, m) if _freedom(m, k) <= left
        ]
        if rng.random() < 0.5:
            # Most shapes are narrow; the large ones are what tells such spaces from tori.
            largest = max(_freedom(*shape) for shape in shapes)
            shapes = [shape for shape in shapes if _freedom(*shape) > largest // 2]
        m, k = shapes[int(rng.integers(len(shapes)))]
        vectors, triangle = np.linalg.qr(rng.standard_normal((n, m, k)))
        signs = np.sign(np.einsum("nkk->nk", triangle))
        parts.append((vectors * signs[:, None, :]).reshape(n, m * k))
        left -= _freedom(m, k)
    return np.hstack(parts)


def _freedom(m: int, k: int) -> int:
    return m * k - k * (k + 1) // 2


LAWS: dict[str, Law] = {
    "normal": lambda n, d, rng: rng.standard_normal((n, d)),
    "cube": lambda n, d, rng: rng.uniform(-1.0, 1.0, (n, d)),
    "ball": _ball,
    "sphere": lambda n, d, rng: _directions(n, d + 1, rng),
    "torus": _torus,
    "beta": _beta,
    "gamma": _gamma,
    "laplace": lambda n, d, rng: rng.laplace(size=(n, d)),
    "student": lambda n, d, rng: rng.standard_t(float(log_uniform(2.5, 10.0, rng)), (n, d)),
    "clusters": _clusters,
    "common scale": _common_scale,
    "frames": _frames,
}
"""Laws of the parameters: n_points, d and a generator to a matrix of d or more columns."""
