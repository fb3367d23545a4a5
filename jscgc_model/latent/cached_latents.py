"""Latents of a cache as a source of samples."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.latent.cache_manifest import MANIFEST, read_manifest
from jscgc_model.latent.codec import LatentCodec
from jscgc_model.latent.latent_files import find_latents, open_latents
from jscgc_theory.errors import InputError


class CachedLatents:
    """Latents that were written by :func:`write_latent_cache`, mapped into memory.

    Opening reads every file once to check its digest.

    Args:
        folder: Folder of the cache.
        codec: What the latents are to be decoded with; latents of another one are refused. None
            if they are not decoded.

    Raises:
        InputError: If the cache is unfinished, damaged, or of another codec.
    """

    def __init__(self, folder: Path, *, codec: LatentCodec | None = None) -> None:
        manifest = read_manifest(folder)
        digest = manifest.codec if codec is None else codec.digest()
        if digest != manifest.codec:
            raise InputError(
                f"{folder} holds latents of another codec (its digest is {manifest.codec[:16]}, "
                f"not {digest[:16]}); write the cache anew, or give the codec it was "
                "written with"
            )
        found = [find_latents(folder, file) for file in range(manifest.n_files)]
        files = [file for file in found if file is not None]
        if len(files) < manifest.n_files:
            raise InputError(
                f"{folder} is unfinished ({len(files)} of {manifest.n_files} files beside its "
                f"{MANIFEST}); write it again, which goes on from there"
            )
        self.manifest = manifest
        self._files = [
            open_latents(
                file, (len(manifest.items(number)), *manifest.latent_shape), manifest.dtype
            )
            for number, file in enumerate(files)
        ]

    def __len__(self) -> int:
        return self.manifest.n_latents

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, height, width) of a latent."""
        return self.manifest.latent_shape

    def draw(
        self, n_samples: int, rng: np.random.Generator
    ) -> Float[Tensor, "batch channels height width"]:
        """Draw latents, uniformly and with replacement.

        Args:
            n_samples: How many.
            rng: Source of randomness.

        Returns:
            Latents of about unit power, float32.
        """
        return self.take(rng.integers(len(self), size=n_samples).tolist())

    def take(self, items: Sequence[int]) -> Float[Tensor, "batch channels height width"]:
        """Return latents by their numbers.

        Args:
            items: Numbers, from 0.

        Returns:
            Latents of about unit power, float32.
        """
        each = self.manifest.latents_per_file
        rows = [self._files[item // each][item % each] for item in items]
        return torch.from_numpy(np.stack(rows).astype(np.float32))
