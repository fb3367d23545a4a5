"""The 24 benchmark manifolds on which intrinsic-dimension estimators are compared.

Written from the published definitions rather than taken from ``skdim.datasets``: there a set
can be drawn by name only if both dimensions are repeated, the cube surfaces come ordered by face,
and no chart is offered from which the dimension could be proved. Its further set
``swissRoll3Sph`` drops a coordinate of a 4-sphere and is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources import benchmark_charts as charts
from jscgc_theory.sources.manifold import Sample
from jscgc_theory.validation import check_count

_Draw = Callable[[int, np.random.Generator], NDArray[np.float64]]
_Chart = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class BenchmarkManifold:
    """A law on parameters and the chart that takes them to points.

    Args:
        name: Name in the literature, as scikit-dimension spells it.
        intrinsic_dim: True dimension d.
        ambient_dim: Number of coordinates; those beyond the chart's own are zero.
        draw_parameters: Draws a matrix of parameters, one row a point.
        chart: Takes parameters to coordinates.
    """

    name: str
    intrinsic_dim: int
    ambient_dim: int
    draw_parameters: _Draw
    chart: _Chart

    def sample(self, n_points: int, rng: np.random.Generator) -> Sample:
        """Draw independent points.

        Args:
            n_points: Number of points.
            rng: Source of randomness.

        Returns:
            Matrix of shape (n_points, ambient_dim).
        """
        points = self.chart(self.draw_parameters(check_count(n_points, name="n_points"), rng))
        return np.pad(points, ((0, 0), (0, self.ambient_dim - points.shape[1])))


def benchmark_manifold(name: str) -> BenchmarkManifold:
    """Look a benchmark manifold up.

    Args:
        name: Its name, such as ``M1_Sphere``.

    Returns:
        The manifold.

    Raises:
        InputError: If there is none of that name.
    """
    if name not in BENCHMARK_MANIFOLDS:
        raise InputError(
            f"{name!r} is no benchmark manifold; choose from {', '.join(BENCHMARK_MANIFOLDS)}"
        )
    return BENCHMARK_MANIFOLDS[name]


def _uniform(*ranges: tuple[float, float]) -> _Draw:
    low, high = np.array(ranges).T
    return lambda n_points, rng: rng.uniform(low, high, (n_points, len(low)))


def _normal(dim: int) -> _Draw:
    return lambda n_points, rng: rng.standard_normal((n_points, dim))


def _beta(dim: int) -> _Draw:
    return lambda n_points, rng: rng.beta(10.0, 0.5, (n_points, dim))


def _burr(dim: int) -> _Draw:
    def draw(n_points: int, rng: np.random.Generator) -> NDArray[np.float64]:
        waits = rng.standard_exponential((n_points, dim + 1))
        return np.asarray(waits[:, :1] / (waits[:, :1] + waits[:, 1:]))

    return draw


def _face_and_place(dim: int) -> _Draw:
    def draw(n_points: int, rng: np.random.Generator) -> NDArray[np.float64]:
        face = rng.integers(2 * (dim + 1), size=n_points)
        return np.column_stack((rng.random((n_points, dim)), face))

    return draw


def _cube_surface(letter: str, dim: int) -> BenchmarkManifold:
    return BenchmarkManifold(
        f"M10{letter}_Cubic", dim, dim + 1, _face_and_place(dim), charts.cube_surface
    )


def _nested(name: str, dim: int, copies: int) -> BenchmarkManifold:
    chart = partial(charts.nested_circles, copies=copies)
    return BenchmarkManifold(name, dim, 2 * dim * copies, _uniform(*[(0.0, 1.0)] * dim), chart)


def _tangled(name: str, dim: int) -> BenchmarkManifold:
    draw = _uniform(*[(0.0, 1.0)] * dim)
    return BenchmarkManifold(name, dim, 4 * dim, draw, charts.tangled_tangents)


def _paraboloid(name: str, dim: int) -> BenchmarkManifold:
    return BenchmarkManifold(name, dim, 3 * (dim + 1), _burr(dim), charts.paraboloid)


_PI = np.pi
_ALL = (
    BenchmarkManifold("M1_Sphere", 10, 11, _normal(11), charts.unit_direction),
    BenchmarkManifold("M2_Affine_3to5", 3, 5, _uniform(*[(0, 4)] * 3), charts.affine_3_to_5),
    BenchmarkManifold(
        "M3_Nonlinear_4to6", 4, 6, _uniform(*[(0, 1)] * 4), charts.concentrated_4_to_6
    ),
    _nested("M4_Nonlinear", 4, 1),
    BenchmarkManifold("M5a_Helix1d", 1, 3, _uniform((0, 2 * _PI)), charts.toroidal_helix),
    BenchmarkManifold("M5b_Helix2d", 2, 3, _uniform(*[(0, 10 * _PI)] * 2), charts.helicoid),
    _nested("M6_Nonlinear", 6, 3),
    BenchmarkManifold(
        "M7_Roll", 2, 3, _uniform((1.5 * _PI, 4.5 * _PI), (0, 21)), charts.swiss_roll
    ),
    _nested("M8_Nonlinear", 12, 3),
    BenchmarkManifold("M9_Affine", 20, 20, _uniform(*[(-2.5, 2.5)] * 20), charts.identity),
    _cube_surface("a", 10),
    _cube_surface("b", 17),
    _cube_surface("c", 24),
    _cube_surface("d", 70),
    BenchmarkManifold("M11_Moebius", 2, 3, _uniform((0, 2 * _PI), (-1, 1)), charts.moebius_band),
    BenchmarkManifold("M12_Norm", 20, 20, _normal(20), charts.identity),
    BenchmarkManifold(
        "M13a_Scurve", 2, 3, _uniform((-1.5 * _PI, 1.5 * _PI), (0, 2)), charts.s_curve
    ),
    BenchmarkManifold("M13b_Spiral", 1, 13, _uniform((0, 10 * _PI)), charts.wide_helix),
    BenchmarkManifold("Mbeta", 10, 40, _beta(10), charts.beta_waves),
    _tangled("Mn1_Nonlinear", 18),
    _tangled("Mn2_Nonlinear", 24),
    _paraboloid("Mp1_Paraboloid", 3),
    _paraboloid("Mp2_Paraboloid", 6),
    _paraboloid("Mp3_Paraboloid", 9),
)

BENCHMARK_MANIFOLDS: Mapping[str, BenchmarkManifold] = MappingProxyType(
    {manifold.name: manifold for manifold in _ALL}
)
"""Every benchmark manifold by name."""
