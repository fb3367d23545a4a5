"""What every source of samples offers."""

from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float
from torch import Tensor


@runtime_checkable
class SampleSource(Protocol):
    """Independent samples of the data, in data units."""

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample: (channels, height, width) or (n_values,)."""

    def draw(self, n_samples: int, rng: np.random.Generator) -> Float[Tensor, "batch ..."]:
        """Draw samples.

        Args:
            n_samples: How many.
            rng: Source of randomness; it alone decides which.

        Returns:
            Samples in float32.
        """
