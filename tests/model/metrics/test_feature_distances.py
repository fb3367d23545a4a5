"""Frechet and kernel distances against closed forms, libraries and loops."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from torch import nn
from torchmetrics.image.fid import FrechetInceptionDistance

from jscgc_model.metrics import squared_frechet_distance, squared_kernel_distance
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.strategies import seeds


def rows(n, dim, *, seed=0, shift=0.0, scale=1.0):
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(n, dim, generator=generator, dtype=torch.float64)
    mixed = drawn @ torch.randn(dim, dim, generator=generator, dtype=torch.float64)
    return scale * mixed + shift


def with_moments(n, mean, deviation, seed):
    """Rows whose sample mean and covariance are exactly those stated."""
    dim = len(mean)
    basis, _ = torch.linalg.qr(rows(n, dim + 1, seed=seed).index_fill(1, torch.tensor([0]), 1.0))
    return basis[:, 1:] * (n - 1) ** 0.5 * torch.tensor(deviation) + torch.tensor(mean)


def test_gaussians_have_the_closed_form():
    first = with_moments(50, [0.0, 1.0, 2.0], [1.0, 2.0, 0.5], seed=0)
    second = with_moments(40, [1.0, 1.0, 0.0], [3.0, 2.0, 1.0], seed=1)
    # |m_1 - m_2|^2 + sum (s_1 - s_2)^2 where covariances commute.
    assert squared_frechet_distance(first, second) == pytest.approx(5.0 + 4.25, abs=1e-9)


@pytest.mark.parametrize(("n_first", "n_second"), [(60, 60), (60, 20), (9, 60), (5, 4)])
def test_frechet_distance_agrees_with_the_root_of_the_matrix(n_first, n_second):
    first, second = rows(n_first, 7), rows(n_second, 7, seed=1, shift=0.3)
    covariances = [np.cov(one.numpy(), rowvar=False) for one in (first, second)]
    # Where covariances are singular the root is taken of a matrix a hair away from them.
    near = [one + 1e-12 * np.eye(7) for one in covariances]
    root = sqrtm(near[0] @ near[1]).real
    means = float((first.mean(0) - second.mean(0)).square().sum())
    expected = means + np.trace(covariances[0] + covariances[1] - 2.0 * root)
    assert squared_frechet_distance(first, second) == pytest.approx(expected, rel=1e-4)


def test_frechet_distance_agrees_with_torchmetrics():
    features = nn.Flatten()
    features.num_features = 5
    library = FrechetInceptionDistance(feature=features, normalize=True)
    library.set_dtype(torch.float64)
    first, second = rows(40, 5), rows(30, 5, seed=1, shift=0.5)
    library.update(first[:, :, None, None], real=True)
    library.update(second[:, :, None, None], real=False)
    assert squared_frechet_distance(first, second) == pytest.approx(
        float(library.compute()), rel=1e-4
    )


def test_kernel_distance_agrees_with_loops_over_pairs():
    first, second = rows(7, 4, scale=0.5), rows(5, 4, seed=1, shift=0.3)

    def kernel(x, y):
        return (float(x @ y) / 4.0 + 1.0) ** 3

    def within(one):
        found = [kernel(x, y) for i, x in enumerate(one) for j, y in enumerate(one) if i != j]
        return np.mean(found)

    across = np.mean([kernel(x, y) for x in first for y in second])
    expected = within(first) + within(second) - 2.0 * across
    assert squared_kernel_distance(first, second) == pytest.approx(expected, rel=1e-9)


def test_kernel_distance_is_the_same_in_blocks(monkeypatch):
    first, second = rows(9, 4), rows(11, 4, seed=1)
    whole = squared_kernel_distance(first, second)
    monkeypatch.setattr("jscgc_model.metrics.kernel_distance._ROWS_AT_ONCE", 4)
    assert squared_kernel_distance(first, second) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("distance", [squared_frechet_distance, squared_kernel_distance])
@given(seed=seeds())
def test_distances_are_symmetric(distance, seed):
    first, second = rows(40, 3, seed=seed), rows(40, 3, seed=seed + 1)
    assert distance(first, second) == pytest.approx(distance(second, first), rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("distance", [squared_frechet_distance, squared_kernel_distance])
def test_distances_rise_with_noise(distance):
    clean, noise = rows(200, 3), rows(200, 3, seed=1)
    ladder = [distance(clean, clean + strength * noise) for strength in (0.3, 1.0, 3.0)]
    assert ladder[0] < ladder[1] < ladder[2]


@given(seed=seeds(), shift=st.floats(-3.0, 3.0), n=st.integers(2, 30))
def test_a_shift_alone_costs_its_square_at_any_size_of_sample(seed, shift, n):
    sample = rows(n, 6, seed=seed)
    scale = float(sample.square().sum())
    assert squared_frechet_distance(sample, sample) == pytest.approx(0.0, abs=1e-10 * scale)
    moved = squared_frechet_distance(sample, sample + shift)
    assert moved == pytest.approx(6.0 * shift**2, rel=1e-8, abs=1e-10 * scale)


def test_kernel_distance_of_one_law_is_zero_on_average():
    generator = torch.Generator().manual_seed(5)
    samples = torch.randn(400, 12, 3, generator=generator, dtype=torch.float64)
    draws = [squared_kernel_distance(sample[:6], sample[6:]) for sample in samples]
    assert_within_standard_errors(sample_mean_and_error(draws), 0.0)
