"""The von Mises-Fisher law on the sphere S^d in R^(d+1), safe at any concentration.

Its density against the uniform law is ``exp(kappa t) / M(kappa)`` with t the cosine to the mean
direction. Everything is written in the deficit ``s = 1 - t``, which keeps its digits when the
law is concentrated, and in ``log M(kappa) - kappa``, which never overflows.
"""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, hyp0f1, ive

from jscgc_theory.sources.directions import directions_of
from jscgc_theory.sources.quadrature import gauss_legendre

# Order from which the uniform expansion of I_nu is exact to rounding with four terms.
_LARGE_ORDER = 250.0
# Concentration beyond which the large-argument expansion is exact to rounding for lower orders.
_LARGE_KAPPA = 1e8
_N_ANGLES = 200

_Array = NDArray[np.float64]


def log_scaled_normaliser(kappa: Float[NDArray[np.float64], "..."], dim: int) -> _Array:
    """Return ``log E exp(-kappa s) = log M(kappa) - kappa``, s uniform on the sphere.

    ``M(kappa) = Gamma(nu+1) (2/kappa)^nu I_nu(kappa)`` with ``nu = (d-1)/2``.

    Args:
        kappa: Concentrations, at least 0.
        dim: d of S^d.

    Returns:
        Array of the same shape, in nats, at most 0.

    References:
        Mardia and Jupp, Directional Statistics, 2000, section 9.3; DLMF 10.41(ii) and 10.40.
    """
    nu = 0.5 * (dim - 1)
    # At a small argument I_nu may underflow and cancels against kappa^nu; the series does not.
    small = kappa <= 2.0 * math.sqrt(nu + 1.0)
    series = np.log(hyp0f1(nu + 1.0, 0.25 * np.where(small, kappa, 0.0) ** 2)) - kappa
    argument = np.where(small, 1e3, kappa)
    log_bessel = _log_bessel(nu, argument) + gammaln(nu + 1.0) + nu * np.log(2.0 / argument)
    result: _Array = np.where(small, series, log_bessel)
    return result


def _log_bessel(nu: float, kappa: _Array) -> _Array:
    """Return log(I_nu(kappa) exp(-kappa)) for kappa > 2 sqrt(nu + 1)."""
    if nu >= _LARGE_ORDER:
        return _log_bessel_large_order(nu, kappa)
    return _log_bessel_moderate_order(nu, kappa)


def _log_bessel_moderate_order(nu: float, kappa: _Array) -> _Array:
    mu = 4.0 * nu * nu
    eighth = 0.125 / kappa
    tail = 1.0 - (mu - 1.0) * eighth * (1.0 - 0.5 * (mu - 9.0) * eighth)
    far = np.log(np.where(kappa > _LARGE_KAPPA, tail, 1.0)) - 0.5 * np.log(2.0 * np.pi * kappa)
    near = np.log(ive(nu, np.minimum(kappa, _LARGE_KAPPA)))
    result: _Array = np.where(kappa > _LARGE_KAPPA, far, near)
    return result


def _log_bessel_large_order(nu: float, kappa: _Array) -> _Array:
    # The uniform expansion, DLMF 10.41.3.
    z = kappa / nu
    root = np.hypot(1.0, z)
    t = 1.0 / root
    square = t * t
    terms = (
        t * (3.0 - 5.0 * square) / 24.0,
        square * np.polyval([385.0, -462.0, 81.0], square) / 1152.0,
        t * square * np.polyval([-425425.0, 765765.0, -369603.0, 30375.0], square) / 414720.0,
        square**2
        * np.polyval([185910725.0, -446185740.0, 349922430.0, -94121676.0, 4465125.0], square)
        / 39813120.0,
    )
    series = sum(term / nu ** (order + 1) for order, term in enumerate(terms))
    # nu (root - z) loses nothing in this form when z is large.
    exponent = nu * (1.0 / (root + z) - np.arcsinh(1.0 / z))
    result: _Array = exponent - 0.5 * np.log(2.0 * np.pi * nu * root) + np.log1p(series)
    return result


def log_angle_density(
    angle: Float[NDArray[np.float64], "..."], kappa: Float[NDArray[np.float64], "..."], dim: int
) -> _Array:
    """Return the log density of the angle to the mean direction, on [0, pi].

    Args:
        angle: Angles in radians, broadcast against kappa.
        kappa: Concentrations.
        dim: d of S^d.

    Returns:
        ``(d-1) log sin(angle) - kappa (1 - cos angle)``, normalised, in nats.
    """
    exponent = -2.0 * kappa * np.sin(0.5 * angle) ** 2 - log_scaled_normaliser(kappa, dim)
    result: _Array = log_uniform_angle_density(angle, dim) + exponent
    return result


def log_uniform_angle_density(angle: Float[NDArray[np.float64], "..."], dim: int) -> _Array:
    """Return the log density of the angle between two independent uniform points.

    Args:
        angle: Angles in [0, pi].
        dim: d of S^d.

    Returns:
        ``(d-1) log sin(angle) - log B(d/2, 1/2)``.
    """
    constant = -float(betaln(0.5 * dim, 0.5))
    if dim == 1:
        return np.full_like(angle, constant)
    with np.errstate(divide="ignore"):
        result: _Array = (dim - 1) * np.log(np.sin(angle)) + constant
    return result


def probability_of_deficit_below(
    deficit: Float[NDArray[np.float64], " n"], kappa: Float[NDArray[np.float64], " n"], dim: int
) -> Float[NDArray[np.float64], " n"]:
    """Return ``P(1 - t <= s)`` by quadrature over the angle.

    Args:
        deficit: s in [0, 2], one per concentration.
        kappa: Concentrations.
        dim: d of S^d.

    Returns:
        Probabilities.
    """
    angle, weight = _angles_up_to(np.minimum(deficit, _effective_deficit(kappa, dim)))
    return np.asarray(
        np.sum(weight * np.exp(log_angle_density(angle, kappa[:, None], dim)), axis=1)
    )


def mean_deficit(
    kappa: Float[NDArray[np.float64], " n"], dim: int
) -> Float[NDArray[np.float64], " n"]:
    """Return ``E[1 - t] = 1 - I_(nu+1)(kappa) / I_nu(kappa)``, exact also when it is tiny.

    Args:
        kappa: Concentrations.
        dim: d of S^d.

    Returns:
        Means in [0, 1].
    """
    angle, weight = _angles_up_to(_effective_deficit(kappa, dim))
    mass = weight * np.exp(log_angle_density(angle, kappa[:, None], dim))
    return np.asarray(np.sum(2.0 * np.sin(0.5 * angle) ** 2 * mass, axis=1))


def _effective_deficit(kappa: _Array, dim: int) -> _Array:
    """Return the deficit beyond which less than exp(-50) of the mass lies."""
    largest = 0.5 * dim + 12.0 * math.sqrt(dim) + 60.0
    return np.asarray(np.minimum(2.0, largest / np.maximum(kappa, 1e-300)))


def _angles_up_to(deficit: _Array) -> tuple[_Array, _Array]:
    node, weight = gauss_legendre(0.0, 1.0, _N_ANGLES)
    last = 2.0 * np.arcsin(np.sqrt(0.5 * deficit))[:, None]
    return last * node, last * weight


def sample_von_mises_fisher(
    direction: Float[NDArray[np.float64], "n_draws ambient_dim"],
    kappa: Float[NDArray[np.float64], " n_draws"],
    rng: np.random.Generator,
) -> Float[NDArray[np.float64], "n_draws ambient_dim"]:
    """Draw one point per row, each row with its own direction and concentration.

    The cosine is drawn by the rejection method of Ulrich (1984) as corrected by Wood (1994), in
    the deficit, over all rows at once; scipy's ``vonmises_fisher`` takes one concentration only.

    Args:
        direction: Unit vectors.
        kappa: Concentrations, at least 0.
        rng: Source of randomness.

    Returns:
        Unit vectors.

    References:
        Wood, "Simulation of the von Mises Fisher distribution", Commun. Stat. Simul. 23, 1994.
    """
    deficit = _sample_deficit(kappa, direction.shape[1] - 1, rng)[:, None]
    tangent = rng.standard_normal(direction.shape)
    tangent -= np.sum(tangent * direction, axis=1, keepdims=True) * direction
    sideways = np.sqrt(deficit * (2.0 - deficit)) * directions_of(tangent)
    # Rounding moves the sum off the sphere by a few units in the last place.
    return directions_of((1.0 - deficit) * direction + sideways)


def _sample_deficit(kappa: _Array, dim: int, rng: np.random.Generator) -> _Array:
    ratio = dim / (2.0 * kappa + np.hypot(2.0 * kappa, dim))  # b of Wood's algorithm
    peak = 2.0 * ratio / (1.0 + ratio)  # deficit of x0
    accepted = np.empty_like(kappa)
    waiting = np.arange(kappa.size)
    while waiting.size:
        b, s0, k = ratio[waiting], peak[waiting], kappa[waiting]
        z = rng.beta(0.5 * dim, 0.5 * dim, size=waiting.size)
        s = np.minimum(2.0, 2.0 * b * z / (1.0 - (1.0 - b) * z))
        level = k * (s0 - s) + dim * np.log((s0 + s - s0 * s) / (s0 * (2.0 - s0)))
        kept = level >= -rng.standard_exponential(waiting.size)
        accepted[waiting[kept]] = s[kept]
        waiting = waiting[~kept]
    return accepted
