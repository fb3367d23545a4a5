"""A few images inside a record, small enough for its JSON."""

import base64
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.records import Record


class PixelGrid(Record):
    """Rows of images, eight bits a value."""

    labels: tuple[str, ...]
    """Of each row."""
    shape: tuple[int, int, int, int, int]
    """(rows, images in a row, channels, height, width)."""
    data: str
    """The values 0 to 255 in the order of the shape, base64."""

    @classmethod
    def from_rows(cls, rows: dict[str, Float[NDArray[np.floating], "n c h w"]]) -> Self:
        """Store rows of images.

        Args:
            rows: Images of each row by its label, pixels in [0, 1] (others are clipped), all rows
                of one shape.

        Returns:
            The grid.
        """
        stacked = np.stack(list(rows.values()))
        pixels = np.round(255.0 * np.clip(stacked, 0.0, 1.0)).astype(np.uint8)
        return cls(
            labels=tuple(rows),
            shape=stacked.shape,
            data=base64.b64encode(pixels.tobytes()).decode("ascii"),
        )

    def pixels(self) -> Float[NDArray[np.float64], "rows n c h w"]:
        """Return the images.

        Returns:
            Pixels in [0, 1], to within half of 1/255.
        """
        values = np.frombuffer(base64.b64decode(self.data), dtype=np.uint8)
        return values.reshape(self.shape) / 255.0
