"""The exact velocity field against integrals over the circle, posterior draws and theorems."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.errors import InputError
from jscgc_theory.sources import (
    Ball,
    ExactVelocity,
    FlatTorus,
    GaussianSubspace,
    LinearGaussianChannel,
    Sphere,
    SphereChannel,
    TorusChannel,
)
from jscgc_theory.sources.mean_cosine_table import fast_mean_deficit
from jscgc_theory.sources.von_mises_fisher import mean_deficit
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.strategies import seeds

LOW_RANK = np.array([[1.0, 0.3], [0.0, 0.8], [2.0, -0.5], [0.1, 0.1]])
CHANNELS = {
    "circle": SphereChannel(1, 3.0),
    "sphere": SphereChannel(4, 5.0),
    "torus": TorusChannel(2, 0.0),
    "normal": LinearGaussianChannel.isotropic(3, 4.0),
    "low rank": LinearGaussianChannel(LOW_RANK, 6.0, encoding=[[0.6, 0.8]]),
}


def path(channel, t, n_draws=20_000, seed=0):
    rng = np.random.default_rng(seed)
    x, y_hat = channel.sample(n_draws, rng)
    noise = rng.standard_normal(x.shape)
    return (1.0 - t) * x + t * noise, y_hat, noise - x


def integrated_velocity(channel, x_t, t, y_hat):
    """v on the circle by the trapezoidal rule over the angle, all weights in full."""
    angle = np.linspace(0.0, 2.0 * math.pi, 4001)[:-1]
    x = np.column_stack((np.cos(angle), np.sin(angle)))
    log_weight = -0.5 * np.sum((x_t - (1.0 - t) * x) ** 2, axis=1) / t**2
    if y_hat is not None:
        gap = y_hat - math.sqrt(2.0) * x
        log_weight -= 0.5 * np.sum(gap**2, axis=1) / channel.noise_power
    weight = np.exp(log_weight - log_weight.max())
    return (x_t - weight @ x / weight.sum()) / t


@pytest.mark.parametrize("t", [0.02, 0.3, 0.7, 0.98])
@pytest.mark.parametrize("snr_db", [-10.0, 5.0, 30.0])
def test_circle_against_integration(t, snr_db):
    channel = SphereChannel(1, snr_db)
    x_t, y_hat, _ = path(channel, t, n_draws=20)
    field = ExactVelocity(channel)
    for given_y in (y_hat, None):
        found = field(x_t, t, given_y)
        for row in range(20):
            output = None if given_y is None else y_hat[row]
            truth = integrated_velocity(channel, x_t[row], t, output)
            np.testing.assert_allclose(found[row], truth, rtol=1e-9, atol=1e-10)


def test_the_2_sphere_against_arbitrary_precision():
    # E[x | z] = (coth kappa - 1/kappa) mu, kappa = |z|/sigma^2, at 60 digits.
    rng = np.random.default_rng(1)
    field = ExactVelocity(Sphere(2))
    for t in (1e-6, 1e-3, 0.2, 0.9, 1.0 - 1e-6):
        (direction,) = Sphere(2).sample(1, rng)
        x_t = (1.0 - t) * direction + t * rng.standard_normal(3)
        with mpmath.workdps(60):
            exact = [mpmath.mpf(float(value)) for value in x_t]
            time = mpmath.mpf(t)
            length = mpmath.sqrt(sum(value**2 for value in exact))
            kappa = (1 - time) * length / time**2
            cosine = mpmath.coth(kappa) - 1 / kappa
            truth = [float((value - cosine * value / length) / time) for value in exact]
        # What rounding of z = x_t/(1-t) costs.
        np.testing.assert_allclose(field([x_t], [t])[0], truth, rtol=1e-11, atol=4e-16 / t)


@pytest.mark.parametrize("name", CHANNELS)
def test_velocity_is_noise_less_source_given_what_is_seen(name):
    # The regression of u on (x_t, y_hat): u - v is orthogonal to every function of them.
    channel = CHANNELS[name]
    field = ExactVelocity(channel)
    for seed, t in enumerate((0.05, 0.4, 0.9)):
        x_t, y_hat, u = path(channel, t, seed=seed)
        conditional, unconditional = field(x_t, t, y_hat), field(x_t, t)
        for fitted, witness in (
            (conditional, conditional),
            (conditional, unconditional),
            (conditional, np.tanh(x_t)),
            (conditional, np.roll(y_hat, 1, axis=1)[:, :1] * np.cos(x_t)),
            (unconditional, unconditional),
            (unconditional, np.tanh(x_t)),
        ):
            products = np.sum((u - fitted) * witness, axis=1)
            assert_within_standard_errors(sample_mean_and_error(products), 0.0)


@pytest.mark.parametrize("name", CHANNELS)
def test_the_mean_over_outputs_is_the_unconditional_field(name):
    # Draw x from p(x | x_t), an output for it, and average the conditional field.
    channel, t, n_draws = CHANNELS[name], 0.4, 20_000
    rng = np.random.default_rng(3)
    candidates, outputs = channel.sample(400_000, rng)
    point = path(channel, t, n_draws=1, seed=4)[0][0]
    log_weight = -0.5 * np.sum((point - (1.0 - t) * candidates) ** 2, axis=1) / t**2
    weight = np.exp(log_weight - log_weight.max())
    chosen = rng.choice(len(weight), n_draws, p=weight / weight.sum())
    assert np.unique(chosen).size > 1000
    x_t = np.tile(point, (n_draws, 1))
    field = ExactVelocity(channel)
    conditional = field(x_t, t, outputs[chosen])
    truth = field([point], t)[0]
    # Candidates chosen twice count once.
    per_candidate = np.bincount(chosen, minlength=len(weight))
    effective = n_draws**2 / np.sum(per_candidate.astype(float) ** 2)
    for column in range(point.size):
        mean, _ = sample_mean_and_error(conditional[:, column])
        error = float(conditional[:, column].std()) / math.sqrt(effective)
        # Across the range of a low-rank source the field does not depend on the output.
        assert_within_standard_errors((mean, max(error, 1e-12)), truth[column])


@pytest.mark.parametrize("name", CHANNELS)
def test_conditional_field_is_the_mean_over_posterior_draws(name):
    channel, t = CHANNELS[name], 0.5
    x_t, y_hat, _ = path(channel, t, n_draws=3, seed=5)
    rng = np.random.default_rng(6)
    found = ExactVelocity(channel)(x_t, t, y_hat)
    for row in range(3):
        draws = channel.sample_posterior(np.tile(y_hat[row], (50_000, 1)), rng)
        weight = np.exp(-0.5 * np.sum((x_t[row] - (1.0 - t) * draws) ** 2, axis=1) / t**2)
        u = (x_t[row] - draws) / t
        mean = weight @ u / weight.sum()
        error = np.sqrt(weight**2 @ (u - mean) ** 2) / weight.sum()
        for column in range(mean.size):
            assert_within_standard_errors((mean[column], error[column]), found[row, column])


@given(seed=seeds(), t=st.floats(1e-3, 1.0 - 1e-3))
def test_gaussian_field_against_block_conditioning(seed, t):
    # Condition the joint Gaussian of (x_0, x_t, y_hat) by its blocks.
    rng = np.random.default_rng(seed)
    channel = LinearGaussianChannel(
        rng.standard_normal((3, 2)), 5.0, encoding=rng.standard_normal((2, 2))
    )
    b, e = channel.mixing, channel.encoding
    own = b @ b.T
    seen_x = (1.0 - t) ** 2 * own + t**2 * np.eye(3)
    cross = (1.0 - t) * b @ e.T
    seen = np.block([[seen_x, cross], [cross.T, e @ e.T + channel.noise_power * np.eye(2)]])
    x_t, y_hat, _ = path(channel, t, n_draws=4, seed=seed)
    both = np.hstack((x_t, y_hat))
    mean = both @ np.linalg.solve(seen, np.hstack(((1.0 - t) * own, b @ e.T)).T)
    field = ExactVelocity(channel)
    np.testing.assert_allclose(field(x_t, t, y_hat), (x_t - mean) / t, rtol=1e-6, atol=1e-8 / t)
    alone = x_t @ np.linalg.solve(seen_x, (1.0 - t) * own)
    np.testing.assert_allclose(field(x_t, t), (x_t - alone) / t, rtol=1e-6, atol=1e-8 / t)


@pytest.mark.parametrize("dim", [1, 2, 8, 50])
@pytest.mark.parametrize("snr_db", [-10.0, 60.0])
@pytest.mark.parametrize("t", [1e-6, 1e-4, 1.0 - 1e-6])
def test_extremes_stay_finite_and_near_their_limits(dim, snr_db, t):
    cases = (
        SphereChannel(dim, snr_db),
        TorusChannel(dim, snr_db),
        LinearGaussianChannel.isotropic(dim, snr_db),
    )
    for channel in cases:
        field = ExactVelocity(channel)
        x_t, y_hat, u = path(channel, t, n_draws=200)
        for velocity in (field(x_t, t, y_hat), field(x_t, t)):
            assert np.isfinite(velocity).all()
            # The best guess at u is no worse than the law of u itself allows.
            assert np.mean((velocity - u) ** 2) < 3.0
        if t > 0.5:
            # Late in the path x_t is noise: only the output speaks of x_0, and v = n - E[x_0|y].
            np.testing.assert_allclose(field(x_t, t), x_t, atol=1e-4)


def test_late_in_the_path_the_field_is_noise_less_the_posterior_mean():
    channel, t = SphereChannel(3, 60.0), 1.0 - 1e-6
    x_t, y_hat, _ = path(channel, t, n_draws=50)
    late = x_t - channel.posterior_mean(y_hat)
    np.testing.assert_allclose(ExactVelocity(channel)(x_t, t, y_hat), late, atol=2e-5)


def test_early_in_the_path_the_field_keeps_the_noise_across_the_sphere():
    # On the circle v tends to the radial noise, with no help from the output.
    channel, t = SphereChannel(1, 60.0), 1e-6
    rng = np.random.default_rng(2)
    x, y_hat = channel.sample(100, rng)
    noise = rng.standard_normal(x.shape)
    x_t = (1.0 - t) * x + t * noise
    radial = np.sum(noise * x, axis=1, keepdims=True) * x - x
    np.testing.assert_allclose(ExactVelocity(channel)(x_t, t, y_hat), radial, atol=1e-2)


def test_denoise_and_velocity_agree():
    channel = SphereChannel(2, 5.0)
    field = ExactVelocity(channel)
    x_t, y_hat, _ = path(channel, 0.3, n_draws=50)
    mean = field.denoise(x_t / 0.7, 0.3 / 0.7, y_hat)
    np.testing.assert_allclose(field(x_t, 0.3, y_hat), (x_t - mean) / 0.3, rtol=1e-11, atol=1e-12)
    far = field.denoise(x_t, 1e6, y_hat)
    np.testing.assert_allclose(far, channel.posterior_mean(y_hat), atol=1e-10)


@pytest.mark.parametrize(
    ("manifold", "channel"),
    [
        (Sphere(3), SphereChannel(3, 0.0)),
        (FlatTorus(3), TorusChannel(3, 0.0)),
        (GaussianSubspace(3), LinearGaussianChannel.isotropic(3, 0.0)),
    ],
)
def test_sources_without_a_channel_have_the_unconditional_field(manifold, channel):
    t = np.linspace(0.1, 0.9, 30)
    x_t = np.random.default_rng(0).standard_normal((30, channel.ambient_dim))
    expected = ExactVelocity(channel)(x_t, t)
    np.testing.assert_allclose(ExactVelocity(manifold)(x_t, t), expected, atol=1e-13)


@pytest.mark.parametrize("rotation_seed", [None, 7])
def test_placed_and_scaled_sources_are_regressions_too(rotation_seed):
    rng, t = np.random.default_rng(8), 0.3
    for manifold in (
        Sphere(2, radius=2.0, ambient_dim=5, rotation_seed=rotation_seed),
        GaussianSubspace(2, scale=(0.5, 3.0), ambient_dim=4, rotation_seed=rotation_seed),
        FlatTorus(2, ambient_dim=6, rotation_seed=rotation_seed),
    ):
        x = manifold.sample(20_000, rng)
        noise = rng.standard_normal(x.shape)
        x_t = (1.0 - t) * x + t * noise
        velocity = ExactVelocity(manifold)(x_t, t)
        for witness in (velocity, np.tanh(x_t), x_t**3):
            products = np.sum((noise - x - velocity) * witness, axis=1)
            assert_within_standard_errors(sample_mean_and_error(products), 0.0)


def test_what_does_not_fit_is_refused():
    field = ExactVelocity(SphereChannel(1, 0.0))
    point = [[1.0, 0.0]]
    with pytest.raises(InputError, match=r"t holds values outside \(0, 1\)"):
        field(point, [1.0])
    with pytest.raises(InputError, match="t holds values outside"):
        field(point, [math.nan])
    with pytest.raises(InputError, match="t has shape"):
        field(point, [0.1, 0.2])
    with pytest.raises(InputError, match="sigma holds values outside"):
        field.denoise(point, -1.0)
    with pytest.raises(InputError, match="y_hat has 2 rows for 1 points"):
        field(point, 0.5, [[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(InputError, match="rows of 2"):
        field([[1.0, 0.0, 0.0]], 0.5)
    with pytest.raises(InputError, match="source has no channel"):
        ExactVelocity(Sphere(1))(point, 0.5, point)
    with pytest.raises(InputError, match="Ball has no exact velocity field"):
        ExactVelocity(Ball(2))


@pytest.mark.parametrize("dim", [1, 2, 5, 40, 1000])
def test_fast_deficit_meets_the_quadrature_at_every_scale(dim):
    kappa = np.concatenate(([0.0], np.geomspace(1e-8, 1e15, 400)))
    np.testing.assert_allclose(fast_mean_deficit(kappa, dim), mean_deficit(kappa, dim), rtol=2e-11)
