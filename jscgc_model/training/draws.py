"""What one training step draws, and how its samples are weighted."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.channel import Channel
from jscgc_model.data import torch_stream
from jscgc_model.system import TransmissionDraw
from jscgc_model.training.settings import TrainingSettings


def draw_transmission(
    settings: TrainingSettings,
    channel: Channel,
    sample_shape: tuple[int, ...],
    n_symbols: int,
    step: int,
) -> TransmissionDraw:
    """Draw the randomness of a step, for the batch of all processes.

    Times are stratified: one in each of ``batch_size`` strata of equal probability.

    Args:
        settings: Batch size, laws of time and SNR, seed.
        channel: Draws its own part.
        sample_shape: Shape of one sample.
        n_symbols: Complex symbols of a sample.
        step: Number of the step; with the seed it decides everything.

    Returns:
        The draw, on the CPU.
    """
    n_samples = settings.batch_size
    generator = torch_stream(settings.seed, "training step", step)
    places = torch.randperm(n_samples, generator=generator)
    places = (places + torch.rand(n_samples, generator=generator)) / n_samples
    low, high = settings.snr_db
    dropped = torch.rand(n_samples, generator=generator) < settings.condition_dropout
    return TransmissionDraw(
        time=times_at(places, settings),
        noise=torch.randn(n_samples, *sample_shape, generator=generator),
        snr_db=low + (high - low) * torch.rand(n_samples, generator=generator),
        channel=channel.draw(n_samples, n_symbols, generator),
        keeps_condition=(~dropped).float(),
    )


def times_at(
    places: Float[Tensor, " batch"], settings: TrainingSettings
) -> Float[Tensor, " batch"]:
    """Return the times at given probabilities of the law of s.

    Args:
        places: Probabilities in [0, 1].
        settings: The law.

    Returns:
        s, within [least_time, 1 - least_time].
    """
    least = settings.least_time
    if settings.loss_weight == "likelihood":
        return torch.sigmoid(_log_odds_range(least) * (places - 0.5))
    if settings.time_law == "logit_normal":
        return torch.sigmoid(torch.special.ndtri(places)).clamp(least, 1.0 - least)
    return least + (1.0 - 2.0 * least) * places


def loss_weights(
    time: Float[Tensor, " batch"], settings: TrainingSettings
) -> Float[Tensor, " batch"]:
    """Return the weight of each sample's loss.

    For the likelihood weight (1 - s)/s, times are drawn uniformly in ``log(s/(1-s))``, where the
    weight is (1 - s)^2 times the length of the range.

    Args:
        time: s of each sample.
        settings: The weight.

    Returns:
        Weights.
    """
    if settings.loss_weight == "uniform":
        return torch.ones_like(time)
    return _log_odds_range(settings.least_time) * (1.0 - time).square()


def _log_odds_range(least_time: float) -> float:
    return 2.0 * math.log((1.0 - least_time) / least_time)
