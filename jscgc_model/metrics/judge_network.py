"""A small residual classifier: a judge of meaning that is trained here, without any download."""

from collections.abc import Sequence

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

_CENTRE = 0.5
_DEVIATION = 0.25


class _ResidualBlock(nn.Module):
    """x + f(x) with normalisation and ReLU before each of two convolutions."""

    def __init__(self, width_in: int, width: int, stride: int) -> None:
        super().__init__()
        self.first_norm = nn.BatchNorm2d(width_in)
        self.first = nn.Conv2d(width_in, width, 3, stride=stride, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        keeps_shape = width_in == width and stride == 1
        self.shortcut = (
            None if keeps_shape else nn.Conv2d(width_in, width, 1, stride=stride, bias=False)
        )

    def forward(
        self, x: Float[Tensor, "batch width_in height width"]
    ) -> Float[Tensor, "batch width_out _ _"]:
        start = functional.relu(self.first_norm(x))
        change = self.second(functional.relu(self.second_norm(self.first(start))))
        return change + (x if self.shortcut is None else self.shortcut(start))


class JudgeNetwork(ModelMixin, ConfigMixin):
    """A residual classifier of colour images; each stage but the first halves the sides.

    Args:
        name: What metrics on it are called, ``fd_<name>`` and others.
        side: Side of the square images it is trained on, in pixels.
        classes: Names of the classes.
        widths: Channels of each stage.
        blocks_per_stage: Residual blocks of each stage.
        held_out_accuracy: What it reached on images it was not trained on; None until then.

    Raises:
        InputError: If a number is out of range or there is no second class.

    References:
        He, Zhang, Ren, Sun. Identity mappings in deep residual networks. ECCV 2016.
    """

    @register_to_config
    def __init__(
        self,
        name: str,
        side: int,
        classes: Sequence[str],
        widths: Sequence[int] = (32, 64, 128),
        blocks_per_stage: int = 1,
        held_out_accuracy: float | None = None,
    ) -> None:
        super().__init__()
        for what, number in (("side", side), ("blocks_per_stage", blocks_per_stage)):
            check_count(number, name=what)
        if len(classes) < 2 or not widths:
            raise InputError(
                f"a judge of the classes {tuple(classes)} with the widths {tuple(widths)} tells "
                "nothing apart; give two classes and one width at least"
            )
        self.stem = nn.Conv2d(3, check_count(widths[0], name="width"), 3, padding=1, bias=False)
        stages, width_in = [], widths[0]
        for place, width in enumerate(widths):
            blocks = [_ResidualBlock(width_in, check_count(width, name="width"), 1 + (place > 0))]
            blocks += [_ResidualBlock(width, width, 1) for _ in range(blocks_per_stage - 1)]
            stages.append(nn.Sequential(*blocks))
            width_in = width
        self.stages = nn.ModuleList(stages)
        self.last_norm = nn.BatchNorm2d(width_in)
        self.head = nn.Linear(width_in, len(classes))

    def of_stages(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> list[Float[Tensor, "batch _ _ _"]]:
        """Return what each stage makes of images.

        Args:
            images: Pixels in [0, 1].

        Returns:
            One map for each stage, the sides halved from one to the next.
        """
        here, found = self.stem((images - _CENTRE) / _DEVIATION), []
        for stage in self.stages:
            here = stage(here)
            found.append(here)
        return found

    def features(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch dim"]:
        """Return what the classes are read off: the mean over places of the last map.

        Args:
            images: Pixels in [0, 1].

        Returns:
            One row for each image.
        """
        last = functional.relu(self.last_norm(self.of_stages(images)[-1]))
        return last.mean(dim=(2, 3))

    def forward(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch n_classes"]:
        """Return the logits of the classes.

        Args:
            images: Pixels in [0, 1].

        Returns:
            One row for each image.
        """
        return self.head(self.features(images))


def build_judge(
    name: str, side: int, classes: Sequence[str], widths: Sequence[int], blocks: int, *, seed: int
) -> JudgeNetwork:
    """Return an untrained judge.

    Args:
        name: See :class:`JudgeNetwork`.
        side: See there.
        classes: See there.
        widths: See there.
        blocks: Residual blocks of each stage.
        seed: Decides the initial weights.

    Returns:
        The network, in training mode.
    """
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(seed)
        return JudgeNetwork(name, side, list(classes), list(widths), blocks)
