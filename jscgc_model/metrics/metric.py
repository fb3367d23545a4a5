"""What a metric is: a name that stands for one protocol, and two steps from images to evidence."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from jscgc_model.metrics.image_pairs import ImagePairs
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice

Kept = TypeVar("Kept")
"""What a metric keeps of a batch of images."""


@dataclass(frozen=True, kw_only=True)
class Metric(abc.ABC, Generic[Kept]):
    """A measure of how far reconstructions are from originals.

    Images are seen once, a batch at a time, and need not share one size: :meth:`observe` reduces
    each batch to the little that :meth:`estimate` needs.
    """

    name: str
    better: Literal["higher", "lower"]
    """Which direction is the better one."""
    units: str
    protocol: str
    """Everything that the number depends on beside the images, in one line."""
    channels: tuple[int, ...] = (3,)
    """Numbers of colour channels that the protocol covers."""
    least_side: int = 1
    """Images with a shorter side in pixels are refused."""
    intended_side: int = 1
    """Images with a shorter side in pixels earn a notice."""

    @abc.abstractmethod
    def observe(self, pairs: ImagePairs) -> Kept:
        """Reduce a batch of images to what the estimate needs.

        Args:
            pairs: Images and their reconstructions.

        Returns:
            What is kept of them.

        Raises:
            InputError: If the images are outside the protocol.
        """

    @abc.abstractmethod
    def estimate(self, kept: Sequence[Kept]) -> Estimate:
        """Return the metric of all images observed.

        Args:
            kept: What :meth:`observe` returned, batch by batch.

        Returns:
            The value with its interval over sources; the protocol is its method.

        Raises:
            InputError: If too little was observed.
        """

    def check_protocol(self, pairs: ImagePairs) -> None:
        """Refuse images that the protocol does not cover."""
        if pairs.channels not in self.channels:
            raise InputError(
                f"{self.name} needs images with {self.channels[-1]} channels, these have "
                f"{pairs.channels}; convert them, or choose another metric"
            )
        if pairs.shorter_side < self.least_side:
            raise InputError(
                f"{self.name} needs images of at least {self.least_side} pixels a side, these "
                f"have {pairs.shorter_side}; choose a metric of smaller scale"
            )

    def size_notices(self, shorter_side: int) -> tuple[Notice, ...]:
        """Say so where images are smaller than the protocol was made for."""
        if shorter_side >= self.intended_side:
            return ()
        message = (
            f"{self.name} was made for images of at least {self.intended_side} pixels a side; the "
            f"smallest here has {shorter_side}, so compare with values at this size only."
        )
        return (Notice(code="small_images", message=message),)

    def facts(self) -> dict[str, str]:
        """Return the name, direction and units, for the details of an estimate."""
        return {"metric": self.name, "better": self.better, "units": self.units}


def check_observed(kept: Sequence[object], *, name: str) -> None:
    """Refuse an estimate from nothing.

    Args:
        kept: What was observed.
        name: Name of the metric.

    Raises:
        InputError: If there is nothing.
    """
    if not kept:
        raise InputError(f"{name} has observed no images; observe at least one batch")
