"""Known channels: brute-force densities, closed forms, published values, theorems."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from jscgc_theory.sources import SphereChannel, TorusChannel
from jscgc_theory.sources.information_pairs import (
    BPSK,
    PSK_8,
    QAM_16,
    QAM_64,
    QPSK,
    AwgnPair,
    CorrelatedInputPair,
    GaussianSymbol,
    ManifoldChannelPair,
    RayleighPair,
)
from tests.statistics import (
    assert_follows_law,
    assert_within_standard_errors,
    sample_mean_and_error,
)

ALPHABETS = {
    BPSK: [1.0, -1.0],
    QPSK: [complex(a, b) / math.sqrt(2.0) for a in (1, -1) for b in (1, -1)],
    PSK_8: np.exp(2j * np.pi * np.arange(8) / 8),
    QAM_16: [complex(a, b) / math.sqrt(10.0) for a in (-3, -1, 1, 3) for b in (-3, -1, 1, 3)],
    QAM_64: [
        complex(a, b) / math.sqrt(42.0) for a in range(-7, 8, 2) for b in range(-7, 8, 2)
    ],
}  # fmt: skip
NAMES = {constellation: constellation.name for constellation in ALPHABETS}


def as_complex(columns, n_symbols):
    if columns.shape[1] == n_symbols:
        return columns.astype(complex)
    return columns[:, :n_symbols] + 1j * columns[:, n_symbols:]


def information_density(pair, alphabet, drawn):
    """log2 p(y|x, h)/p(y|h), by the sum over all symbols of the alphabet."""
    n = pair.n_symbols
    sent, received = as_complex(drawn.x, n), as_complex(drawn.y, n)
    gains = 1.0 if drawn.gains is None else drawn.gains
    candidates = np.asarray(alphabet, dtype=complex)[:, None, None]
    distance = np.abs(received - gains * candidates) ** 2
    own = np.abs(received - gains * sent) ** 2
    scale = -0.5 / pair.noise_variance
    mean = special.logsumexp(scale * distance, axis=0) - math.log(len(alphabet))
    return np.sum(scale * own - mean, axis=1) / math.log(2.0)


@pytest.mark.parametrize("constellation", ALPHABETS, ids=NAMES.get)
@pytest.mark.parametrize("snr_db", [-5.0, 14.0])
def test_information_is_the_mean_density_over_all_symbols(constellation, snr_db):
    for channel in (AwgnPair, RayleighPair):
        pair = channel(constellation, 3, snr_db)
        drawn = pair.sample_channel(5000, np.random.default_rng(0))
        used = set(np.round(as_complex(drawn.x, 3).ravel(), 9).tolist())
        assert used == set(np.round(np.asarray(ALPHABETS[constellation]) + 0j, 9).tolist())
        bits = information_density(pair, ALPHABETS[constellation], drawn)
        mean, error = sample_mean_and_error(bits)
        # Where errors are rarer than draws the spread seen says too little.
        assert_within_standard_errors((mean, max(error, 1e-5)), pair.mutual_information_bits())


def amplitude_information(n_levels, variance):
    """h(Y) - h(N) of an amplitude modulation of unit energy, by adaptive quadrature."""
    levels = np.arange(1.0 - n_levels, n_levels, 2.0)
    levels /= math.sqrt(np.mean(levels**2))
    law = stats.norm(levels, math.sqrt(variance))

    def integrand(y):
        density = float(np.mean(law.pdf(y)))
        return -density * math.log2(density) if density > 0.0 else 0.0

    ends = (levels[0] - 10.0 * math.sqrt(variance), levels[-1] + 10.0 * math.sqrt(variance))
    entropy, _ = integrate.quad(integrand, *ends, points=levels, limit=400, epsabs=1e-12)
    return entropy - 0.5 * math.log2(2.0 * math.pi * math.e * variance)


@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 7.0, 15.0])
def test_amplitudes_against_the_output_entropy(snr_db):
    variance = 10.0 ** (-snr_db / 10.0)
    for constellation, n_levels, n_axes in (
        (BPSK, 2, 1),
        (QPSK, 2, 2),
        (QAM_16, 4, 2),
        (QAM_64, 8, 2),
    ):
        bits = AwgnPair(constellation, 1, snr_db).mutual_information_bits()
        truth = n_axes * amplitude_information(n_levels, variance)
        assert bits == pytest.approx(truth, abs=1e-7)


def test_binary_input_needs_0_187_db_for_half_a_bit():
    # Rate 1/2 over the binary-input Gaussian channel: Eb/N0 = 0.187 dB, Richardson & Urbanke,
    # Modern Coding Theory; with Es = Eb/2 and N0/2 per real dimension that is the real SNR.
    assert AwgnPair(BPSK, 1, 0.187).mutual_information_bits() == pytest.approx(0.5, abs=2e-4)


@given(snr_db=st.floats(-30.0, 40.0))
def test_constellations_obey_their_ceilings_and_grow(snr_db):
    capacity = AwgnPair(GaussianSymbol(), 1, snr_db).mutual_information_bits()
    assert capacity == pytest.approx(math.log2(1.0 + 10.0 ** (snr_db / 10.0)), rel=1e-12)
    for constellation in (QPSK, QAM_16, QAM_64):
        bits = AwgnPair(constellation, 1, snr_db).mutual_information_bits()
        ceiling = min(capacity, math.log2(len(ALPHABETS[constellation])))
        assert 0.0 < bits <= ceiling + 1e-9
        more = AwgnPair(constellation, 1, snr_db + 1.0).mutual_information_bits()
        assert more >= bits - 1e-9


@pytest.mark.parametrize("snr_db", [-20.0, 0.0, 10.0, 40.0])
def test_gaussian_input_over_fading_has_its_closed_form(snr_db):
    # E log(1 + |h|^2 s) = exp(1/s) E_1(1/s): Alouini and Goldsmith, 1999, eq. (34).
    snr = 10.0 ** (snr_db / 10.0)
    truth = 5.0 * special.exp1(1.0 / snr) * math.exp(1.0 / snr) / math.log(2.0)
    pair = RayleighPair(GaussianSymbol(), 5, snr_db)
    assert pair.mutual_information_bits() == pytest.approx(truth, rel=1e-9)


def test_fading_against_adaptive_quadrature():
    def faded(gain, snr_db):
        level = 10.0 * math.log10(gain) + snr_db
        return math.exp(-gain) * AwgnPair(QAM_16, 1, level).mutual_information_bits()

    truth, _ = integrate.quad(faded, 1e-9, 40.0, args=(10.0,), points=[0.1, 1.0], epsabs=1e-8)
    bits = RayleighPair(QAM_16, 1, 10.0).mutual_information_bits()
    assert bits == pytest.approx(truth, abs=1e-6)


def test_channels_are_what_they_say():
    rng = np.random.default_rng(5)
    for pair in (
        AwgnPair(QAM_16, 2, 6.0),
        AwgnPair(GaussianSymbol(is_real=True), 3, 6.0),
        CorrelatedInputPair(4, 0.8, 6.0),
        ManifoldChannelPair.sphere(3, 2.0),
        ManifoldChannelPair.torus(3, 2.0),
        RayleighPair(PSK_8, 2, 6.0),
    ):
        x, y, gains = pair.sample_channel(4000, rng)
        heard = x
        if gains is not None:
            assert_follows_law(np.abs(gains[:, 0]) ** 2, stats.expon.cdf)
            faded = gains * as_complex(x, 2)
            heard = np.hstack((faded.real, faded.imag))
        noise = stats.norm(0.0, math.sqrt(pair.noise_variance))
        assert_follows_law((y - heard)[:, -1], noise.cdf)
        power = np.mean(x**2, axis=1)
        axes = 2 if isinstance(pair, RayleighPair) or "QAM" in pair.name else 1
        if np.ptp(power) > 1e-9:
            assert_within_standard_errors(sample_mean_and_error(power), 1.0 / axes)
        else:
            assert power[0] == pytest.approx(1.0 / axes)


def test_the_receiver_of_a_faded_signal_has_the_gains_too():
    pair = RayleighPair(QPSK, 3, 5.0)
    x, y = pair.sample(20, np.random.default_rng(6))
    drawn = pair.sample_channel(20, np.random.default_rng(6))
    np.testing.assert_array_equal(x, drawn.x)
    np.testing.assert_array_equal(y, np.hstack((drawn.y, drawn.gains.real, drawn.gains.imag)))


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.9])
def test_correlated_input_by_its_determinant(correlation):
    pair = CorrelatedInputPair(6, correlation, 3.0)
    _, log_det = np.linalg.slogdet(np.eye(6) + pair.covariance / pair.noise_variance)
    bits = pair.mutual_information_bits()
    assert bits == pytest.approx(0.5 * log_det / math.log(2.0), rel=1e-12)
    x, y = pair.sample(40_000, np.random.default_rng(7))
    for lag in (1, 3):
        products = x[:, 0] * y[:, lag]
        assert_within_standard_errors(sample_mean_and_error(products), correlation**lag)


@pytest.mark.parametrize("mi_bits", [0.1, 3.0, 60.0])
def test_manifold_channels_carry_the_wanted_bits(mi_bits):
    for pair in (ManifoldChannelPair.sphere(8, mi_bits), ManifoldChannelPair.torus(5, mi_bits)):
        assert pair.mutual_information_bits() == pytest.approx(mi_bits, rel=1e-9)
        n_circles = 1 if isinstance(pair.channel, SphereChannel) else 5
        x, y = pair.sample(5000, np.random.default_rng(8))
        point = x / math.sqrt(pair.x_dim / n_circles)
        density = pair.channel.information_density_bits(point, y)
        assert_within_standard_errors(sample_mean_and_error(density), mi_bits)
    assert isinstance(pair.channel, TorusChannel)
