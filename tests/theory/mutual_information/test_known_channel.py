"""What is known of a channel: noise per real dimension, gains."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.known_channel import KnownChannel


def test_half_of_the_noise_falls_on_each_real_dimension():
    assert KnownChannel.from_snr_db(10.0).noise_variance == pytest.approx(0.05, rel=1e-12)


def test_gains_are_kept():
    gains = np.ones((4, 2)) * (1 + 2j)
    channel = KnownChannel.from_noise_variance(0.5, gains)
    np.testing.assert_array_equal(channel.gains, gains)


@pytest.mark.parametrize("variance", [0.0, -1.0, np.nan, np.inf])
def test_noise_must_be_positive(variance):
    with pytest.raises(InputError, match="noise_variance"):
        KnownChannel(variance)


def test_snr_must_be_finite():
    with pytest.raises(InputError, match="snr_db"):
        KnownChannel.from_snr_db(np.inf)


@pytest.mark.parametrize("gains", [[1.0, 2.0], [[1.0, np.nan]]])
def test_gains_must_be_a_finite_matrix(gains):
    with pytest.raises(InputError, match="gains of shape"):
        KnownChannel.from_snr_db(0.0, gains)
