"""Sums of independent copies of a law, by convolution on a lattice."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import logsumexp

from jscgc_theory.bounds.roots import bracketed_root

_LEAST_CELLS = 4096
_CELLS_PER_TERM = 64
_LARGEST_LATTICE = 2**20

_Vector = Float[NDArray[np.float64], " n"]


class PositiveLaw(NamedTuple):
    """A law on [0, infinity) by two vectorised functions of v."""

    cumulative: Callable[[_Vector], _Vector]
    """P(V <= v)."""
    partial_mean: Callable[[_Vector], _Vector]
    """E[V; V <= v]."""


def log_probability_sum_below(law: PositiveLaw, n_terms: int, limit: float) -> float:
    """Return ``log P(V_1 + ... + V_k <= v)``, also far in the lower tail.

    The law on [0, v] is moved to a lattice so that every cell keeps its mass and its mean, tilted
    by exp(-tau V) so that v becomes a typical value (no digit is lost far in the lower tail), and
    convolved by the fast Fourier transform. The error is of second order in the lattice step:
    relative to the probability about 1e-6 for k up to 10 and 3e-4 at k = 100, and k/2 times
    smaller in v.

    Args:
        law: Law of one term.
        n_terms: Number of terms k, at least 1.
        limit: v, positive.

    Returns:
        Natural logarithm of the probability.
    """
    n_cells = _LEAST_CELLS + _CELLS_PER_TERM * n_terms
    edges = np.linspace(0.0, limit, n_cells + 1)
    mass = np.diff(law.cumulative(edges))
    share = np.diff(law.partial_mean(edges)) * (n_cells / limit)
    upper = np.clip(share - mass * np.arange(n_cells), 0.0, mass)
    nodes = np.append(mass - upper, 0.0) + np.append(0.0, upper)
    tilted, tilt, log_scale = _tilt(nodes, n_terms)
    summed = _truncated_power(tilted, n_terms)
    # A node stands for a hat of one step either side: half of the last one lies beyond v.
    summed[-1] *= 0.5
    steps = np.arange(n_cells + 1)
    with np.errstate(divide="ignore"):
        log_mass = np.log(summed)
    return n_terms * log_scale + float(logsumexp(log_mass + tilt * steps))


def _tilt(nodes: _Vector, n_terms: int) -> tuple[_Vector, float, float]:
    """Return ``nodes exp(-tilt step)`` normalised, the tilt, and the log of the normaliser."""
    steps = np.arange(nodes.size)
    target = (nodes.size - 1) / n_terms

    def mean_excess(tilt: float) -> float:
        weight = nodes * np.exp(-tilt * steps)
        return float(weight @ steps) / float(weight.sum()) - target

    tilt = 0.0
    # Near 0 a term has a density like V^(a-1), a = 1/2, whose tilted mean is a/tau.
    most = 8.0 * n_terms / nodes.size
    if n_terms > 1 and mean_excess(0.0) > 0.0:
        tilt = bracketed_root(mean_excess, 0.0, most)
    weight = nodes * np.exp(-tilt * steps)
    total = float(weight.sum())
    return weight / total, tilt, math.log(total)


def _truncated_power(nodes: _Vector, n_terms: int) -> _Vector:
    """Return the n-fold convolution of a sequence, cut to the length of the sequence."""
    length = next_fast_len(2 * nodes.size, real=True)

    def convolve(first: _Vector, second: _Vector) -> _Vector:
        full = irfft(rfft(first, length) * rfft(second, length), length)
        return np.asarray(np.maximum(full[: nodes.size], 0.0))

    # Binary powers, cut after each product: what lies beyond v never comes back.
    power = np.zeros_like(nodes)
    power[0] = 1.0
    square, left = nodes, n_terms
    while left:
        if left % 2:
            power = convolve(power, square)
        left //= 2
        if left:
            square = convolve(square, square)
    return power


def lattice_sum(
    values: _Vector, masses: _Vector, n_terms: int
) -> tuple[Float[NDArray[np.float64], " n_points"], Float[NDArray[np.float64], " n_points"]]:
    """Return the law of a sum of k independent copies of a finite law, on a lattice.

    Every mass is split between its two neighbours so that its mean stays; what the sum gains in
    variance is of second order in the step.

    Args:
        values: Outcomes of one term.
        masses: Their probabilities.
        n_terms: Number of terms k.

    Returns:
        Lattice points and their probabilities, which add to 1.
    """
    low, high = float(values.min()), float(values.max())
    n_cells = min(2**14, _LARGEST_LATTICE // n_terms)
    step = (high - low) / n_cells
    position = (values - low) / step
    cell = np.minimum(position.astype(np.int64), n_cells - 1)
    upper = masses * (position - cell)
    nodes = np.bincount(cell, masses - upper, n_cells + 1)
    nodes += np.bincount(cell + 1, upper, n_cells + 1)
    n_points = n_terms * n_cells + 1
    length = next_fast_len(n_points, real=True)
    transform = rfft(nodes / nodes.sum(), length) ** n_terms
    summed: _Vector = np.maximum(irfft(transform, length)[:n_points], 0.0)
    total = float(summed.sum())
    points = n_terms * low + step * np.arange(n_points)
    return np.asarray(points, dtype=np.float64), np.asarray(summed / total)
