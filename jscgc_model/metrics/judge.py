"""A trained judge as a network under a name: its features, the classes it names."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from jscgc_model.metrics.feature_extractor import FeatureExtractor
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_model.metrics.judge_network import JudgeNetwork

_LEAST_SIDE = 8


@dataclass(frozen=True, eq=False)
class Judge:
    """A classifier trained here.

    Args:
        network: In evaluation mode.
    """

    network: "JudgeNetwork"

    def __post_init__(self) -> None:
        self.network.requires_grad_(False)

    @property
    def name(self) -> str:
        """What metrics on it are called."""
        return str(self.network.config.name)

    @property
    def side(self) -> int:
        """Side of the images it was trained on, in pixels."""
        return int(self.network.config.side)

    @property
    def protocol(self) -> str:
        """Everything that its numbers depend on beside the images."""
        reached = self.network.config.held_out_accuracy
        told = "unknown" if reached is None else f"{reached:.3f}"
        return (
            f"classifier of {len(self.network.config.classes)} classes, images resized to "
            f"{self.side} x {self.side}, weights {self.digest}, held-out accuracy {told}"
        )

    @property
    def digest(self) -> str:
        """Head of the SHA-256 of its weights and statistics."""
        found = hashlib.sha256()
        for name, tensor in sorted(self.network.state_dict().items()):
            found.update(name.encode() + tensor.detach().cpu().contiguous().numpy().tobytes())
        return found.hexdigest()[:12]

    def extractor(self) -> FeatureExtractor:
        """Return its features: what the classes are read off.

        Returns:
            The extractor of its name.
        """
        return FeatureExtractor(
            name=self.name,
            network=_Features(self.network).eval(),
            prepare=self.prepare,
            protocol=self.protocol,
            least_side=_LEAST_SIDE,
            intended_side=self.side,
        )

    def prepare(
        self, images: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch 3 side side"]:
        """Resize images to those it was trained on; differentiable.

        Args:
            images: Pixels in [0, 1].

        Returns:
            Pixels in [0, 1].
        """
        if images.shape[2:] == (self.side, self.side):
            return images
        size = [self.side, self.side]
        resized = functional.interpolate(images, size, mode="bicubic", antialias=True)
        # A cubic overshoots at edges.
        return resized.clamp(0.0, 1.0)

    @torch.no_grad()
    def classes(self, images: Float[Tensor, "batch 3 height width"]) -> Int[Tensor, " batch"]:
        """Name the class of each image.

        Args:
            images: Pixels in [0, 1].

        Returns:
            Places of the classes.
        """
        return self.network(self.prepare(images.to(self.network.head.weight))).argmax(dim=1)


class _Features(nn.Module):
    def __init__(self, network: "JudgeNetwork") -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Float[Tensor, "batch 3 side side"]) -> Float[Tensor, "batch dim"]:
        return self.network.features(images)


def load_judge(folder: str | Path) -> Judge:
    """Read a judge.

    Args:
        folder: Folder of the judge, or of the training run that made it.

    Returns:
        The judge.

    Raises:
        InputError: If there is none, or it cannot be read.
    """
    # diffusers takes seconds to import, and only a judge needs it here.
    from safetensors import SafetensorError

    from jscgc_model.metrics.judge_network import JudgeNetwork

    place = Path(folder)
    place = place / "judge" if (place / "judge").is_dir() else place
    if not (place / "config.json").is_file():
        raise InputError(
            f"{folder} holds no judge; train one (jscgc train --recipe cifar_16_judge) and give "
            "the folder of its run"
        )
    try:
        network = JudgeNetwork.from_pretrained(
            str(place), local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        raise InputError(f"the judge in {folder} cannot be read ({error}); train anew") from error
    return Judge(network.eval())
