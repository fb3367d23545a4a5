"""CJSCC: residual convolutional networks that know the SNR."""

from typing import Any, Literal

import torch
from pydantic import PositiveInt

from jscgc_model.baselines.cjscc import CJSCCDecoder, CJSCCEncoder
from jscgc_model.baselines.reconstruction_system import ReconstructionSystem
from jscgc_model.channel import Channel
from jscgc_model.recipes.architectures.reconstruction import ReconstructionArchitecture


class CJSCCArchitecture(ReconstructionArchitecture):
    """Encoder and decoder of DiffJSCC's first stage, trained for the squared error."""

    kind: Literal["cjscc"] = "cjscc"
    base_width: PositiveInt = 16
    """Channels at full resolution; they double with each halving of the grid."""
    largest_width: PositiveInt = 384
    n_blocks: PositiveInt = 2
    """Residual blocks on the grid of tokens, at each end."""

    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> ReconstructionSystem:
        """Return such a system, see the base class."""
        sizes: dict[str, Any] = {
            "patch_size": self.patch_size,
            "base_width": self.base_width,
            "largest_width": self.largest_width,
            "n_blocks": self.n_blocks,
            "symbols_per_token": self.symbols_per_token,
        }
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            encoder = CJSCCEncoder(in_channels=shape[0], **sizes)
            decoder = CJSCCDecoder(out_channels=shape[0], n_features=channel.n_features, **sizes)
        return ReconstructionSystem(encoder, channel, decoder)
