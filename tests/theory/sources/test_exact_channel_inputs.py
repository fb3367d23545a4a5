"""Every guard that the exact channels share."""

import math

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.sources import LinearGaussianChannel, SphereChannel, TorusChannel

MAKERS = [SphereChannel, TorusChannel, LinearGaussianChannel.isotropic]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    ("dim", "snr_db", "message"),
    [
        (0, 0.0, "dim = 0 is too small"),
        (1001, 0.0, "dim = 1001 is too large"),
        (2, math.nan, "snr_db = nan is not finite"),
        (2, math.inf, "snr_db = inf is not finite"),
        (2, 150.0, r"snr_db = 150 is outside \[-100, 100\]"),
    ],
)
def test_impossible_channels_are_refused(make, dim, snr_db, message):
    with pytest.raises(InputError, match=message):
        make(dim, snr_db)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("outage", [0.0, 1.0, -0.1, math.nan])
def test_impossible_outages_are_refused(make, outage):
    channel = make(2, 0.0)
    for question in (channel.radius_best, channel.radius_posterior, channel.log2_beta):
        with pytest.raises(InputError, match="outage_probability"):
            question(outage)


@pytest.mark.parametrize("make", MAKERS)
def test_impossible_radii_and_probabilities_are_refused(make):
    channel = make(2, 0.0)
    for question in (channel.coincidence_probability, channel.small_ball_probability):
        with pytest.raises(InputError, match="radius = -1 is negative"):
            question(-1.0)
        with pytest.raises(InputError, match="radius = nan"):
            question(math.nan)
    for question in (
        channel.radius_at_log2_probability,
        channel.small_ball_radius_at_log2_probability,
    ):
        with pytest.raises(InputError, match="above 0"):
            question(1.0)


@pytest.mark.parametrize("make", MAKERS)
def test_arrays_that_do_not_fit_are_refused(make):
    channel, rng = make(2, 0.0), np.random.default_rng(0)
    with pytest.raises(InputError, match="n_draws = 0"):
        channel.sample(0, rng)
    x, y_hat = channel.sample(3, rng)
    with pytest.raises(InputError, match="x has 9 columns"):
        channel.information_density_bits(np.zeros((3, 9)), y_hat)
    with pytest.raises(InputError, match="y_hat has 9 columns"):
        channel.sample_posterior(np.zeros((3, 9)), rng)
    with pytest.raises(InputError, match="rows must pair up"):
        channel.information_density_bits(x, y_hat[:2])
    with pytest.raises(InputError, match="y_hat holds nan"):
        channel.decode(np.full_like(y_hat, math.nan))


@pytest.mark.parametrize("make", MAKERS)
def test_truths_are_named(make):
    channel = make(3, 10.0)
    assert channel.intrinsic_dim == 3
    assert channel.noise_power == pytest.approx(0.1)
    x, y_hat = channel.sample(4, np.random.default_rng(0))
    assert x.shape == (4, channel.ambient_dim)
    assert y_hat.shape == (4, channel.n_outputs)
