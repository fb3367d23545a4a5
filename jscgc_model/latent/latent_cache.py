"""Latents worked out once and kept on the disk."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.latent.cache_manifest import (
    MANIFEST,
    CacheManifest,
    check_same,
    read_manifest,
)
from jscgc_model.latent.cached_latents import CachedLatents
from jscgc_model.latent.codec import LatentCodec
from jscgc_model.latent.latent_files import find_latents, store_latents
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count


@runtime_checkable
class FiniteImages(Protocol):
    """Images of one size, by number, such as :class:`jscgc_model.data.FixedCrops`."""

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, height, width)."""

    def __len__(self) -> int:
        """Number of images."""

    def take(self, items: Sequence[int]) -> Float[Tensor, "batch channels height width"]:
        """Return images by their numbers.

        Args:
            items: Numbers, from 0.

        Returns:
            Pixels in [0, 1]; the same each time.
        """

    def identity(self) -> Mapping[str, Any]:
        """Return what decides the images, as JSON."""


def write_latent_cache(
    folder: Path,
    codec: LatentCodec,
    images: FiniteImages,
    *,
    dtype: Literal["float32", "float16"] = "float16",
    latents_per_file: int = 1024,
    batch_size: int = 16,
    progress: Callable[[float], None] | None = None,
) -> CachedLatents:
    """Write the latents of images, or what is missing of them, and open them.

    Every file is there whole or not at all; a call that was killed is gone on with by the same
    call. One process writes.

    Args:
        folder: Where the files go.
        codec: Makes the latents.
        images: The images.
        dtype: Precision on the disk.
        latents_per_file: Latents of a file; one file is held in memory.
        batch_size: Images encoded at once.
        progress: Told the finished fraction.

    Returns:
        The latents.

    Raises:
        InputError: If the folder holds latents of another making or a damaged file, a latent is
            not finite, or a number is out of range.
    """
    at_once = check_count(batch_size, name="batch_size")
    manifest = CacheManifest(
        codec=codec.digest(),
        images=dict(images.identity()),
        n_latents=check_count(len(images), name="number of images"),
        latent_shape=codec.latent_shape(images.sample_shape),
        dtype=dtype,
        latents_per_file=check_count(latents_per_file, name="latents_per_file"),
    )
    if (folder / MANIFEST).exists():
        check_same(folder, read_manifest(folder), manifest)
    else:
        manifest.to_json(folder / MANIFEST)
    for file in range(manifest.n_files):
        if find_latents(folder, file) is None:
            items = manifest.items(file)
            parts = [items[start : start + at_once] for start in range(0, len(items), at_once)]
            encoded = [_encoded(codec, images, part, dtype) for part in parts]
            store_latents(folder, file, np.concatenate(encoded))
        if progress is not None:
            progress((file + 1) / manifest.n_files)
    return CachedLatents(folder, codec=codec)


@torch.no_grad()
def _encoded(
    codec: LatentCodec, images: FiniteImages, items: Sequence[int], dtype: str
) -> NDArray[np.floating]:
    latents = codec.encode(images.take(items)).float().cpu().numpy()
    largest = float(np.abs(latents).max())
    if not largest <= float(np.finfo(dtype).max):
        raise InputError(
            f"a latent of images {items[0]} to {items[-1]} reaches {largest:g}, beyond {dtype}; "
            "use float32 for codec and cache"
        )
    return latents.astype(dtype)
