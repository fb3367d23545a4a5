"""Images drawn from a few factors: a manifold of known dimension that looks like images."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_theory.sources import Drawing


class DrawnImages:
    """Images of :class:`jscgc_theory.sources.Drawing` with uniform factors.

    Args:
        drawing: How factors become images.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, height, width)."""
        return (self.drawing.channels, self.drawing.pixels, self.drawing.pixels)

    def draw(
        self, n_samples: int, rng: np.random.Generator
    ) -> Float[Tensor, "batch channels height width"]:
        """Draw images.

        Args:
            n_samples: How many.
            rng: Source of randomness.

        Returns:
            Pixels in [0, 1], float32.
        """
        images = self.drawing.sample(n_samples, rng).images
        return torch.from_numpy(images.astype(np.float32))
