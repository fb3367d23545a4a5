"""Manifolds to judge the default estimator on; none was read before its calibration was final.

Linkages and molecules, signals and trajectories, families of densities, spaces of matrices and
polynomials, surfaces, simplices and networks. The rank of each chart's derivative proves the
dimension.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from jscgc_theory.sources.benchmark_manifolds import BenchmarkManifold
from jscgc_theory.sources.drawn_images import Drawing

_Matrix = NDArray[np.float64]


def _draw_uniform(n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    return rng.random((n_points, n_columns))


def _draw_normal(n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    return rng.standard_normal((n_points, n_columns))


def _draw_shares(n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    """Uniform points of a simplex, without their last coordinate."""
    return rng.dirichlet(np.ones(n_columns + 1), n_points)[:, :-1]


def _draw_pareto(n_columns: int, n_points: int, rng: np.random.Generator) -> _Matrix:
    return rng.pareto(3.0, (n_points, n_columns))


def _uniform(n_columns: int) -> partial[_Matrix]:
    return partial(_draw_uniform, n_columns)


def _normal(n_columns: int) -> partial[_Matrix]:
    return partial(_draw_normal, n_columns)


def _unchanged(parameters: _Matrix) -> _Matrix:
    return parameters


def _linkage(parameters: _Matrix) -> _Matrix:
    """Joints of a chain in the plane, each link turned by up to a right angle from the last."""
    angle = np.cumsum(np.pi * (parameters - 0.5), axis=1)
    return np.hstack([np.cumsum(np.cos(angle), axis=1), np.cumsum(np.sin(angle), axis=1)])


def _molecule(parameters: _Matrix) -> _Matrix:
    """Distances between the atoms of a chain that twists about its bonds."""
    turn, twist = np.deg2rad(70.0), 2.0 * np.pi * np.pad(parameters, ((0, 0), (1, 0)))
    frame = np.broadcast_to(np.eye(3), (len(parameters), 3, 3))
    atoms = [np.zeros((len(parameters), 3))]
    bend = np.array(
        [
            [np.cos(turn), -np.sin(turn), 0.0],
            [np.sin(turn), np.cos(turn), 0.0],
            [0.0, 0.0, 1.0],
        ]
    )
    atoms.append(atoms[-1] + frame[:, :, 0])
    for angle in twist.T:
        about = np.zeros((len(parameters), 3, 3))
        about[:, 0, 0] = 1.0
        about[:, 1, 1] = about[:, 2, 2] = np.cos(angle)
        about[:, 2, 1], about[:, 1, 2] = np.sin(angle), -np.sin(angle)
        frame = frame @ about @ bend
        atoms.append(atoms[-1] + frame[:, :, 0])
    places = np.stack(atoms, axis=1)
    first, second = np.triu_indices(places.shape[1], k=3)
    return np.asarray(np.linalg.norm(places[:, first] - places[:, second], axis=2))


def _tones(parameters: _Matrix) -> _Matrix:
    """Three tones of free frequency, loudness and phase, heard at 64 times."""
    time = np.linspace(0.0, 1.0, 64)
    frequency, loudness, phase = np.split(parameters, 3, axis=1)
    angle = 2.0 * np.pi * ((2.0 + 6.0 * frequency)[..., None] * time + phase[..., None])
    return np.asarray(((0.5 + loudness)[..., None] * np.sin(angle)).sum(axis=1))


def _harmonic_phases(parameters: _Matrix) -> _Matrix:
    """A sound whose harmonics have fixed loudness and free phases."""
    n = parameters.shape[1]
    time = np.arange(64) / 64
    harmonic = np.arange(1, n + 1)
    angle = 2.0 * np.pi * (harmonic[:, None] * time + parameters[..., None])
    return np.asarray((np.cos(angle) / np.sqrt(harmonic)[:, None]).sum(axis=1))


def _predators_and_prey(parameters: _Matrix) -> _Matrix:
    """Logarithms of two populations (Lotka-Volterra) by their start and two rates."""
    start, rates = 1.0 + parameters[:, :2], 0.5 + parameters[:, 2:]
    state, seen = np.log(start), []

    def slope(state: _Matrix) -> _Matrix:
        prey, predators = np.exp(state).T
        return np.column_stack([rates[:, 0] * (1.0 - predators), rates[:, 1] * (prey - 1.0)])

    step = 0.1
    for _ in range(80):
        half = state + 0.5 * step * slope(state)
        state = state + step * slope(half)
        seen.append(state)
    return np.hstack(seen[3::4])


def _two_peaks(parameters: _Matrix) -> _Matrix:
    """Densities of mixtures of two normal laws on a grid of 50."""
    grid = np.linspace(-3.0, 3.0, 50)
    share, *rest = parameters.T[..., None]
    centres, widths = (-2.0 + 2.0 * rest[0], 2.0 * rest[1]), (0.4 + rest[2], 0.4 + rest[3])
    first, second = (
        np.exp(-0.5 * ((grid - c) / w) ** 2) / w for c, w in zip(centres, widths, strict=True)
    )
    return np.asarray((0.3 + 0.4 * share) * first + (0.7 - 0.4 * share) * second)


def _volume_preserving(parameters: _Matrix) -> _Matrix:
    """3 x 3 matrices of determinant 1: exponentials of matrices of trace 0."""
    full = np.pad(0.5 * parameters, ((0, 0), (0, 1)))
    full[:, 8] = -full[:, 0] - full[:, 4]
    return np.asarray(expm(full.reshape(-1, 3, 3))).reshape(len(full), 9)


def _pure_states(parameters: _Matrix) -> _Matrix:
    """Projectors onto complex lines."""
    real, imaginary = np.split(parameters, 2, axis=1)
    state = real + 1j * imaginary
    state /= np.linalg.norm(state, axis=1, keepdims=True)
    projector = (state[:, :, None] * state[:, None, :].conj()).reshape(len(state), -1)
    return np.hstack([projector.real, projector.imag])


def _products_of_directions(parameters: _Matrix) -> _Matrix:
    a, b, c = (
        part / np.linalg.norm(part, axis=1, keepdims=True)
        for part in np.split(parameters, 3, axis=1)
    )
    return np.asarray(np.einsum("na,nb,nc->nabc", a, b, c).reshape(len(a), -1))


def _given_spectrum(parameters: _Matrix) -> _Matrix:
    """Symmetric 5 x 5 matrices of eigenvalues 1 to 5."""
    vectors = np.linalg.qr(parameters.reshape(-1, 5, 5))[0]
    turned = (vectors * np.arange(1.0, 6.0)) @ vectors.transpose(0, 2, 1)
    return np.asarray(turned.reshape(-1, 25))


def _by_roots(parameters: _Matrix) -> _Matrix:
    """Values at 40 places of monic polynomials with given roots."""
    grid = np.linspace(-1.2, 1.2, 40)
    return np.asarray(np.prod(grid - (2.0 * parameters - 1.0)[..., None], axis=1))


def _klein_bottle(parameters: _Matrix) -> _Matrix:
    u, v = 2.0 * np.pi * parameters.T
    radius = 2.0 + np.cos(v)
    return np.column_stack(
        [
            radius * np.cos(u),
            radius * np.sin(u),
            np.sin(v) * np.cos(u / 2.0),
            np.sin(v) * np.sin(u / 2.0),
        ]
    )


def _kinked_network(parameters: _Matrix) -> _Matrix:
    """Two layers of a network of rectified units."""
    rng = np.random.default_rng(20)
    n = parameters.shape[1]
    hidden = parameters @ rng.standard_normal((n, 8 * n)) / np.sqrt(n)
    hidden = np.maximum(hidden + 0.3 * rng.standard_normal(8 * n), 0.0)
    return np.asarray(hidden @ rng.standard_normal((8 * n, 100)) / np.sqrt(8 * n))


def _shrinking(parameters: _Matrix) -> _Matrix:
    return np.asarray(parameters / np.sqrt(np.arange(1.0, parameters.shape[1] + 1.0)))


_DRAWING = Drawing(factors=("x", "y", "size", "aspect", "orientation"), pixels=24)


def _image(parameters: _Matrix) -> _Matrix:
    return np.asarray(_DRAWING.render(parameters).reshape(len(parameters), -1), dtype=np.float64)


_ALL = (
    BenchmarkManifold("Klein bottle", 2, 4, _uniform(2), _klein_bottle),
    BenchmarkManifold("predators and prey", 4, 40, _uniform(4), _predators_and_prey),
    BenchmarkManifold("densities of two peaks", 5, 50, _uniform(5), _two_peaks),
    BenchmarkManifold("turned ellipses", 5, 576, _uniform(5), _image),
    BenchmarkManifold("polynomials by their roots", 6, 40, _uniform(6), _by_roots),
    BenchmarkManifold("linkage of 8", 8, 16, _uniform(8), _linkage),
    BenchmarkManifold("matrices of determinant 1", 8, 9, _normal(8), _volume_preserving),
    BenchmarkManifold("pure states of C^5", 8, 50, _normal(10), _pure_states),
    BenchmarkManifold("twisting molecule", 9, 55, _uniform(9), _molecule),
    BenchmarkManifold("three tones", 9, 64, _uniform(9), _tones),
    BenchmarkManifold("products of directions", 9, 64, _normal(12), _products_of_directions),
    BenchmarkManifold("matrices of given spectrum", 10, 25, _normal(25), _given_spectrum),
    BenchmarkManifold("Pareto coordinates", 10, 10, partial(_draw_pareto, 10), _unchanged),
    BenchmarkManifold("phases of 12 harmonics", 12, 64, _uniform(12), _harmonic_phases),
    BenchmarkManifold("network of kinks", 18, 100, _normal(18), _kinked_network),
    BenchmarkManifold("simplex", 24, 24, partial(_draw_shares, 24), _unchanged),
    BenchmarkManifold("normal of shrinking axes", 30, 30, _normal(30), _shrinking),
)

HELD_OUT_MANIFOLDS: Mapping[str, BenchmarkManifold] = MappingProxyType(
    {manifold.name: manifold for manifold in _ALL}
)
"""Every held-out manifold by name."""
