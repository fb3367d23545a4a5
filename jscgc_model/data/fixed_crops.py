"""A finite set of crops, for caches and for tests on the same crops."""

from collections.abc import Mapping, Sequence
from typing import Any

from jaxtyping import Float
from torch import Tensor

from jscgc_model.data.encoded_images import digest_of_names
from jscgc_model.data.image_crops import ImageCrops
from jscgc_model.data.streams import numpy_stream
from jscgc_theory.validation import check_count


class FixedCrops:
    """So many crops of every image, the same at every reading.

    A crop of an image that cannot be used is one of another image.

    Args:
        crops: How crops are cut.
        n_views: Crops of each image.
        seed: Decides where they are cut.

    Raises:
        InputError: If a number is out of range.
    """

    def __init__(self, crops: ImageCrops, *, n_views: int = 1, seed: int = 0) -> None:
        self._crops = crops
        self.n_views = check_count(n_views, name="n_views")
        self.seed = check_count(seed, name="seed", minimum=0)

    def __len__(self) -> int:
        return len(self._crops.reader.images) * self.n_views

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, crop, crop)."""
        return self._crops.sample_shape

    def take(self, items: Sequence[int]) -> Float[Tensor, "batch channels height width"]:
        """Return crops by their numbers; neighbours are of one image.

        Args:
            items: Numbers, from 0.

        Returns:
            Pixels in [0, 1], float32.
        """
        rngs = [numpy_stream(self.seed, "fixed crop", item) for item in items]
        return self._crops.cut(rngs, [item // self.n_views for item in items])

    def identity(self) -> Mapping[str, Any]:
        """Return what decides the crops, but for the contents of the files.

        Returns:
            Settings and a digest of the images' names, as JSON.
        """
        reader = self._crops.reader
        return {
            "images": digest_of_names(reader.images),
            "crop": self._crops.crop,
            "channels": reader.channels,
            "shorter_side": reader.shorter_side,
            "flips": self._crops.flips,
            "n_views": self.n_views,
            "seed": self.seed,
        }
