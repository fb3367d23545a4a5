"""What the baselines that reconstruct have in common."""

from typing import ClassVar

from pydantic import PositiveInt

from jscgc_model.pipelines import ReconstructionPipeline
from jscgc_model.recipes.architectures.base import SystemArchitecture
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError


class ReconstructionArchitecture(SystemArchitecture):
    """Encoder and decoder of images, with the budget of symbols that JSCGC has."""

    pipeline: ClassVar[type[ReconstructionPipeline]] = ReconstructionPipeline

    patch_size: PositiveInt = 4
    """Side of a token's square in pixels."""
    symbols_per_token: PositiveInt = 1
    """Complex channel symbols for each token."""

    def check_training(self, training: TrainingSettings) -> None:
        """Refuse settings of the flow of a generator, which is not there.

        Args:
            training: How the system would be trained.

        Raises:
            InputError: If one is not at the value that stands for nothing.
        """
        nothing = {"loss_weight": "uniform", "time_law": "uniform", "condition_dropout": 0.0}
        for name, value in nothing.items():
            if getattr(training, name) != value:
                raise InputError(
                    f"training.{name} = {getattr(training, name)!r} is about a generator, and a "
                    f"system of kind {self.kind} has none; set it to {value!r}"
                )
