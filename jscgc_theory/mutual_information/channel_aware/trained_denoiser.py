"""The I-MMSE bound of a denoiser that is trained on part of the inputs."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware.denoiser_information import (
    DenoiserInformation,
)
from jscgc_theory.mutual_information.estimator import MIEstimator
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate
from jscgc_theory.validation import as_generator

_Columns = NDArray[np.float64]
_TRAINING_SHARE = 0.75
_WIDEST = 10.0
"""Largest noise trained for, in deviations of the widest column; beyond, the best is linear."""


class TrainedDenoiser(MIEstimator):
    """Upper bound on I(Y; Y_hat) from a network that learns E[y | y + sigma n].

    The network is trained on three quarters of the inputs and its error measured on the others,
    so that the bound holds however well or badly it has learned.

    Args:
        channel: The channel, without fading.
        settings: Length of the training and size of the network, see
            :class:`~jscgc_theory.mutual_information.fields.TrainingSettings`.
        rng: A generator or a seed.
    """

    def __init__(self, *, channel: KnownChannel, settings: Any = None, rng: Any = None) -> None:
        self.channel = channel
        self.settings = settings
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Train the denoiser and bound I(Y; Y_hat) from above by its errors.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            The upper bound.

        Raises:
            InputError: If the channel fades.
            MissingExtraError: If torch is not installed.
        """
        from jscgc_theory.mutual_information.fields import train_denoiser

        if self.channel.gains is not None:
            raise InputError(
                "a denoiser is trained for one noise level in all columns; "
                "with fading gains use independent_components or gaussian_ceiling"
            )
        rng = as_generator(self.rng)
        training, rest = sample.split(_TRAINING_SHARE, rng)
        sigma = math.sqrt(self.channel.noise_variance)
        widest = max(sigma, float(training.x.std(axis=0).max()))
        field = train_denoiser(
            training.x, (sigma, _WIDEST * widest), rng=rng, settings=self.settings
        )

        def denoise(z: _Columns, sigma: _Columns) -> _Columns:
            return field.denoise(z, sigma[:, 0])

        bound = DenoiserInformation(channel=self.channel, denoiser=denoise, rng=rng)
        return bound.estimate(rest).with_details(n_training_inputs=training.n_pairs)
