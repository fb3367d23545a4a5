"""What image files may be tried, and which of their bits count."""

import math
from dataclasses import dataclass
from itertools import product

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

IMAGE_FORMATS = ("jpeg", "webp")
_HIGHEST_QUALITY = 100


@dataclass(frozen=True, kw_only=True)
class SeparatedCodingSettings:
    """How an image becomes a file that fits."""

    image_format: str = "webp"
    """``jpeg`` or ``webp``."""
    counts_headers: bool = True
    """Whether the whole file counts. If not, what a receiver that knows size and quality could
    write itself is left out, and the choice of size and quality counts instead."""
    qualities: tuple[int, ...] = (
        1, 2, 3, 4, 5, 7, 9, 11, 14, 17, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85,
        90, 95, 100,
    )  # fmt: skip
    """Qualities to try, of 1..100; each with every size."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "qualities", tuple(self.qualities))
        if self.image_format not in IMAGE_FORMATS:
            raise InputError(
                f"image_format = {self.image_format!r} is unknown; choose "
                f"{' or '.join(IMAGE_FORMATS)}"
            )
        if not self.qualities:
            raise InputError("qualities are none; give some of 1..100")
        for quality in self.qualities:
            if check_count(quality, name="quality") > _HIGHEST_QUALITY:
                raise InputError(f"quality = {quality} exceeds 100; give some of 1..100")

    def choices(self, size: tuple[int, int]) -> list[tuple[tuple[int, int], int]]:
        """Return what a file may hold: the image in a size, at a quality.

        Args:
            size: (width, height) of the image.

        Returns:
            Sizes down to one pixel, each smaller than the one before by sqrt 2, with each
            quality.
        """
        n_smaller = 2 * math.ceil(math.log2(max(size)))
        scales = [2.0 ** (-0.5 * step) for step in range(n_smaller + 1)]
        width, height = size
        sizes = dict.fromkeys(
            (max(1, round(scale * width)), max(1, round(scale * height))) for scale in scales
        )
        return list(product(sizes, self.qualities))
