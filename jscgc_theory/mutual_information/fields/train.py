"""From samples to a trained field."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.mutual_information.fields.noise_range import (
    NoiseRange,
    checked_noise_range,
    noise_range_of_pairs,
)
from jscgc_theory.mutual_information.fields.require_torch import require_torch
from jscgc_theory.mutual_information.fields.settings import TrainingSettings
from jscgc_theory.mutual_information.fields.trained_field import TrainedField
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.validation import as_generator, check_points

_LARGEST_SEED = 2**63
_MIN_POINTS = 20

Progress = Callable[[float], None]


def train_velocity_field(
    x: ArrayLike,
    y_hat: ArrayLike,
    *,
    rng: Any = None,
    settings: TrainingSettings | None = None,
    progress: Progress | None = None,
) -> TrainedField:
    r"""Train ``v(x_t, t, y_hat or none)`` by flow matching with condition dropout.

    Minimises ``E (1-t)^2 |u - v|^2``, ``u = n - x_0``, with lambda = log(t/(1-t)) uniform: the
    weight with which the velocity gap turns losses into information. The levels reach from a tenth
    of x's width given y_hat to ten times that of x.

    Args:
        x: Source points, shape (n_pairs, x_dim).
        y_hat: Their received signals, shape (n_pairs, y_dim).
        rng: Generator or seed; with equal rng and numbers of threads the field is the same.
        settings: Length of the training and size of the network.
        progress: Told the finished fraction.

    Returns:
        The field.

    Raises:
        InputError: If the pairs are unusable.
        MissingExtraError: If torch is not installed.

    References:
        Lipman et al., "Flow matching for generative modeling", ICLR 2023; Ho and Salimans,
        "Classifier-free diffusion guidance", 2022, for the dropped conditions.
    """
    require_torch()
    sample = PairedSample.from_arrays(x, y_hat)
    levels = noise_range_of_pairs(sample.x, sample.y)
    return _train(sample.x, sample.y, levels, as_generator(rng), settings, progress)


def train_denoiser(
    y: ArrayLike,
    sigma_range: tuple[float, float],
    *,
    rng: Any = None,
    settings: TrainingSettings | None = None,
    progress: Progress | None = None,
) -> TrainedField:
    """Train ``D(z, sigma) = E[y | y + sigma n = z]``, for I-MMSE along a known channel.

    Args:
        y: Channel inputs, shape (n_points, y_dim).
        sigma_range: Noise levels at which it will be asked, in the units of y; above the largest
            it tends to the best linear denoiser.
        rng: Generator or seed.
        settings: Length of the training and size of the network.
        progress: Told the finished fraction.

    Returns:
        A field without condition; its method ``denoise(z, sigma)`` is the denoiser.

    Raises:
        InputError: If the points or the levels are unusable.
        MissingExtraError: If torch is not installed.
    """
    require_torch()
    points = check_points(y, name="y", min_points=_MIN_POINTS).astype(np.float64)
    levels = checked_noise_range(sigma_range)
    nothing = np.empty((len(points), 0))
    return _train(points, nothing, levels, as_generator(rng), settings, progress)


def _train(
    x: Float[NDArray[np.float64], "n_pairs x_dim"],
    y_hat: Float[NDArray[np.float64], "n_pairs y_dim"],
    levels: NoiseRange,
    rng: np.random.Generator,
    settings: TrainingSettings | None,
    progress: Progress | None,
) -> TrainedField:
    import torch

    from jscgc_theory.mutual_information.fields.training import train_network
    from jscgc_theory.mutual_information.fields.velocity_network import (
        NetworkShape,
        VelocityNetwork,
    )

    chosen = settings or TrainingSettings()
    generator = torch.Generator().manual_seed(int(rng.integers(_LARGEST_SEED)))
    shape = NetworkShape(x.shape[1], y_hat.shape[1], chosen.width, chosen.depth, levels)
    network = VelocityNetwork(shape, generator)
    network.fit_reference(x, y_hat, rng)
    train_network(network, x, y_hat, chosen, generator, progress)
    return TrainedField(network)
