"""Square patches of images, as in patched FID."""

import torch
from jaxtyping import Float
from torch import Tensor


def cut_patches(
    images: Float[Tensor, "batch channels height width"], side: int
) -> Float[Tensor, "batch n_patches channels side side"]:
    """Cut a grid of patches that do not overlap, and the grid shifted by half a side both ways.

    Patches that would reach over an edge are left out: 768 x 512 pixels give 6 + 2 of side 256.

    Args:
        images: At least one side high and wide.
        side: Side of a patch in pixels.

    Returns:
        The patches of each image.

    References:
        Mentzer, Toderici, Tschannen, Agustsson. High-fidelity generative image compression.
        NeurIPS 2020.
    """
    half = side // 2
    height, width = images.shape[2:]
    corners = [
        (top, left)
        for start in (0, half)
        for top in range(start, height - side + 1, side)
        for left in range(start, width - side + 1, side)
    ]
    cut = [images[..., top : top + side, left : left + side] for top, left in corners]
    return torch.stack(cut, dim=1)
