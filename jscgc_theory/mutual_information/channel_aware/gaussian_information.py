"""The information of a Gaussian input of the same covariance, free of the bias of the sample."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds.roots import bracketed_root

_SMALLEST_LOG_SHIFT = -60.0

_Columns = Float[NDArray[np.float64], "n_pairs n_real"]


@dataclass(frozen=True)
class InformationSum:
    """Information in nats with every pair's first-order influence on it."""

    nats: float
    influence: Float[NDArray[np.float64], " n_pairs"]
    extra_variance: float = 0.0
    """Variance in nats^2 that the influence does not see."""
    bias_doubt: float = 0.0
    """Nats by which a correction of bias may be off."""

    @property
    def standard_error_nats(self) -> float:
        """Standard error of the sum over independent pairs."""
        variance = float(self.influence.var(ddof=1)) / len(self.influence)
        return math.sqrt(variance + self.extra_variance + self.bias_doubt**2)

    def plus(self, other: "InformationSum", weight: float = 1.0) -> "InformationSum":
        """Add a multiple of another information of the same pairs.

        Args:
            other: Over the same pairs.
            weight: Its factor.

        Returns:
            The sum; doubts about bias add up as they are.
        """
        return InformationSum(
            self.nats + weight * other.nats,
            self.influence + weight * other.influence,
            self.extra_variance + abs(weight) * other.extra_variance,
            self.bias_doubt + abs(weight) * other.bias_doubt,
        )


def gaussian_information(centred: _Columns, noise_variance: float) -> InformationSum | None:
    r"""Estimate ``1/2 log det(I + Sigma / sigma^2)`` from samples of a law of covariance Sigma.

    The plug-in reads low by about m^2 / (4 n) nats, whole bits in hundreds of dimensions. With S
    the sample covariance and z solving ``1/sigma^2 = (1/n) [tr (S + z I)^-1 + (n - m)/z]``,

        log det(I + S/z) + n log(z/sigma^2) + n (1 - z/sigma^2)

    estimates log det(I + Sigma/sigma^2) consistently as m and n grow together; a term in the
    variance of the quadratic forms adds what remains at finite m, also for other laws than
    Gaussian ones.

    Args:
        centred: Samples less their mean.
        noise_variance: sigma^2.

    Returns:
        Nats and influences; None if there are too few samples for so many dimensions.

    References:
        Kammoun, Couillet, Najim, Debbah. Performance of mutual information inference methods under
        unknown interference. IEEE Trans. Inf. Theory 59 (2013).
        Hachem, Loubaton, Najim. Deterministic equivalents for certain functionals of large random
        matrices. Ann. Appl. Probab. 17 (2007).
    """
    n_free = len(centred) - 1
    rank = min(centred.shape[1], n_free)
    values, vectors = np.linalg.eigh(centred.T @ centred / n_free)
    eigenvalues = np.maximum(values[-rank:], 0.0)
    shift = _solve_shift(eigenvalues, n_free, noise_variance)
    if shift is None:
        return None
    nats = 0.5 * (
        float(np.log1p(eigenvalues / shift).sum())
        + n_free * (math.log(shift / noise_variance) + 1.0 - shift / noise_variance)
    )
    return _with_influence(
        nats, np.square(centred @ vectors[:, -rank:]), eigenvalues, shift, noise_variance
    )


def column_information(
    centred: _Columns, powers: Float[NDArray[np.float64], "n_gains n_real"]
) -> InformationSum:
    """Estimate the sum over columns of ``1/2 log(1 + power * variance)``, averaged over gains.

    At least the log-det of the covariance (Hadamard); needs no correlations, hence few samples.

    Args:
        centred: Samples less their mean.
        powers: |h|^2 / sigma^2, one row for all pairs or one for each.

    Returns:
        Nats and influences.
    """
    squares = np.square(centred)
    variances = squares.sum(axis=0) / (len(centred) - 1)
    by_gain = 0.5 * np.log1p(powers * variances).sum(axis=1)
    slopes = 0.5 * powers / (1.0 + powers * variances)
    curvatures = np.square(slopes).mean(axis=0)
    bias = float(curvatures @ squares.var(axis=0, ddof=1)) / len(centred)
    influence = (squares - squares.mean(axis=0)) @ slopes.mean(axis=0)
    influence += by_gain - by_gain.mean()
    return InformationSum(float(by_gain.mean()) + bias, influence)


def _solve_shift(
    eigenvalues: Float[NDArray[np.float64], " rank"], n_free: int, noise_variance: float
) -> float | None:
    ratios = eigenvalues / noise_variance

    def excess(log_shift: float) -> float:
        shift = math.exp(log_shift)
        resolvent = float((1.0 / (ratios + shift)).sum()) + (n_free - len(ratios)) / shift
        return resolvent / n_free - 1.0

    # At sigma^2 itself the resolvent is below 1/sigma^2, rounding aside.
    if excess(0.0) >= 0.0:
        return noise_variance
    if excess(_SMALLEST_LOG_SHIFT) <= 0.0:
        return None
    return noise_variance * math.exp(bracketed_root(excess, _SMALLEST_LOG_SHIFT, 0.0))


def _with_influence(
    nats: float,
    squares: Float[NDArray[np.float64], "n_pairs rank"],
    eigenvalues: Float[NDArray[np.float64], " rank"],
    shift: float,
    noise_variance: float,
) -> InformationSum:
    """Add the second-order term and the influences, from y'(Sigma + sigma^2 I)^-1 y."""
    n_free = len(squares) - 1
    inside = squares @ (1.0 / (eigenvalues + shift))
    # A sample's own share of S makes its form too small: leave it out.
    forms = (shift / noise_variance) * inside / np.maximum(1.0 - inside / n_free, 1e-12)
    signal_share = float(np.square(eigenvalues / (eigenvalues + shift)).sum())
    spread = float(forms.var(ddof=1)) * max(0.0, 1.0 - signal_share / n_free)
    nats += 0.25 * (spread - signal_share) / n_free
    return InformationSum(nats, 0.5 * (forms - forms.mean()))
