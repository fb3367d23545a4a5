"""Equation (15) and the constants of its readings, against exact manifolds."""

import math

import numpy as np
import pytest
from sympy import lambdify

from jscgc_theory.derivations.manifold_covering import (
    cube_covering_constant,
    cube_packing_constant,
    disc_covering_constant,
    disc_packing_constant,
    log_power_law_count,
    power_law_count,
)
from jscgc_theory.derivations.symbols import geometric_constant, intrinsic_dim, radius
from jscgc_theory.sources import Sphere

count = lambdify((radius, intrinsic_dim, geometric_constant), power_law_count(), "math")


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_the_power_law_counts_the_volume_of_a_sphere(dim):
    """K = 1/q is exact at every radius; the law is its limit."""
    sphere = Sphere(dim)
    constant = sphere.geometric_constant
    small = 1e-3
    exact = 1.0 / sphere.coincidence_probability(small)
    assert count(small, dim, constant) == pytest.approx(exact, rel=1e-5)
    log_count = lambdify((radius, intrinsic_dim, geometric_constant), log_power_law_count())
    assert log_count(small, dim, constant) == pytest.approx(math.log(exact), abs=1e-5)


@pytest.mark.parametrize("dim", [1, 2])
def test_the_counts_of_a_cube_on_a_lattice(dim):
    """Maximum metric, r = 1/n: intervals of length 2 r cover, points r apart (and a rim) pack."""
    n = 40
    covering = math.ceil(n / 2) ** dim
    packing = n**dim
    ratio = cube_packing_constant() / cube_covering_constant()
    assert packing / covering == pytest.approx(float(ratio.subs(intrinsic_dim, dim)))
    at_cover = float(cube_covering_constant().subs(intrinsic_dim, dim))
    assert count(1.0 / n, dim, at_cover) == pytest.approx(covering)


def test_the_hexagonal_lattice_has_the_constants_of_discs():
    """Spacing b: every point lies within b/sqrt(3) of the lattice, and no closer for the worst."""
    spacing = 1.0
    basis = np.array([[spacing, 0.0], [0.5 * spacing, 0.5 * math.sqrt(3.0) * spacing]])
    per_area = 1.0 / abs(np.linalg.det(basis))
    steps = np.arange(-2, 3)
    lattice = np.array([i * basis[0] + j * basis[1] for i in steps for j in steps])
    grid = np.random.default_rng(4).random((4000, 2)) @ basis
    worst = np.linalg.norm(grid[:, None] - lattice[None], axis=2).min(axis=1).max()
    hole = spacing / math.sqrt(3.0)
    assert 0.95 * hole < worst <= hole
    assert per_area * hole**2 == pytest.approx(float(disc_covering_constant()))
    assert per_area * spacing**2 == pytest.approx(float(disc_packing_constant()))
