"""What came of reading images: how many, and which were left out."""

from jscgc_theory.records import Record


class SkippedImage(Record):
    """An image that was left out."""

    name: str
    reason: str


class ReadingReport(Record):
    """What came of reading a set of images."""

    n_images: int
    """Images of the set."""
    n_read: int
    """Different images that were read."""
    n_skipped: int
    """Images that were left out; as many are named in ``skipped``."""
    skipped: tuple[SkippedImage, ...] = ()
