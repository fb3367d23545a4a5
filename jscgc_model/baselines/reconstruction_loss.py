"""How far a reconstruction is from its image, as a loss."""

from collections.abc import Callable
from functools import cached_property

from jaxtyping import Float
from torch import Tensor, nn

from jscgc_theory.validation import check_positive

ReconstructionLoss = Callable[[Tensor, Tensor], Float[Tensor, " batch"]]
"""(images, reconstructions) to one number each."""


def squared_error(
    images: Float[Tensor, "batch channels height width"],
    reconstructions: Float[Tensor, "batch channels height width"],
) -> Float[Tensor, " batch"]:
    """Return ``|x_hat - x|^2`` per value.

    Args:
        images: x.
        reconstructions: x_hat.

    Returns:
        Squared errors, averaged over the values of an image.
    """
    return (reconstructions - images).square().flatten(1).mean(dim=1)


class PerceptualLoss:
    """``|x_hat - x|^2 + weight d(x, x_hat)``, d by a frozen network.

    The network is no part of the system: it is neither trained nor saved, and loaded at the first
    loss, so that a trained system is built again without it.

    Args:
        load: Returns the network of d: (images, reconstructions) to distances.
        weight: Of d, against the squared error per value.
    """

    def __init__(self, load: Callable[[], nn.Module], weight: float) -> None:
        self._load = load
        self.weight = check_positive(weight, name="weight of the perceptual distance")

    @cached_property
    def network(self) -> nn.Module:
        """The network of d, frozen."""
        return self._load().eval().requires_grad_(False)

    def __call__(
        self,
        images: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the loss of each image.

        Args:
            images: Pixels in [0, 1].
            reconstructions: Likewise.

        Returns:
            Losses.
        """
        distance = self.network.to(images.device)(images, reconstructions)
        return squared_error(images, reconstructions) + self.weight * distance
