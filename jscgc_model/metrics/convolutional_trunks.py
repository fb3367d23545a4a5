"""The convolutions of AlexNet and VGG-16, and the layers that LPIPS looks at.

Modules are numbered as in torchvision, so that its published weights fit.

References:
    Krizhevsky. One weird trick for parallelizing convolutional neural networks. arXiv:1404.5997.
    Simonyan, Zisserman. Very deep convolutional networks for large-scale image recognition.
    ICLR 2015.
"""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """A published network without its classifier."""

    build: Callable[[], nn.Sequential]
    taps: tuple[int, ...]
    """Numbers of the rectifiers whose output is compared."""
    url: str


def alexnet_trunk() -> nn.Sequential:
    """Return AlexNet up to its last convolution."""
    return nn.Sequential(
        *[nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)],
        *[nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)],
        *[nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()],
        *[nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()],
        *[nn.Conv2d(256, 256, 3, padding=1), nn.ReLU()],
    )


def vgg16_trunk() -> nn.Sequential:
    """Return VGG-16 up to its last convolution."""
    stages = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
    layers: list[nn.Module] = []
    channels = 3
    for widths in stages:
        for width in widths:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers[:-1])


TRUNKS = {
    "alex": Trunk(
        build=alexnet_trunk,
        taps=(1, 4, 7, 9, 11),
        url="https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",
    ),
    "vgg": Trunk(
        build=vgg16_trunk,
        taps=(3, 8, 15, 22, 29),
        url="https://download.pytorch.org/models/vgg16-397923af.pth",
    ),
}
