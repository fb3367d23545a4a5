"""The figures drawn from closed forms show what other formulas say."""

import itertools
import math

import numpy as np
import pytest

from paper_figs import fig5_delta_star, fig6_bounds_on_spheres
from tests.model.paper_figs.drawn_lines import lines_of


@pytest.fixture(scope="module")
def delta_star():
    return lines_of(*fig5_delta_star.draw().axes)


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


@pytest.fixture(scope="module")
def panels_of_spheres():
    panels = fig6_bounds_on_spheres.draw().axes
    return dict(zip(fig6_bounds_on_spheres.DIMS, map(lines_of, panels), strict=True))


@pytest.mark.parametrize(
    ("dim", "snr_db", "posterior", "perception", "meta_converse", "delta_star"),
    [
        (1, 0.0, 1.667, 1.025, 1.233, 0.795),
        (2, 5.0, 0.955, 0.552, 0.687, 0.520),
        (4, 10.0, 0.545, 0.301, 0.388, 0.321),
        (8, 20.0, 0.172, 0.084, 0.122, 0.106),
    ],
)
def test_fig_6_agrees_with_a_simulation(
    panels_of_spheres, dim, snr_db, posterior, perception, meta_converse, delta_star
):
    # Radii of 2e5 draws, R4 of 1e6, to three digits.
    place = fig6_bounds_on_spheres.SNR_DB.index(snr_db)
    drawn = {name: line[1][place] for name, line in panels_of_spheres[dim].items()}
    simulated = {
        "perception": perception,
        "meta_converse": meta_converse,
        "delta_star": delta_star,
    }
    for name, radius in simulated.items():
        assert drawn[name] / drawn["radius_posterior"] == pytest.approx(
            radius / posterior, rel=0.01
        )


@pytest.mark.parametrize("dim", fig6_bounds_on_spheres.DIMS)
def test_fig_6_orders_what_it_draws(panels_of_spheres, dim):
    lines = {name: line[1] for name, line in panels_of_spheres[dim].items()}
    # In rising strength R1, R3, R4, and no bound above what a decoder reaches.
    order = ("finite_outage_fano", "perception", "meta_converse", "radius_best")
    for weaker, stronger in itertools.pairwise(order):
        assert np.all(lines[weaker] <= lines[stronger] * (1.0 + 1e-6))
    # Where little is unknown two draws of the posterior are sqrt(2) times as far apart as each
    # is from its centre.
    assert lines["radius_posterior"][-1] == pytest.approx(math.sqrt(2.0), rel=0.01)
