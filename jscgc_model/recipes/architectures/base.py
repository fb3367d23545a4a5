"""What every kind of system offers to recipes."""

import abc
from typing import ClassVar, Self

from jscgc_model.channel import Channel
from jscgc_model.pipelines import CommunicationPipeline
from jscgc_model.system import CommunicationSystem
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.records import Record


class SystemArchitecture(Record, abc.ABC):
    """The sizes of a system; what follows from them is worked out where it is built.

    A subclass narrows the field ``kind`` to a name of its own.
    """

    kind: str

    sample_axes: ClassVar[int] = 3
    """Axes of the samples it takes: 3 for images, 1 for vectors."""
    pipeline: ClassVar[type[CommunicationPipeline]]
    """What sends samples through such a system."""

    @abc.abstractmethod
    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> CommunicationSystem:
        """Return such a system, untrained.

        Args:
            shape: Of a sample.
            channel: What it sends over.
            seed: Decides the initial weights.

        Returns:
            The system.

        Raises:
            InputError: If sizes and shape do not fit.
        """

    def without_files(self) -> Self:
        """Return the same sizes with no weights that would be read, for dry runs.

        Returns:
            An architecture whose system has as many parameters.
        """
        return self

    def check_training(self, training: TrainingSettings) -> None:
        """Refuse settings that have no meaning for such a system.

        Args:
            training: How the system would be trained.

        Raises:
            InputError: If there are such.
        """
