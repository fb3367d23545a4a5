"""Points of a sphere: the source whose channel, posterior and information are known exactly."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_theory.validation import check_count


class SpherePoints:
    """Uniform points of the unit sphere S^d of R^(d+1).

    Args:
        dim: d of S^d.

    Raises:
        InputError: If d is no positive whole number.
    """

    def __init__(self, dim: int) -> None:
        self.dim = check_count(dim, name="dim")

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(d + 1,)."""
        return (self.dim + 1,)

    def draw(self, n_samples: int, rng: np.random.Generator) -> Float[Tensor, "batch n_values"]:
        """Draw points.

        Args:
            n_samples: How many.
            rng: Source of randomness.

        Returns:
            Unit vectors in float32.
        """
        points = rng.standard_normal((n_samples, self.dim + 1))
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        return torch.from_numpy(points.astype(np.float32))
