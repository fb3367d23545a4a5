"""The figures drawn from closed forms show what other formulas say."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from paper_figs import fig5_delta_star, fig6_bounds_on_spheres, fig8_fano_region
from tests.model.paper_figs.drawn_lines import lines_of

ROOM = Path(fig5_delta_star.__file__).parent


@pytest.fixture(scope="module")
def delta_star():
    return lines_of(*fig5_delta_star.figures(ROOM)["fig5_delta_star"].axes)


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
    panels = fig6_bounds_on_spheres.figures(ROOM)["fig6_bounds_on_spheres"].axes
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


def least_information(log2_count, outage):
    """What (19) leaves of log2 K."""
    others = np.log2(np.exp2(log2_count) - 1.0)
    entropy = -outage * np.log2(outage) - (1.0 - outage) * np.log2(1.0 - outage)
    return log2_count - entropy - outage * others


@pytest.fixture(scope="module")
def fano_panels():
    return [lines_of(axes) for axes in fig8_fano_region.figures(ROOM)["fig8_fano_region"].axes]


@pytest.mark.parametrize("mi_bits", fig8_fano_region.MI_BITS)
def test_fig_8_meets_fano_with_equality(fano_panels, mi_bits):
    log2_count, outage = fano_panels[0][f"exact/$I = {mi_bits:g}$ bits"]
    has_floor = (outage > 1e-9) & (outage < 1.0 - 1e-9)
    assert has_floor.sum() > 20
    needed = least_information(log2_count[has_floor], outage[has_floor])
    np.testing.assert_allclose(needed, mi_bits, atol=1e-5)
    _, relaxed = fano_panels[0][f"relaxed/$I = {mi_bits:g}$ bits"]
    np.testing.assert_allclose(relaxed, np.maximum(1.0 - (mi_bits + 1.0) / log2_count, 0.0))


@pytest.mark.parametrize("outage", fig8_fano_region.OUTAGES)
def test_fig_8_relaxes_by_at_most_a_bit(fano_panels, outage):
    log2_count, exact = fano_panels[1][f"exact/$P_e = {outage:g}$"]
    np.testing.assert_allclose(exact, least_information(log2_count, outage), atol=1e-9)
    _, relaxed = fano_panels[1][f"relaxed/$P_e = {outage:g}$"]
    np.testing.assert_allclose(relaxed, np.maximum((1.0 - outage) * log2_count - 1.0, 0.0))
    assert np.all((exact - relaxed >= -1e-9) & (exact - relaxed <= 1.0 + 1e-9))
