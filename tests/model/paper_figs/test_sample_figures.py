"""The figures drawn from a few points show what brute force reads off the same points."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from paper_figs import fig9_covering_counts, fig10_dimension_over_scale
from tests.model.paper_figs.drawn_lines import lines_of

ROOM = Path(fig9_covering_counts.__file__).parent


@pytest.fixture(scope="module")
def count_panels():
    return fig9_covering_counts.figures(ROOM)["fig9_covering_counts"].axes


def line_of(axes, label):
    """The numbers of the first line with a label."""
    return next(line.get_data() for line in axes.get_lines() if line.get_label() == label)


@pytest.mark.parametrize(
    ("panel", "points"),
    [(0, fig9_covering_counts.sphere_points), (1, fig9_covering_counts.image_points)],
)
def test_fig_9_counts_pairs_and_balls(count_panels, panel, points):
    distances = np.sort(pdist(points()))
    radius, count = line_of(count_panels[panel], "$1/q$ (volume)")
    # Distances are known to their rounding: a hair's breadth to either side.
    fewest, most = (
        np.searchsorted(distances, np.asarray(radius) * (1.0 + sign * 1e-6), side="right")
        for sign in (-1.0, 1.0)
    )
    n_within = distances.size / np.asarray(count)
    assert np.all((fewest - 0.1 <= n_within) & (n_within <= most + 0.1))
    assert np.all(most - fewest < 0.001 * most + 2)
    radii, covering = line_of(count_panels[panel], "covering")
    packing = line_of(count_panels[panel], "packing")[1]
    # No set that is more than 2 r apart holds more points than balls of radius r cover it.
    at_twice = np.array([np.max(packing[radii >= 2.0 * r], initial=1.0) for r in radii])
    assert np.all(at_twice <= covering)
    assert np.all(np.asarray(covering)[1:] <= np.asarray(covering)[:-1])


def test_fig_9_draws_the_law_of_the_sphere(count_panels):
    radius, count = line_of(count_panels[0], "exact $1/q$")
    # Archimedes: two points of S^2 lie within a chord r with probability r^2/4.
    np.testing.assert_allclose(count, 4.0 / np.square(radius))
    # The first law drawn is that of the covering count, the last that of 1/q.
    laws = [one for one in count_panels[0].get_lines() if one.get_label() == "_power law"]
    ends, counts = laws[-1].get_data()
    slope, log_constant = np.polyfit(np.log(ends), np.log(counts), 1)
    assert slope == pytest.approx(-2.0, rel=0.05)
    assert np.exp(log_constant) == pytest.approx(4.0, rel=0.1)


@pytest.fixture(scope="module")
def scans():
    figure = fig10_dimension_over_scale.figures(ROOM)["fig10_dimension_over_scale"]
    return lines_of(*figure.axes)


@pytest.mark.parametrize("name", list(fig10_dimension_over_scale.clouds()))
def test_fig_10_reads_neighbours(scans, name):
    distances = np.sort(squareform(pdist(fig10_dimension_over_scale.clouds()[name])), axis=1)
    radius, dim = scans[name]
    ranks = 2 ** np.arange(1, len(radius) + 1)
    assert ranks[-1] == fig10_dimension_over_scale.N_NEIGHBOURS
    np.testing.assert_allclose(radius, np.median(distances[:, ranks], axis=0), rtol=1e-6)
    # At the smallest scale: the likelihood of Pareto ratios of the second to the first distance.
    ratios = np.log(distances[:, 2] / distances[:, 1])
    assert dim[0] == pytest.approx(1.0 / ratios.mean(), rel=0.01)


def test_fig_10_shows_noise_at_small_scales_only(scans):
    (_, clean), (_, noisy), _ = scans.values()
    np.testing.assert_allclose(clean, 2.0, rtol=0.1)
    assert noisy[0] > 3.0 * clean[0]
    assert noisy[-1] == pytest.approx(2.0, rel=0.1)
