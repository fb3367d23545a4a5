"""What a trained system transmits: from its own velocity field, and from its known channel."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.channel import Received, capacity_bits, known_channel
from jscgc_model.system import JSCGCSystem
from jscgc_theory.mutual_information.channel_aware import KnownChannelMI
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.velocity import (
    InformationDensities,
    VelocityField,
    VelocityInformation,
    information_densities,
    torch_velocity_field,
    velocity_gap,
)
from jscgc_theory.records import Estimate, Notice, Record

_SIGNIFICANT = 2.0
_ROWS_PER_CALL = 1024


class SystemInformation(Record):
    """I(X; Y_hat) of a system at one SNR, by two ways that know nothing of each other."""

    snr_db: float
    mi_bits: Estimate
    """The answer: the velocity gap, held within what the channel allows."""
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

    place = next(system.backbone.parameters()).device
    return torch_velocity_field(field, device=place, batch_size=_ROWS_PER_CALL)


def system_information(
    system: JSCGCSystem,
    latents: Float[Tensor, "batch ..."],
    received: Received,
    *,
    t_range: tuple[float, float],
    n_draws: int = 32,
    rng: np.random.Generator,
) -> tuple[SystemInformation, InformationDensities]:
    """Estimate I(X; Y_hat) of a system and the law of its information density.

    Args:
        system: The system, trained with condition dropout.
        latents: Held-out samples as the generator sees them.
        received: Their transmission, at one SNR.
        t_range: Times the system was trained at.
        n_draws: Draws of (t, noise) for each sample, a power of two.
        rng: Source of randomness.

    Returns:
        The information, and i(x; y_hat) of each sample for R4.
    """
    features = received.features()
    field = system_field(system, tuple(latents.shape[1:]), tuple(features.shape[1:]))
    x, y_hat = _rows(latents), _rows(features)
    velocity = velocity_gap(field, x, y_hat, rng=rng, n_draws=n_draws, t_range=t_range)
    densities = information_densities(field, x, y_hat, rng=rng, n_draws=n_draws, t_range=t_range)
    snr_db = float(received.snr_db[0])
    n_symbols = received.sent.shape[1]
    ceiling = capacity_bits(received.settings, snr_db=snr_db, n_symbols=n_symbols)
    channel = _through_the_channel(received, rng)
    information = SystemInformation(
        snr_db=snr_db,
        mi_bits=_held_within(velocity.mi_bits, channel, ceiling),
        velocity=velocity,
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
    return KnownChannelMI(channel=known_channel(received), rng=rng).estimate(pairs)


def _held_within(velocity: Estimate, channel: Estimate | None, ceiling_bits: float) -> Estimate:
    """Return the velocity gap, or the bound of the channel that it breaks, with a notice."""
    uppers = [(ceiling_bits, 0.0, "capacity R6")]
    if channel is not None:
        uppers.append((channel.value, channel.standard_error or 0.0, channel.method))
    value, error, method = min(uppers)
    reach = _SIGNIFICANT * (error + (velocity.standard_error or 0.0))
    if velocity.value <= value + reach:
        return velocity
    message = (
        f"the velocity gap of {velocity.value:.3g} bits exceeds the {value:.3g} bits that the "
        f"channel allows ({method}): the unconditional field is not yet learned; train longer, or "
        "with more condition dropout"
    )
    return velocity.model_copy(
        update={
            "value": value,
            "interval": None
            if velocity.interval is None
            else (min(velocity.interval[0], value), value + reach),
            "method": method,
            "notices": (
                *velocity.notices,
                Notice(code="velocity_gap_beyond_channel", message=message),
            ),
        }
    )
