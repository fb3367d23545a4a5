"""MambaJSCC on pixels: the encoder of JSCGC and its mirror."""

import math
from typing import Any, Literal

import torch

from jscgc_model.baselines.mamba_jscc import MambaDecoder
from jscgc_model.baselines.reconstruction_system import ReconstructionSystem
from jscgc_model.channel import Channel
from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_model.recipes.architectures.perceptual_distances import (
    NoDistance,
    PerceptualDistanceChoice,
)
from jscgc_model.recipes.architectures.reconstruction import ReconstructionArchitecture
from jscgc_theory.errors import InputError


class MambaJSCCArchitecture(ReconstructionArchitecture):
    """Mamba encoder and decoder, trained for the squared error or a perceptual loss."""

    kind: Literal["mamba_jscc"] = "mamba_jscc"
    dims: tuple[int, ...] = (32,)
    depths: tuple[int, ...] = (2,)
    merge_sizes: tuple[int, ...] = ()
    """Neighbours joined between the stages; patch_size is their product times the stride of the
    first stage."""
    d_state: int = 16
    scan: Literal["ssd", "s6"] = "ssd"
    csi_rest: bool = True
    perceptual: PerceptualDistanceChoice = NoDistance()
    """The distance that the squared error is joined by."""

    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> ReconstructionSystem:
        """Return such a system, see the base class."""
        sizes: dict[str, Any] = {
            "patch_size": self._first_stride(),
            "dims": self.dims,
            "depths": self.depths,
            "merge_sizes": self.merge_sizes,
            "d_state": self.d_state,
            "scan": self.scan,
            "symbols_per_token": self.symbols_per_token,
            "csi_rest": self.csi_rest,
        }
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            encoder = MambaEncoder(in_channels=shape[0], **sizes)
            decoder = MambaDecoder(out_channels=shape[0], n_features=channel.n_features, **sizes)
        return ReconstructionSystem(encoder, channel, decoder, self.perceptual.loss())

    def _first_stride(self) -> int:
        merged = math.prod(self.merge_sizes)
        if self.patch_size % merged:
            raise InputError(
                f"patch_size = {self.patch_size} is no multiple of the {merged} pixels that "
                f"merge_sizes = {self.merge_sizes} join; give a multiple"
            )
        return self.patch_size // merged
