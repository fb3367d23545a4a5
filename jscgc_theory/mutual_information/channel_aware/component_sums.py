"""Sums of the informations of components, in several orthogonal bases."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.mutual_information.channel_aware.coherent_pairs import CoherentPairs
from jscgc_theory.mutual_information.channel_aware.component_information import (
    component_information,
)
from jscgc_theory.mutual_information.channel_aware.gaussian_information import (
    InformationSum,
    column_information,
    gaussian_information,
)

_GAUSSIAN_SCORE = 5.0
"""Standard errors of Mardia's kurtosis beyond which a rotation is looked for, and of a correlation
of squares beyond which columns are matched."""
_CONSTANT = 1e-9
_SIGNIFICANT = 2.0
_MOST_ROTATED = 128
_MOST_ITERATIONS = 60

_Columns = Float[NDArray[np.float64], "n_pairs n_real"]


@dataclass(frozen=True)
class BasisSum:
    """The sum over the components of one basis: an upper bound on I."""

    name: str
    information: InformationSum
    resolved: bool
    """Whether every component was resolved; otherwise some are Gaussian ceilings."""
    coordinates: _Columns
    blocks: Int[NDArray[np.int64], " n_real"]
    """Which component a coordinate belongs to."""
    decorrelated: bool = False
    """Whether the basis makes the coordinates uncorrelated in this very sample."""


def basis_sums(pairs: CoherentPairs, rng: np.random.Generator) -> list[BasisSum]:
    """Return the sums in every basis that the pairs admit, the simplest basis first.

    Args:
        pairs: Coherent pairs. Under fading only the native columns and complex pairs keep the
            channel's components apart.
        rng: Splits the pairs for the rotation that is learned.

    Returns:
        Sums in nats.
    """
    n_real = pairs.n_real
    sums = [_native_sum(pairs, np.arange(n_real), "native columns")]
    symbols = np.tile(np.arange(n_real // 2), 2)
    if n_real % 2 == 0 and _symbols_depend(pairs, symbols):
        sums.append(_native_sum(pairs, symbols, "complex pairs"))
    if pairs.amplitudes is None and n_real > 1:
        matched = dependent_columns(pairs.inputs)
        if matched.max() + 1 < n_real and not np.array_equal(matched, symbols):
            sums.append(_native_sum(pairs, matched, "pairs of dependent columns"))
        principal = _principal_sum(pairs)
        if principal is not None:
            sums.append(principal)
            sums += _rotated_sum(pairs, principal, rng)
    return sums


def dependent_columns(inputs: _Columns) -> Int[NDArray[np.int64], " n_real"]:
    """Match the columns whose squares are correlated, the strongest first.

    Symbols need not be laid out as real parts then imaginary parts: the coordinates of a circle
    or of a phase-shift keyed symbol are uncorrelated, but their squares are not.

    Args:
        inputs: Channel inputs.

    Returns:
        Number of the block each column belongs to; a column without a partner is its own block.
    """
    n_pairs, n_real = inputs.shape
    squares = np.square(inputs - inputs.mean(axis=0))
    spread = squares.std(axis=0)
    varies = spread > _CONSTANT * squares.mean(axis=0)
    scaled = (squares - squares.mean(axis=0)) / np.where(varies, spread, np.inf)
    strength = np.abs(np.triu(scaled.T @ scaled / n_pairs, 1))
    first, second = np.nonzero(strength > _GAUSSIAN_SCORE / math.sqrt(n_pairs))
    partner = np.arange(n_real)
    for place in np.argsort(-strength[first, second]):
        one, other = first[place], second[place]
        if partner[one] == one and partner[other] == other:
            partner[one], partner[other] = other, one
    return np.unique(np.minimum(partner, np.arange(n_real)), return_inverse=True)[1]


def _symbols_depend(pairs: CoherentPairs, symbols: Int[NDArray[np.int64], " n_real"]) -> bool:
    """Tell whether complex pairs may carry less than their columns, at the mean gain if any.

    Without fading the pairs cost no more than this test.
    """
    if pairs.amplitudes is None:
        return True
    mean_power = float(np.square(pairs.amplitudes).mean())
    if mean_power == 0.0:
        return False
    unfaded = CoherentPairs(pairs.inputs, pairs.outputs, pairs.noise_variance / mean_power)
    together = _native_sum(unfaded, symbols, "complex pairs").information
    apart = _native_sum(unfaded, np.arange(pairs.n_real), "native columns").information
    gain = apart.plus(together, -1.0)
    return gain.nats > _SIGNIFICANT * gain.standard_error_nats


def _native_sum(
    pairs: CoherentPairs, blocks: Int[NDArray[np.int64], " n_real"], name: str
) -> BasisSum:
    total, resolved = InformationSum(0.0, np.zeros(pairs.n_pairs)), True
    for block in range(int(blocks.max()) + 1):
        columns = np.flatnonzero(blocks == block)
        gains = None if pairs.amplitudes is None else pairs.amplitudes[:, columns[0]]
        part, exact = component_information(pairs.inputs[:, columns], pairs.noise_variance, gains)
        total, resolved = total.plus(part), resolved and exact
    return BasisSum(name, total, resolved, pairs.centred_inputs, blocks)


def _principal_sum(pairs: CoherentPairs) -> BasisSum | None:
    """Return the log-det ceiling less what the principal components lack to be Gaussian.

    The components are uncorrelated, so their sum is the ceiling less their negentropies; taken
    like this, the bias that eigenvalues of a sample have stays in the ceiling, which has none.
    """
    centred = pairs.centred_inputs
    total = gaussian_information(centred, pairs.noise_variance)
    if total is None:
        return None
    _, vectors = np.linalg.eigh(centred.T @ centred)
    turned = centred @ vectors
    power = np.full((1, 1), 1.0 / pairs.noise_variance)
    resolved = True
    for column in range(pairs.n_real):
        component = turned[:, [column]]
        part, exact = component_information(component, pairs.noise_variance, None)
        total = total.plus(part).plus(column_information(component, power), -1.0)
        resolved = resolved and exact
    blocks = np.arange(pairs.n_real)
    return BasisSum("principal components", total, resolved, turned, blocks, True)


def _rotated_sum(
    pairs: CoherentPairs, principal: BasisSum, rng: np.random.Generator
) -> list[BasisSum]:
    """Return the sum in a basis learned on one half of the pairs, on the other half, if any."""
    if pairs.n_real > _MOST_ROTATED or not _worth_rotating(principal.coordinates):
        return []
    order = rng.permutation(pairs.n_pairs)
    half = pairs.n_pairs // 2
    rotation = _independent_axes(pairs.inputs[order[:half]], rng)
    held_out = pairs.take(order[half:])
    turned = CoherentPairs(
        held_out.inputs @ rotation, held_out.outputs @ rotation, pairs.noise_variance
    )
    return [_native_sum(turned, np.arange(pairs.n_real), "independent components")]


def _worth_rotating(turned: _Columns) -> bool:
    """Tell whether the law differs from a Gaussian one by Mardia's kurtosis, and is sampled."""
    n_pairs, dim = turned.shape
    variances = turned.var(axis=0)
    if n_pairs < 8 * dim or variances.min() < 1e-9 * variances.max():
        return False
    kurtosis = float(np.square(np.square(turned / np.sqrt(variances)).sum(axis=1)).mean())
    expected = dim * (dim + 2) * (n_pairs - 1) / (n_pairs + 1)
    error = math.sqrt(8.0 * dim * (dim + 2) / n_pairs)
    return bool(abs(kurtosis - expected) > _GAUSSIAN_SCORE * error)


def _independent_axes(
    inputs: _Columns, rng: np.random.Generator
) -> Float[NDArray[np.float64], "n_real n_real"]:
    """Return the rotation nearest to the axes that FastICA finds."""
    from sklearn.decomposition import FastICA
    from sklearn.exceptions import ConvergenceWarning

    seed = int(rng.integers(2**31))
    search = FastICA(whiten="unit-variance", max_iter=_MOST_ITERATIONS, random_state=seed)
    with warnings.catch_warnings():
        # Any rotation gives a bound: one not fully converged only a looser one.
        warnings.simplefilter("ignore", ConvergenceWarning)
        search.fit(inputs)
    axes = search.mixing_ / np.linalg.norm(search.mixing_, axis=0)
    left, _, right = np.linalg.svd(axes)
    return np.asarray(left @ right)
