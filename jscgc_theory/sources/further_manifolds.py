"""Manifolds to judge a finished estimator of dimension on; none served to build one.

Matrix groups, orbits and varieties, signals, rendered images, products and uneven densities. The
rank of each chart's derivative proves the dimension.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.sources.benchmark_charts import swiss_roll
from jscgc_theory.sources.benchmark_manifolds import BenchmarkManifold
from jscgc_theory.sources.drawn_images import Drawing

_Matrix = NDArray[np.float64]


def _normal(n_columns: int) -> partial[_Matrix]:
    return partial(_draw_normal, n_columns)


def _draw_normal(n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    return rng.standard_normal((n_points, n_columns))


def _draw_uniform(n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    return rng.random((n_points, n_columns))


def _draw_waits(shape: float, n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    return rng.gamma(shape, size=(n_points, n_columns))


def _orthonormal(parameters: _Matrix, n: int, k: int) -> _Matrix:
    """Return n x k matrices of orthonormal columns, uniform for normal parameters."""
    q, r = np.linalg.qr(parameters.reshape(-1, n, k))
    return np.asarray(q * np.sign(np.einsum("pkk->pk", r))[:, None, :])


def _rotation(parameters: _Matrix, n: int) -> _Matrix:
    q = _orthonormal(parameters, n, n)
    q[:, :, 0] *= np.linalg.det(q)[:, None]
    return q.reshape(len(q), -1)


def _frame(parameters: _Matrix, n: int, k: int) -> _Matrix:
    return _orthonormal(parameters, n, k).reshape(len(parameters), -1)


def _projector(parameters: _Matrix, n: int, k: int) -> _Matrix:
    q = _orthonormal(parameters, n, k)
    return (q @ q.transpose(0, 2, 1)).reshape(len(q), -1)


def _unitary(parameters: _Matrix, n: int) -> _Matrix:
    real, imaginary = np.split(parameters, 2, axis=1)
    q, r = np.linalg.qr((real + 1j * imaginary).reshape(-1, n, n))
    diagonal = np.einsum("pkk->pk", r)
    q = (q * (diagonal / np.abs(diagonal))[:, None, :]).reshape(len(q), -1)
    return np.hstack([q.real, q.imag])


def _low_rank(parameters: _Matrix, n: int, rank: int) -> _Matrix:
    left, right = np.split(parameters, 2, axis=1)
    product = left.reshape(-1, n, rank) @ right.reshape(-1, rank, n)
    return product.reshape(len(product), -1)


def _covariance(parameters: _Matrix, n: int, n_draws: int) -> _Matrix:
    rows = parameters.reshape(-1, n, n_draws)
    return (rows @ rows.transpose(0, 2, 1)).reshape(len(rows), -1)


def _chirp(parameters: _Matrix) -> _Matrix:
    """Amplitude, frequency, its rate, phase and damping of a wave, seen at 64 times."""
    time = np.linspace(0.0, 1.0, 64)
    amplitude, frequency, rate, phase, damping = parameters.T[:, :, None]
    angle = 2.0 * np.pi * ((1.0 + 2.0 * frequency) * time + rate * time**2 + phase)
    return np.asarray((0.5 + amplitude) * np.exp(-2.0 * damping * time) * np.sin(angle))


def _torus_and_sphere(parameters: _Matrix) -> _Matrix:
    """Three circles and a sphere of four dimensions."""
    angle, normal = 2.0 * np.pi * parameters[:, :3], parameters[:, 3:]
    direction = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return np.hstack([np.cos(angle), np.sin(angle), direction])


def _torus_and_sphere_draw(n_points: int, rng: np.random.Generator) -> _Matrix:
    return np.hstack([rng.random((n_points, 3)), rng.standard_normal((n_points, 5))])


def _two_rolls(parameters: _Matrix) -> _Matrix:
    low, high = np.array([1.5 * np.pi, 0.0]), np.array([4.5 * np.pi, 21.0])
    rolls = [swiss_roll(low + (high - low) * part) for part in np.split(parameters, 2, axis=1)]
    return np.hstack(rolls)


def _leaning_direction(parameters: _Matrix) -> _Matrix:
    """Directions that gather about one, as those of a von Mises-Fisher law do."""
    moved = parameters + 2.0 * np.eye(1, parameters.shape[1])
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True))


def _shares(parameters: _Matrix) -> _Matrix:
    return np.asarray(parameters / parameters.sum(axis=1, keepdims=True))


def _log_normal(parameters: _Matrix) -> _Matrix:
    return np.asarray(np.exp(0.5 * parameters))


_DRAWING = Drawing(factors=("x", "y", "size", "intensity"), pixels=24)


def _image(parameters: _Matrix) -> _Matrix:
    return np.asarray(_DRAWING.render(parameters).reshape(len(parameters), -1), dtype=np.float64)


_ALL = (
    BenchmarkManifold("rotations of R^3", 3, 9, _normal(9), partial(_rotation, n=3)),
    BenchmarkManifold("rotations of R^4", 6, 16, _normal(16), partial(_rotation, n=4)),
    BenchmarkManifold("rotations of R^6", 15, 36, _normal(36), partial(_rotation, n=6)),
    BenchmarkManifold("unitary matrices of C^3", 9, 18, _normal(18), partial(_unitary, n=3)),
    BenchmarkManifold("2-frames in R^8", 13, 16, _normal(16), partial(_frame, n=8, k=2)),
    BenchmarkManifold("planes in R^6", 8, 36, _normal(12), partial(_projector, n=6, k=2)),
    BenchmarkManifold(
        "6 x 6 matrices of rank 2", 20, 36, _normal(24), partial(_low_rank, n=6, rank=2)
    ),
    BenchmarkManifold(
        "covariances of 4 variables", 10, 16, _normal(24), partial(_covariance, n=4, n_draws=6)
    ),
    BenchmarkManifold("damped chirps", 5, 64, partial(_draw_uniform, 5), _chirp),
    BenchmarkManifold("T^3 x S^4", 7, 11, _torus_and_sphere_draw, _torus_and_sphere),
    BenchmarkManifold("two Swiss rolls", 4, 6, partial(_draw_uniform, 4), _two_rolls),
    BenchmarkManifold("leaning directions on S^6", 6, 7, _normal(7), _leaning_direction),
    BenchmarkManifold("Dirichlet shares", 15, 16, partial(_draw_waits, 0.7, 16), _shares),
    BenchmarkManifold("log-normal", 12, 12, _normal(12), _log_normal),
    BenchmarkManifold("drawn images", 4, 576, partial(_draw_uniform, 4), _image),
)

FURTHER_MANIFOLDS: Mapping[str, BenchmarkManifold] = MappingProxyType(
    {manifold.name: manifold for manifold in _ALL}
)
"""Every further manifold by name."""
