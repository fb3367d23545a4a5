"""The Inception network whose features make a Frechet distance an FID."""

from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

from jscgc_model.metrics.feature_extractor import FeatureExtractor
from jscgc_model.metrics.image_preparation import resize_for_inception
from jscgc_model.metrics.inception_blocks import ConvolutionUnit, InceptionBlock, Pool, Step
from jscgc_model.metrics.weight_files import fill, read_weights

INCEPTION = "inception_v3_2015"
"""Name of the one network that may be called FID's."""
URL = (
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
    "pt_inception-2015-12-05-6726825d.pth"
)
_SQUARE = (3, 3)


def build_inception() -> nn.Sequential:
    """Return Inception v3 as trained in TensorFlow in 2015, up to its last pooling.

    It differs from torchvision's in its averages, which leave the padding out, and in its last
    block, which pools by maximum.

    Returns:
        Images in [-1, 1] of 299 x 299 pixels to 2048 features.

    References:
        Szegedy et al. Rethinking the Inception architecture for computer vision. CVPR 2016.
    """
    return nn.Sequential(
        OrderedDict(
            Conv2d_1a_3x3=ConvolutionUnit(3, Step(32, _SQUARE, stride=2, padded=False)),
            Conv2d_2a_3x3=ConvolutionUnit(32, Step(32, _SQUARE, padded=False)),
            Conv2d_2b_3x3=ConvolutionUnit(32, Step(64, _SQUARE)),
            pool_1=nn.MaxPool2d(3, stride=2),
            Conv2d_3b_1x1=ConvolutionUnit(64, Step(80)),
            Conv2d_4a_3x3=ConvolutionUnit(80, Step(192, _SQUARE, padded=False)),
            pool_2=nn.MaxPool2d(3, stride=2),
            Mixed_5b=_block_a(192, pool_width=32),
            Mixed_5c=_block_a(256, pool_width=64),
            Mixed_5d=_block_a(288, pool_width=64),
            Mixed_6a=_block_b(288),
            Mixed_6b=_block_c(768, width=128),
            Mixed_6c=_block_c(768, width=160),
            Mixed_6d=_block_c(768, width=160),
            Mixed_6e=_block_c(768, width=192),
            Mixed_7a=_block_d(768),
            Mixed_7b=_block_e(1280, pool="average"),
            Mixed_7c=_block_e(2048, pool="max"),
            pool_3=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
        )
    )


def load_inception(weights: str | Path) -> FeatureExtractor:
    """Return the extractor of FID and KID.

    Args:
        weights: File ``pt_inception-2015-12-05-6726825d.pth`` of pytorch-fid, or ``hub``.

    Returns:
        The extractor of 2048 features.
    """
    tensors = read_weights(weights, url=URL)
    without_classifier = {k: kept for k, kept in tensors.items() if not k.startswith("fc.")}
    with torch.device("meta"):
        network = build_inception()
    return FeatureExtractor(
        name=INCEPTION,
        network=fill(network, without_classifier, prefix=""),
        prepare=resize_for_inception,
        protocol="Inception v3 (TensorFlow 2015) pool 3, resize 299 bilinear as pytorch-fid",
    )


def _block_a(channels: int, *, pool_width: int) -> InceptionBlock:
    branches = {
        "branch1x1": [Step(64)],
        "branch5x5": [Step(48), Step(64, (5, 5))],
        "branch3x3dbl": [Step(64), Step(96, _SQUARE), Step(96, _SQUARE)],
    }
    return InceptionBlock(channels, branches, "average", pool_width)


def _block_b(channels: int) -> InceptionBlock:
    halving = Step(384, _SQUARE, stride=2, padded=False)
    last = Step(96, _SQUARE, stride=2, padded=False)
    branches = {
        "branch3x3": [halving],
        "branch3x3dbl": [Step(64), Step(96, _SQUARE), last],
    }
    return InceptionBlock(channels, branches, "max_to_half")


def _block_c(channels: int, *, width: int) -> InceptionBlock:
    wide, tall = Step(width, (1, 7)), Step(width, (7, 1))
    branches = {
        "branch1x1": [Step(192)],
        "branch7x7": [Step(width), wide, Step(192, (7, 1))],
        "branch7x7dbl": [Step(width), tall, wide, tall, Step(192, (1, 7))],
    }
    return InceptionBlock(channels, branches, "average", 192)


def _block_d(channels: int) -> InceptionBlock:
    last = Step(192, _SQUARE, stride=2, padded=False)
    branches = {
        "branch3x3": [Step(192), Step(320, _SQUARE, stride=2, padded=False)],
        "branch7x7x3": [Step(192), Step(192, (1, 7)), Step(192, (7, 1)), last],
    }
    return InceptionBlock(channels, branches, "max_to_half")


def _block_e(channels: int, *, pool: Pool) -> InceptionBlock:
    fork = (Step(384, (1, 3)), Step(384, (3, 1)))
    branches: dict[str, list[Step | tuple[Step, Step]]] = {
        "branch1x1": [Step(320)],
        "branch3x3": [Step(384), fork],
        "branch3x3dbl": [Step(448), Step(384, _SQUARE), fork],
    }
    return InceptionBlock(channels, branches, pool, 192)
