"""The units that Inception v3 is built of, named as in torchvision so that its weights fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

Pool = Literal["average", "max", "max_to_half"]


@dataclass(frozen=True)
class Step:
    """One convolution."""

    width: int
    window: tuple[int, int] = (1, 1)
    stride: int = 1
    padded: bool = True
    """Whether edges are padded, so that a stride of 1 keeps the size."""


class ConvolutionUnit(nn.Module):
    """Convolution, batch normalisation, rectifier.

    Args:
        channels: Channels that enter.
        step: The convolution.
    """

    def __init__(self, channels: int, step: Step) -> None:
        super().__init__()
        height, width = step.window
        padding = (height // 2, width // 2) if step.padded else (0, 0)
        self.conv = nn.Conv2d(channels, step.width, step.window, step.stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(step.width, eps=0.001)

    def forward(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels_out height_out width_out"]:
        """Return the rectified features."""
        return torch.relu(self.bn(self.conv(images)))


class InceptionBlock(nn.Module):
    """Branches of convolutions and one of pooling side by side, joined along the channels.

    Args:
        channels: Channels that enter.
        branches: The convolutions of each branch in order; two in a tuple read the same input,
            and their outputs are joined.
        pool: What is pooled over 3 x 3 pixels. Averages leave the padding out, as TensorFlow's.
        pool_width: Channels of the convolution after the pooling; 0 for no convolution.
    """

    def __init__(
        self,
        channels: int,
        branches: Mapping[str, Sequence[Step | tuple[Step, Step]]],
        pool: Pool,
        pool_width: int = 0,
    ) -> None:
        super().__init__()
        self._stages = [self._add(name, channels, steps) for name, steps in branches.items()]
        self.pool = _pooling(pool)
        self.branch_pool = (
            ConvolutionUnit(channels, Step(pool_width)) if pool_width else nn.Identity()
        )

    def _add(
        self, branch: str, channels: int, steps: Sequence[Step | tuple[Step, Step]]
    ) -> list[list[str]]:
        stages = []
        for number, step in enumerate(steps, start=1):
            stem = branch if len(steps) == 1 else f"{branch}_{number}"
            named = (
                {f"{stem}a": step[0], f"{stem}b": step[1]}
                if isinstance(step, tuple)
                else {stem: step}
            )
            for name, one in named.items():
                self.add_module(name, ConvolutionUnit(channels, one))
            channels = sum(one.width for one in named.values())
            stages.append(list(named))
        return stages

    def forward(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels_out height_out width_out"]:
        """Return the joined features."""
        pooled = self.branch_pool(self.pool(images))
        return torch.cat([*(self._run(stages, images) for stages in self._stages), pooled], dim=1)

    def _run(self, stages: list[list[str]], images: Tensor) -> Tensor:
        for names in stages:
            images = torch.cat([self.get_submodule(name)(images) for name in names], dim=1)
        return images


def _pooling(pool: Pool) -> nn.Module:
    if pool == "average":
        return nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
    return nn.MaxPool2d(3, stride=1, padding=1) if pool == "max" else nn.MaxPool2d(3, stride=2)
