"""The draws of (lambda, n): each of the exact law, together of low variance."""

import numpy as np
import pytest
from scipy import stats

from jscgc_theory.mutual_information.velocity.noise_design import draw_design
from tests.statistics import assert_follows_law


@pytest.mark.parametrize("dim", [1, 2, 5])
@pytest.mark.parametrize("position", [0, 3])
def test_each_draw_follows_its_law(dim, position):
    design = draw_design(4000, 4, dim, (-3.0, 1.0), np.random.default_rng(dim))
    noise = design.noise[:, position]
    assert_follows_law(noise[:, -1], stats.norm.cdf)
    assert_follows_law(np.sum(noise**2, axis=1), stats.chi2(dim).cdf)
    assert_follows_law(design.log_odds[:, position], stats.uniform(-3.0, 4.0).cdf)


def test_opposite_neighbours_and_orthogonal_frames():
    design = draw_design(50, 8, 4, (0.0, 1.0), np.random.default_rng(0))
    directions = design.noise / np.linalg.norm(design.noise, axis=2, keepdims=True)
    assert directions[:, 0::2] == pytest.approx(-directions[:, 1::2])
    frames = directions[:, 0::2]
    products = frames @ np.swapaxes(frames, 1, 2)
    assert products == pytest.approx(np.broadcast_to(np.eye(4), (50, 4, 4)), abs=1e-12)


def test_lambda_is_stratified_for_every_pair():
    design = draw_design(50, 16, 2, (0.0, 1.0), np.random.default_rng(0))
    gaps = np.diff(np.sort(design.log_odds, axis=1), axis=1)
    assert gaps.max() < 2.0 / 16.0


def test_traces_have_less_noise_than_from_independent_draws():
    rng = np.random.default_rng(0)
    matrix = np.diag([1.0, 1.0, 0.0, 0.0, 0.0])
    noise = draw_design(2000, 32, 5, (0.0, 1.0), rng).noise
    traces = np.einsum("nki,ij,nkj->nk", noise, matrix, noise).mean(axis=1)
    assert traces.mean() == pytest.approx(2.0, abs=0.02)
    assert traces.var() < 0.3 * (2.0 * 2.0 / 32.0)
