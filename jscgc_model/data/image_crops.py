"""Random crops of images: a source without end."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.data.decoding import Pixels
from jscgc_model.data.encoded_images import EncodedImages
from jscgc_model.data.image_reader import N_THREADS, ImageReader
from jscgc_model.data.reading_report import ReadingReport
from jscgc_theory.validation import check_count

_BRIGHTEST = 255.0


class ImageCrops:
    """Square crops at uniform places of uniformly chosen images, mirrored at every second draw.

    A sample depends on its random numbers and the files alone: not on threads, and not on what
    was drawn before. In place of an image that cannot be used another one is drawn.

    Args:
        images: The set; images smaller than the crop cannot be used.
        crop: Side of the crops in pixels.
        channels: 1 for grey, 3 for colour; images are converted.
        shorter_side: Pixels the shorter side of every image is resized to before it is cut, or
            None to keep sizes.
        flips: Whether to mirror half of the crops left to right.

    Raises:
        InputError: If the set is empty or a number is out of range.
    """

    def __init__(
        self,
        images: EncodedImages,
        *,
        crop: int = 256,
        channels: int = 3,
        shorter_side: int | None = None,
        flips: bool = True,
    ) -> None:
        self.crop = check_count(crop, name="crop")
        self.flips = flips
        self.reader = ImageReader(
            images, channels=channels, shorter_side=shorter_side, least_side=self.crop
        )

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, crop, crop)."""
        return (self.reader.channels, self.crop, self.crop)

    def draw(
        self, n_samples: int, rng: np.random.Generator
    ) -> Float[Tensor, "batch channels height width"]:
        """Draw crops.

        Args:
            n_samples: How many.
            rng: Source of randomness.

        Returns:
            Pixels in [0, 1], float32.

        Raises:
            InputError: If no image of the set can be used.
        """
        seeds = rng.integers(np.iinfo(np.int64).max, size=n_samples)
        return self.cut([np.random.default_rng(seed) for seed in seeds])

    def cut(
        self, rngs: Sequence[np.random.Generator], numbers: Sequence[int] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Cut crops, each by its own random numbers.

        Args:
            rngs: Source of randomness of each crop.
            numbers: Image of each crop, by its place in the set; chosen at random if None.

        Returns:
            Pixels in [0, 1], float32.

        Raises:
            InputError: If no image of the set can be used.
        """
        first = [None] * len(rngs) if numbers is None else numbers
        with ThreadPoolExecutor(N_THREADS) as pool:
            crops = list(pool.map(self._crop, rngs, first))
        return torch.from_numpy(np.stack(crops)).movedim(3, 1).float() / _BRIGHTEST

    def report(self) -> ReadingReport:
        """Return what came of reading so far.

        Returns:
            How many images were read, and which were skipped.
        """
        return self.reader.report()

    def _crop(self, rng: np.random.Generator, number: int | None) -> Pixels:
        while True:
            chosen = int(rng.integers(len(self.reader.images))) if number is None else number
            top, left, mirror = rng.random(3)
            image = self.reader.read(chosen)
            if image is not None:
                break
            number = None
        rows, columns = (
            int(share * (side - self.crop + 1))
            for share, side in zip((top, left), image.shape[:2], strict=True)
        )
        cut = image[rows : rows + self.crop, columns : columns + self.crop]
        return cut[:, ::-1] if self.flips and mirror < 0.5 else cut
