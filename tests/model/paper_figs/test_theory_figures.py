"""The figures drawn from closed forms show what other formulas say."""

import math

import numpy as np
import pytest

from paper_figs import fig5_delta_star


def lines_of(figure):
    """Every line that has a name of its own, with its numbers."""
    lines = [line for axes in figure.axes for line in axes.get_lines()]
    return {
        line.get_gid(): (np.asarray(line.get_xdata()), np.asarray(line.get_ydata()))
        for line in lines
        if line.get_gid()
    }


@pytest.fixture(scope="module")
def delta_star():
    return lines_of(fig5_delta_star.draw())


@pytest.mark.parametrize("dim", fig5_delta_star.DIMS)
def test_fig_5_halves_the_radius_of_a_sphere_for_every_d_bits(delta_star, dim):
    # C is the area of the sphere over the volume of the ball in its tangent space.
    area = 2.0 * math.pi ** ((dim + 1) / 2.0) / math.gamma((dim + 1) / 2.0)
    constant = area / (math.pi ** (dim / 2.0) / math.gamma(dim / 2.0 + 1.0))
    mi_bits, radius = delta_star[f"d={dim}, C={constant:.6g}"]
    np.testing.assert_allclose(2.0 ** (mi_bits + 1.0) * radius**dim, constant)


@pytest.mark.parametrize("constant", fig5_delta_star.CONSTANTS)
def test_fig_5_lifts_the_radius_by_the_root_of_the_constant(delta_star, constant):
    dim = fig5_delta_star.DIM_OF_CONSTANTS
    _, radius = delta_star[f"d={dim}, C={constant:.6g}"]
    _, unit = delta_star[f"d={dim}, C=1"]
    np.testing.assert_allclose(radius / unit, constant ** (1.0 / dim))


def test_fig_5_marks_where_the_pairs_of_its_points_end(delta_star):
    n_points = fig5_delta_star.N_POINTS
    where, _ = delta_star["resolved"]
    np.testing.assert_allclose(where, math.log2(math.comb(n_points, 2)))
