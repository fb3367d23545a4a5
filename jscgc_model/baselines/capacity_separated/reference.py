"""The reference: every image gets the bits that the channel can carry at most, error-free."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.baselines.capacity_separated.best_message import code_image
from jscgc_model.baselines.capacity_separated.message import FILE, MODES, Message, Pixels
from jscgc_model.baselines.capacity_separated.settings import SeparatedCodingSettings
from jscgc_model.channel import (
    ChannelSettings,
    SideInformation,
    capacity_bits,
    told_to_receiver,
)
from jscgc_theory.errors import InputError
from jscgc_theory.records import Notice
from jscgc_theory.validation import check_count


@dataclass(frozen=True, kw_only=True)
class SeparatedTransmission:
    """What was sent of each image, and what the channel could have carried."""

    settings: ChannelSettings
    snr_db: float
    n_symbols: int
    """Complex symbols of each image."""
    budget_bits: int
    """``floor(C)`` of an image's symbols together."""
    messages: tuple[Message, ...]
    """One for each image."""
    warnings: tuple[Notice, ...]

    @property
    def n_without_file(self) -> int:
        """Images that failed: no file fitted (or none was better than the mean colour)."""
        return sum(message.kind != FILE for message in self.messages)

    @property
    def side_information(self) -> tuple[SideInformation, ...]:
        """What the receiver is told beside the symbols, as for every other system."""
        return told_to_receiver(self.settings, self.n_symbols)


@dataclass(frozen=True, eq=False)
class SeparatedOutput:
    """What the reference returns, as the pipelines do."""

    samples: Float[Tensor, "batch n_draws channels height width"]
    """Decoded images; nothing is random, so all draws are the same."""
    received: SeparatedTransmission


class CapacitySeparatedReference:
    """Sends image files by a code that reaches the capacity without an error.

    An image of n symbols gets ``floor(n E log2(1 + |h|^2 SNR))`` bits, and of all files of that
    many bits the one of highest PSNR is sent: no code of n symbols can give a JPEG or WebP file
    more, and codes of so few give less. Without a file that fits, the mean colour is sent.

    Args:
        channel_settings: The channel.
        n_symbols: Complex symbols of each image.
        settings: How images become files.
    """

    def __init__(
        self,
        channel_settings: ChannelSettings,
        *,
        n_symbols: int,
        settings: SeparatedCodingSettings | None = None,
    ) -> None:
        self.channel_settings = channel_settings
        self.n_symbols = check_count(n_symbols, name="n_symbols")
        self.settings = settings or SeparatedCodingSettings()

    def budget_bits(self, snr_db: float) -> int:
        """Return the bits of an image.

        Args:
            snr_db: Es/N0 in dB.

        Returns:
            The capacity of its symbols, rounded down.
        """
        capacity = capacity_bits(self.channel_settings, snr_db=snr_db, n_symbols=self.n_symbols)
        return math.floor(capacity)

    def __call__(
        self,
        samples: Float[Tensor, "batch channels height width"],
        snr_db: float,
        *,
        num_draws: int = 1,
    ) -> SeparatedOutput:
        """Send images.

        Args:
            samples: Pixels in [0, 1].
            snr_db: Es/N0 in dB.
            num_draws: How often each decoded image is repeated.

        Returns:
            Decoded images and the ledger.

        Raises:
            InputError: If the images are none, not in [0, 1], or neither grey nor RGB.
        """
        n_draws = check_count(num_draws, name="num_draws")
        _check_images(samples)
        budget = self.budget_bits(snr_db)
        coded = [code_image(_pixels(one), budget, self.settings) for one in samples]
        messages = tuple(message for message, _ in coded)
        shown = torch.from_numpy(np.stack([pixels for _, pixels in coded])).movedim(3, 1)
        repeated = shown.to(samples).unsqueeze(1).expand(-1, n_draws, -1, -1, -1)
        received = SeparatedTransmission(
            settings=self.channel_settings,
            snr_db=snr_db,
            n_symbols=self.n_symbols,
            budget_bits=budget,
            messages=messages,
            warnings=self._warnings(messages, budget),
        )
        return SeparatedOutput(repeated, received)

    def _warnings(self, messages: tuple[Message, ...], budget_bits: int) -> tuple[Notice, ...]:
        found = []
        n_failed = sum(message.kind != FILE for message in messages)
        if n_failed:
            text = (
                f"{n_failed} of {len(messages)} images got no {self.settings.image_format} file "
                f"within {budget_bits} bits and are shown as one colour"
            )
            found.append(Notice(code="no_file_fits", message=text))
        if self.channel_settings.fading == "block":
            text = (
                "the ergodic rate is more than a code of one block can be sure of: its gain is "
                "unknown when the image is coded"
            )
            found.append(Notice(code="ergodic_rate_of_one_block", message=text))
        return tuple(found)


def _check_images(samples: Tensor) -> None:
    if samples.dim() != 4 or not len(samples) or samples.shape[1] not in MODES:
        raise InputError(
            f"samples of shape {tuple(samples.shape)} are no images to be coded; give (batch, 1 "
            "or 3, height, width)"
        )
    if not bool(((samples >= 0.0) & (samples <= 1.0)).all()):
        raise InputError("samples leave [0, 1]; give pixels in that range")


def _pixels(image: Tensor) -> Pixels:
    return image.detach().cpu().double().movedim(0, 2).numpy()
