"""What a trained system transmits: from its own velocity field, and from its known channel."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.channel import Received, capacity_bits, known_channel
from jscgc_model.system import JSCGCSystem
from jscgc_model.verification.chosen_information import choose_information
from jscgc_theory.mutual_information.channel_aware import KnownChannelMI
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.velocity import (
    InformationDensities,
    VelocityField,
    VelocityInformation,
    information_densities,
    torch_velocity_field,
)
from jscgc_theory.records import Estimate, Record

_ROWS_PER_CALL = 1024


class SystemInformation(Record):
    """I(X; Y_hat) of a system at one SNR, by two ways that know nothing of each other."""

    snr_db: float
    mi_bits: Estimate
    """The answer, see :func:`.choose_information`."""
    fields_agree: bool
    """Whether the velocity gap lies within what the channel proves."""
    velocity: VelocityInformation
    """From the generator with and without its condition."""
    channel: Estimate | None
    """From the symbols and the known law of the channel: an estimate or an upper bound; None
    where the receiver does not know the gains."""
    capacity_bits: float
    """R6: what no system exceeds at this SNR and number of symbols."""


def system_field(
    system: JSCGCSystem, sample_shape: tuple[int, ...], feature_shape: tuple[int, ...]
) -> VelocityField:
    """Return a system's velocity field on flat arrays, as the theory's estimators take it.

    Args:
        system: The system.
        sample_shape: Shape of a latent.
        feature_shape: (n_symbols, n_features).

    Returns:
        ``v(x_t, t, y_hat)`` on vectors; y_hat are the flattened features.
    """

    def field(x_t: Tensor, t: Tensor, y_hat: Tensor | None) -> Tensor:
        features = None if y_hat is None else y_hat.reshape(-1, *feature_shape)
        return system.velocity(x_t.reshape(-1, *sample_shape), t, features).flatten(1)

    weights = next(system.backbone.parameters())
    return torch_velocity_field(
        field, device=weights.device, dtype=weights.dtype, batch_size=_ROWS_PER_CALL
    )


def system_information(
    system: JSCGCSystem,
    latents: Float[Tensor, "batch ..."],
    received: Received,
    *,
    t_range: tuple[float, float],
    rng: np.random.Generator,
    n_samples: int | None = None,
    n_draws: int = 32,
) -> tuple[SystemInformation, InformationDensities]:
    """Estimate I(X; Y_hat) of a system and the law of its information density.

    Args:
        system: The system, trained with condition dropout.
        latents: Held-out samples as the generator sees them.
        received: Their transmission, at one SNR.
        t_range: Times the system was trained at.
        rng: Source of randomness.
        n_samples: Samples that the fields are asked about; the channel is judged by all.
        n_draws: Draws of (t, noise) for each of them, a power of two.

    Returns:
        The information, and i(x; y_hat) of each sample for R4.
    """
    features = received.features()
    field = system_field(system, tuple(latents.shape[1:]), tuple(features.shape[1:]))
    x, y_hat = _rows(latents[:n_samples]), _rows(features[:n_samples])
    densities = information_densities(field, x, y_hat, rng=rng, n_draws=n_draws, t_range=t_range)
    snr_db = float(received.snr_db[0])
    n_symbols = received.sent.shape[1]
    ceiling = capacity_bits(received.settings, snr_db=snr_db, n_symbols=n_symbols)
    channel = _through_the_channel(received, rng)
    chosen = choose_information(densities.information.mi_bits, channel, ceiling)
    information = SystemInformation(
        snr_db=snr_db,
        mi_bits=chosen.mi_bits,
        fields_agree=chosen.fields_agree,
        velocity=densities.information,
        channel=channel,
        capacity_bits=ceiling,
    )
    return information, densities


def _rows(tensor: Tensor) -> Float[NDArray[np.float64], "n_pairs n_values"]:
    return tensor.flatten(1).double().cpu().numpy()


def _through_the_channel(received: Received, rng: np.random.Generator) -> Estimate | None:
    if received.settings.csi_error_variance:
        return None
    pairs = PairedSample.from_arrays(received.sent.cpu().numpy(), received.raw.cpu().numpy())
    # A learned encoder spreads every factor over many symbols: no test of a few pairs of symbols
    # would see all of that dependence.
    return KnownChannelMI(
        channel=known_channel(received), test_independence=False, rng=rng
    ).estimate(pairs)
