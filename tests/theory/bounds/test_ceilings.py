"""R6: capacities by quadrature and limits, log-determinants by rotation and known cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from jscgc_theory.bounds import (
    awgn_capacity_bits,
    gaussian_logdet_bits,
    gaussian_logdet_real_bits,
    rayleigh_capacity_bits,
)
from jscgc_theory.errors import InputError
from tests.strategies import covariances, generators


@pytest.mark.parametrize(
    ("snr_db", "published"), [(-5.0, 203.0), (0.0, 512.0), (5.0, 1053.0), (10.0, 1771.0)]
)
def test_awgn_at_the_papers_bandwidth(snr_db: float, published: float) -> None:
    """CBR 1/384 of a 256 x 256 RGB image is 512 complex symbols."""
    assert awgn_capacity_bits(snr_db, 512) == pytest.approx(published, abs=0.6)


@pytest.mark.parametrize("snr_db", [-25.0, -20.1, -19.9, -5.0, 0.0, 10.0, 30.0, 60.0])
def test_rayleigh_by_quadrature(snr_db: float) -> None:
    snr = 10.0 ** (snr_db / 10.0)
    mean, _ = quad(lambda gain: math.exp(-gain) * math.log1p(gain * snr), 0.0, 80.0, epsabs=1e-14)
    assert rayleigh_capacity_bits(snr_db, 7) == pytest.approx(7 * mean / math.log(2.0), rel=1e-9)


@pytest.mark.parametrize("snr_db", [-1000.0, -300.0, -40.0])
def test_both_are_linear_at_low_snr(snr_db: float) -> None:
    linear = 10.0 ** (snr_db / 10.0) / math.log(2.0)
    assert awgn_capacity_bits(snr_db, 1) == pytest.approx(linear, rel=2e-4)
    assert rayleigh_capacity_bits(snr_db, 1) == pytest.approx(linear, rel=2e-4)


@given(snr_db=st.floats(-60.0, 80.0), uses=st.integers(1, 2000))
def test_fading_costs_between_nothing_and_eulers_constant(snr_db: float, uses: int) -> None:
    """Jensen: E log(1 + g snr) <= log(1 + snr); at high SNR the gap is gamma / ln 2 bits."""
    awgn, rayleigh = awgn_capacity_bits(snr_db, uses), rayleigh_capacity_bits(snr_db, uses)
    assert rayleigh <= awgn * (1 + 1e-12)
    assert awgn - rayleigh <= uses * (np.euler_gamma / math.log(2.0)) + 1e-9


@given(covariance=covariances(), rng=generators(), noise=st.floats(1e-3, 10.0))
def test_logdet_is_a_sum_over_any_orthonormal_basis(
    covariance: NDArray[np.float64], rng: np.random.Generator, noise: float
) -> None:
    dim = covariance.shape[0]
    noisy = rng.standard_normal((dim, dim)) + 1j * rng.standard_normal((dim, dim))
    unitary, _ = np.linalg.qr(noisy)
    bits = gaussian_logdet_bits(covariance, noise)
    assert gaussian_logdet_bits(unitary @ covariance @ unitary.conj().T, noise) == pytest.approx(
        bits
    )
    assert bits == pytest.approx(
        np.linalg.slogdet(np.eye(dim) + covariance / noise)[1] / np.log(2)
    )
    # Hadamard: correlation can only lower it; the power alone gives the AWGN capacity.
    assert bits <= gaussian_logdet_bits(np.diag(np.diag(covariance)), noise) + 1e-9
    snr_db = 10 * math.log10(np.trace(covariance) / dim / noise)
    assert bits <= awgn_capacity_bits(snr_db, dim) + 1e-9


def test_circular_symbols_have_one_ceiling_and_bpsk_a_lower_one() -> None:
    noise = 0.1
    complex_bits = gaussian_logdet_bits([[1.0]], noise)
    assert complex_bits == pytest.approx(awgn_capacity_bits(10.0, 1))
    circular = gaussian_logdet_real_bits(np.diag([0.5, 0.5]), noise / 2)
    assert circular == pytest.approx(complex_bits)
    bpsk = gaussian_logdet_real_bits(np.diag([1.0, 0.0]), noise / 2)
    assert bpsk == pytest.approx(0.5 * math.log2(1 + 20.0))
    assert bpsk < complex_bits


def test_a_singular_covariance_with_rounding_is_accepted() -> None:
    direction = np.array([1.0, 2.0, 3.0])
    rank_one = np.outer(direction, direction)
    assert gaussian_logdet_bits(rank_one, 1.0) == pytest.approx(math.log2(15.0))


def test_guards() -> None:
    with pytest.raises(InputError, match="snr_db = nan is not finite"):
        awgn_capacity_bits(math.nan, 1)
    with pytest.raises(InputError, match="snr_db = 5000 is beyond 1000 dB"):
        rayleigh_capacity_bits(5000.0, 1)
    with pytest.raises(InputError, match="channel_uses = 0 is too small"):
        awgn_capacity_bits(0.0, 0)
    with pytest.raises(InputError, match="noise_power = 0 is not positive"):
        gaussian_logdet_bits([[1.0]], 0.0)
    with pytest.raises(InputError, match="noise_variance = -1 is not positive"):
        gaussian_logdet_real_bits([[1.0]], -1.0)
    with pytest.raises(InputError, match="give a square matrix"):
        gaussian_logdet_bits([[1.0, 2.0]], 1.0)
    with pytest.raises(InputError, match="not finite numbers"):
        gaussian_logdet_bits([[math.nan]], 1.0)
    with pytest.raises(InputError, match="not Hermitian"):
        gaussian_logdet_bits([[1.0, 0.5], [0.0, 1.0]], 1.0)
    with pytest.raises(InputError, match="has the eigenvalue -1"):
        gaussian_logdet_bits([[1.0, 0.0], [0.0, -1.0]], 1.0)
    with pytest.raises(InputError, match="stack real and imaginary parts"):
        gaussian_logdet_real_bits([[1.0 + 0.0j]], 1.0)
