"""What a pipeline returns."""

from dataclasses import dataclass

from diffusers.utils.outputs import BaseOutput
from jaxtyping import Float
from torch import Tensor

from jscgc_model.channel import Received


@dataclass
class TransmissionOutput(BaseOutput):
    """What a pipeline returns."""

    samples: Float[Tensor, "batch n_draws ..."]
    """Generated samples in data units."""
    received: Received
    """The transmission, one a sample: all its draws are from what was received once."""
