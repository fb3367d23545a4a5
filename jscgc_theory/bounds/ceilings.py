"""Ceilings R6 on the information a channel can carry: a radius floor with no trained model."""

import math

import numpy as np
from jaxtyping import Inexact
from numpy.typing import ArrayLike, NDArray
from scipy.special import exp1, hyperu

from jscgc_theory.errors import InputError
from jscgc_theory.units import db_to_power_ratio, nats_to_bits
from jscgc_theory.validation import check_count, check_finite_number, check_positive

_LARGEST_SNR_DB = 1000.0
# exp(x) exp1(x) is accurate up to here; beyond, scipy's hyperu(1, 1, x) is and cannot overflow.
_LARGEST_DIRECT_ARGUMENT = 100.0
_RELATIVE_ASYMMETRY = 1e-6

_Covariance = Inexact[NDArray[np.inexact], "dim dim"]


def awgn_capacity_bits(snr_db: float, channel_uses: int) -> float:
    """Return the capacity of n complex Gaussian channel uses, ``n log2(1 + SNR)``.

    Args:
        snr_db: Es/N0 per complex symbol in dB.
        channel_uses: n, complex symbols.

    Returns:
        Bits, which I(X; Y_hat) of no encoder within the power exceeds.

    Raises:
        InputError: If the SNR is not finite or n is not a positive whole number.

    >>> awgn_capacity_bits(0.0, channel_uses=512)
    512.0
    """
    snr = _snr(snr_db)
    channel_uses = check_count(channel_uses, name="channel_uses")
    return channel_uses * nats_to_bits(math.log1p(snr))


def rayleigh_capacity_bits(snr_db: float, channel_uses: int) -> float:
    """Return the ergodic capacity under Rayleigh fading, ``n E log2(1 + |h|^2 SNR)``.

    |h|^2 is exponential with mean 1, known to the receiver, so the mean is
    ``e^(1/SNR) E1(1/SNR) / ln 2``.

    Args:
        snr_db: Mean Es/N0 per complex symbol in dB.
        channel_uses: n, complex symbols.

    Returns:
        Bits.

    Raises:
        InputError: If the SNR is not finite or n is not a positive whole number.

    References:
        Alouini and Goldsmith, IEEE Trans. Veh. Technol. 48(4), 1999.

    >>> round(rayleigh_capacity_bits(0.0, channel_uses=1), 6)
    0.860347
    """
    inverse_snr = 1.0 / _snr(snr_db)
    channel_uses = check_count(channel_uses, name="channel_uses")
    if inverse_snr <= _LARGEST_DIRECT_ARGUMENT:
        nats = math.exp(inverse_snr) * float(exp1(inverse_snr))
    else:
        nats = float(hyperu(1.0, 1.0, inverse_snr))
    return channel_uses * nats_to_bits(nats)


def gaussian_logdet_bits(covariance: ArrayLike, noise_power: float) -> float:
    """Return the Gaussian ceiling of a measured signal, ``log2 det(I + Sigma_Y / N0)``.

    A Gaussian signal of the same covariance carries the most, so any encoder whose complex
    channel symbols have this covariance has I(Y; Y_hat) at most this.

    Args:
        covariance: Sigma_Y = E (y - Ey)(y - Ey)^H of the complex symbols, shape (n, n), Hermitian.
        noise_power: N0 per complex symbol.

    Returns:
        Bits.

    Raises:
        InputError: If the matrix is no covariance or the noise power is not positive.

    References:
        Cover and Thomas, Elements of Information Theory, 2006, section 9.4.

    >>> gaussian_logdet_bits([[3.0, 0.0], [0.0, 3.0]], noise_power=1.0)
    4.0
    """
    noise_power = check_positive(noise_power, name="noise_power")
    return _log2_det_ratio(_check_covariance(covariance), noise_power)


def gaussian_logdet_real_bits(covariance: ArrayLike, noise_variance: float) -> float:
    """Return the Gaussian ceiling in real coordinates, ``1/2 log2 det(I + Sigma / sigma^2)``.

    Tighter than :func:`gaussian_logdet_bits` if the symbols are not circular, as with BPSK.

    Args:
        covariance: Covariance of the stacked real and imaginary parts, shape (2n, 2n).
        noise_variance: sigma^2 = N0/2 per real coordinate.

    Returns:
        Bits.

    Raises:
        InputError: If the matrix is no covariance or the noise variance is not positive.

    >>> gaussian_logdet_real_bits([[3.0]], noise_variance=1.0)
    1.0
    """
    noise_variance = check_positive(noise_variance, name="noise_variance")
    matrix = _check_covariance(covariance)
    if np.iscomplexobj(matrix):
        raise InputError(
            "covariance is complex; stack real and imaginary parts, or use gaussian_logdet_bits"
        )
    return 0.5 * _log2_det_ratio(matrix, noise_variance)


def _snr(snr_db: float) -> float:
    snr_db = check_finite_number(snr_db, name="snr_db")
    if abs(snr_db) > _LARGEST_SNR_DB:
        raise InputError(
            f"snr_db = {snr_db:g} is beyond {_LARGEST_SNR_DB:g} dB; give a ratio in decibels"
        )
    return db_to_power_ratio(snr_db)


def _log2_det_ratio(covariance: _Covariance, noise_power: float) -> float:
    eigenvalues = np.linalg.eigvalsh(covariance)
    if eigenvalues[0] < -_RELATIVE_ASYMMETRY * max(abs(eigenvalues[-1]), noise_power):
        raise InputError(
            f"covariance has the eigenvalue {eigenvalues[0]:g}; "
            "a covariance has none below 0: check how it was formed"
        )
    return nats_to_bits(float(np.log1p(np.maximum(eigenvalues, 0.0) / noise_power).sum()))


def _check_covariance(covariance: ArrayLike) -> _Covariance:
    matrix = np.asarray(covariance)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise InputError(f"covariance has shape {matrix.shape}; give a square matrix")
    if not np.issubdtype(matrix.dtype, np.number) or not np.isfinite(matrix).all():
        raise InputError("covariance holds values that are not finite numbers; remove such rows")
    largest = float(np.abs(matrix).max())
    if float(np.abs(matrix - matrix.conj().T).max()) > _RELATIVE_ASYMMETRY * largest:
        raise InputError("covariance is not Hermitian; average it with its conjugate transpose")
    hermitian: _Covariance = 0.5 * (matrix + matrix.conj().T)
    return hermitian
