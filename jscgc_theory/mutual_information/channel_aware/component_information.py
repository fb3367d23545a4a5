"""The information of one component of the input, over the gains it meets."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.channel_aware.gaussian_information import (
    InformationSum,
    column_information,
)
from jscgc_theory.mutual_information.channel_aware.smoothed_law import smoothed_information

_N_NODES = 13
"""Amplitudes at which the information of a faded component is computed."""

_Cloud = Float[NDArray[np.float64], "n_pairs block_dim"]
_Vector = Float[NDArray[np.float64], " n_pairs"]


def component_information(
    block: _Cloud, noise_variance: float, amplitudes: _Vector | None
) -> tuple[InformationSum, bool]:
    """Return the information of a component of one or two columns seen in the noise.

    Under fading the information is a smooth function of log(1 + SNR): it is computed at the nodes
    of a Chebyshev interpolation and averaged over the amplitudes.

    Args:
        block: The component's inputs.
        noise_variance: Of each output column.
        amplitudes: |h| of the component for every pair, None without fading.

    Returns:
        The information and whether it is exact up to sampling; where the samples cannot resolve
        the component's density at this noise, its Gaussian ceiling stands in.
    """
    centred = block - block.mean(axis=0)
    power = float(np.square(centred).mean())
    if power == 0.0:
        return InformationSum(0.0, np.zeros(len(block))), True
    if amplitudes is None:
        return _at_noise(centred, noise_variance)
    return _averaged(centred, noise_variance, power, amplitudes)


def _at_noise(centred: _Cloud, noise_variance: float) -> tuple[InformationSum, bool]:
    exact = smoothed_information(centred, noise_variance)
    if exact is not None:
        return exact, True
    powers = np.full((1, centred.shape[1]), 1.0 / noise_variance)
    return column_information(centred, powers), False


def _averaged(
    centred: _Cloud, noise_variance: float, power: float, amplitudes: _Vector
) -> tuple[InformationSum, bool]:
    levels = np.log1p(np.square(amplitudes) * power / noise_variance)
    top = float(levels.max())
    if top == 0.0:
        return InformationSum(0.0, np.zeros(len(levels))), True
    weights, nodes = _interpolation(levels, top)
    parts = [_at_noise(centred, power / float(np.expm1(node))) for node in nodes]
    values = np.array([part.nats for part, _ in parts])
    by_pair = weights @ values
    total = InformationSum(0.0, by_pair - by_pair.mean())
    for weight, (part, _) in zip(weights.mean(axis=0), parts, strict=True):
        total = total.plus(part, float(weight))
    return total, all(exact for _, exact in parts)


def _interpolation(
    levels: _Vector, top: float
) -> tuple[Float[NDArray[np.float64], "n_pairs n_nodes"], Float[NDArray[np.float64], " n_nodes"]]:
    """Return the weight of every node's value in every pair's, and the nodes in (0, top)."""
    chebyshev = np.polynomial.chebyshev
    unit = chebyshev.chebpts1(_N_NODES)
    vander = chebyshev.chebvander(2.0 * levels / top - 1.0, _N_NODES - 1)
    inverse = np.linalg.inv(chebyshev.chebvander(unit, _N_NODES - 1))
    return np.asarray(vander @ inverse), np.asarray(0.5 * top * (unit + 1.0))
