import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.mutual_information.fields.gaussian_reference import GaussianReference
from jscgc_theory.mutual_information.fields.noise_range import NoiseRange
from jscgc_theory.mutual_information.fields.quadratic_features import (
    QuadraticFeatures,
    n_quadratic_features,
)
from jscgc_theory.mutual_information.fields.velocity_network import NetworkShape, VelocityNetwork
from jscgc_theory.sources import Sphere


def gaussian_pairs(n_pairs, rng, offset=0.0):
    mixing = np.array([[1.0, 0.3, 0.0], [0.0, 0.5, 0.2]])
    x = rng.standard_normal((n_pairs, 3)) @ mixing.T
    y = x @ np.array([[0.7], [-1.1]]) + 0.4 * rng.standard_normal((n_pairs, 1))
    return x + offset, y + offset


def untrained(x, y):
    shape = NetworkShape(x.shape[1], y.shape[1], 8, 1, NoiseRange(0.01, 10.0))
    network = VelocityNetwork(shape, torch.Generator().manual_seed(0))
    network.fit_reference(x, y, np.random.default_rng(0))
    return network


def conditional_mean(x, y, z, y_hat, sigma):
    """E[x | z, y_hat] by conditioning the joint Gaussian law of (x, z, y) in one step."""
    joint = np.cov(np.concatenate([x, y], axis=1).T, bias=True)
    given = joint.copy()
    given[:2, :2] += sigma**2 * np.eye(2)
    seen = np.concatenate([z - x.mean(axis=0), y_hat - y.mean(axis=0)], axis=1)
    return x.mean(axis=0) + seen @ np.linalg.solve(given, joint[:, :2])


@given(sigma=st.floats(0.02, 9.0), offset=st.sampled_from([0.0, -1e6]))
def test_an_untrained_network_is_the_gaussian_posterior(sigma, offset):
    rng = np.random.default_rng(5)
    x, y = gaussian_pairs(4000, rng, offset)
    network = untrained(x, y)
    z = x[:50] + sigma * rng.standard_normal((50, 2))
    level = torch.full((50, 1), sigma, dtype=torch.float64)
    noise = network.noise(torch.as_tensor(z), level, torch.as_tensor(y[:50])).detach().numpy()
    exact = (z - conditional_mean(x, y, z, y[:50], sigma)) / sigma
    # The residual covariance is divided by n - 2, that of the joint law by n.
    np.testing.assert_allclose(noise, exact, rtol=0.0, atol=2e-3)


def test_directions_that_x_never_takes_are_left_to_the_linear_answer():
    rng = np.random.default_rng(0)
    line = rng.standard_normal((500, 1)) @ np.array([[1.0, 2.0, 0.0]])
    network = untrained(line, line[:, :1])
    z = torch.as_tensor(line[:20] + np.array([0.0, 0.0, 0.5]))
    noise = network.noise(z, torch.full((20, 1), 0.5), None).detach().numpy()
    np.testing.assert_allclose(noise[:, 2], 1.0, rtol=1e-5)


@pytest.mark.parametrize("dim", [1, 3])
def test_a_quadratic_feature_counts_the_sigmas_off_a_sphere(dim):
    rng = np.random.default_rng(1)
    x = Sphere(dim).sample(20_000, rng)
    nothing = np.empty((len(x), 0))
    reference = GaussianReference(dim + 1, 0).fit(x, nothing)
    features = QuadraticFeatures(dim + 1).fit(x, reference, rng)
    sigma, off = 1e-3, 3.0
    moved = torch.as_tensor((1.0 + off * sigma) * x[:100] - x.mean(axis=0)).float()
    found = features(moved @ reference.x_whitening, torch.full((100, 1), sigma**2))
    constant = found[:, torch.argmin(features.variances)].abs().numpy()
    assert np.median(constant) == pytest.approx(off, rel=0.2)
    np.testing.assert_array_less(found.abs().numpy().max(axis=1), 30.0)


def test_many_columns_have_no_polynomials():
    assert n_quadratic_features(32) == 560
    assert n_quadratic_features(33) == 0
    features = QuadraticFeatures(33)
    assert features(torch.zeros(4, 33), torch.ones(4, 1)).shape == (4, 0)
