"""Perceptual distances that a reconstruction can be trained for, as recipes name them."""

import abc
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat
from torch import nn

from jscgc_model.baselines.reconstruction_loss import (
    PerceptualLoss,
    ReconstructionLoss,
    squared_error,
)
from jscgc_model.metrics.judge import load_judge
from jscgc_model.metrics.judge_distance import JudgeDistance
from jscgc_model.metrics.perceptual_distance import load_lpips_network
from jscgc_theory.records import Record


class NoDistance(Record):
    """The squared error alone."""

    kind: Literal["none"] = "none"

    def loss(self) -> ReconstructionLoss:
        """Return the loss."""
        return squared_error


class NetworkDistance(Record, abc.ABC):
    """The squared error and the distance of a frozen network."""

    weight: FiniteFloat = Field(default=0.02, gt=0.0)
    """Of the distance, against the squared error of a value in [0, 1]."""

    @abc.abstractmethod
    def network(self) -> nn.Module:
        """Load the network: (images, reconstructions) to distances."""

    def loss(self) -> ReconstructionLoss:
        """Return the loss; the network is loaded when it is first needed."""
        return PerceptualLoss(self.network, self.weight)


class LpipsDistance(NetworkDistance):
    """LPIPS, as the published MambaJSCC-LPIPS is trained for."""

    kind: Literal["lpips"] = "lpips"
    net: Literal["alex", "vgg"] = "vgg"
    weights: str = "hub"
    """torchvision's file of the network, or ``hub``."""

    def network(self) -> nn.Module:
        """Load LPIPS."""
        return load_lpips_network(self.net, self.weights)


class JudgeFeatureDistance(NetworkDistance):
    """The distance on the maps of a judge that was trained here; no LPIPS."""

    kind: Literal["judge"] = "judge"
    folder: str
    """Folder of the judge's training run."""

    def network(self) -> nn.Module:
        """Load the judge."""
        return JudgeDistance(load_judge(self.folder))


PerceptualDistanceChoice = Annotated[
    NoDistance | LpipsDistance | JudgeFeatureDistance, Field(discriminator="kind")
]
