"""Resizing, cropping and scaling of pixels before a network sees them."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

RESIZED_SIDE = 256
CROP_SIDE = 224
INCEPTION_SIDE = 299
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


def resize_and_crop(
    images: Float[Tensor, "batch 3 height width"],
) -> Float[Tensor, "batch 3 side side"]:
    """Resize the shorter side to 256, crop the middle 224, standardise as ImageNet.

    Bicubic with antialiasing, as Pillow does it, on pixels that are not rounded.

    Args:
        images: Pixels in [0, 1].

    Returns:
        What vision transformers trained on ImageNet take.
    """
    height, width = images.shape[2:]
    shorter = min(height, width)
    size = [RESIZED_SIDE * height // shorter, RESIZED_SIDE * width // shorter]
    resized = functional.interpolate(images, size, mode="bicubic", antialias=True)
    top, left = (round((side - CROP_SIDE) / 2) for side in size)
    # A cubic overshoots at edges, where Pillow clips.
    crop = resized[..., top : top + CROP_SIDE, left : left + CROP_SIDE].clamp(0.0, 1.0)
    mean = torch.tensor(_IMAGENET_MEAN).to(crop).reshape(3, 1, 1)
    deviation = torch.tensor(_IMAGENET_DEVIATION).to(crop).reshape(3, 1, 1)
    return (crop - mean) / deviation


def resize_for_inception(
    images: Float[Tensor, "batch 3 height width"],
) -> Float[Tensor, "batch 3 side side"]:
    """Resize to 299 x 299, bilinear without antialiasing, and scale to [-1, 1].

    As the package pytorch-fid does.

    Args:
        images: Pixels in [0, 1].

    Returns:
        What the Inception network of the FID takes.
    """
    size = [INCEPTION_SIDE, INCEPTION_SIDE]
    resized = functional.interpolate(images, size, mode="bilinear", align_corners=False)
    return 2.0 * resized - 1.0
