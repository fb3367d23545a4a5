"""What a latent cache says of itself."""

from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from jscgc_theory.errors import InputError
from jscgc_theory.records import Record

MANIFEST = "latents.json"
"""Of the file in a cache's folder."""


class CacheManifest(Record):
    """Everything that decides the latents of a cache; two caches that share it are the same."""

    format: Literal["jscgc latent cache"] = "jscgc latent cache"
    version: Literal[1] = 1
    codec: str
    """Digest of what made the latents."""
    images: dict[str, Any]
    """What the images are, by settings and digests."""
    n_latents: int
    latent_shape: tuple[int, ...]
    dtype: Literal["float32", "float16"]
    latents_per_file: int

    @property
    def n_files(self) -> int:
        """Number of files of latents."""
        return -(-self.n_latents // self.latents_per_file)

    def items(self, file: int) -> range:
        """Return the numbers of the latents in a file.

        Args:
            file: Number of the file.

        Returns:
            Numbers, from 0.
        """
        start = file * self.latents_per_file
        return range(start, min(start + self.latents_per_file, self.n_latents))


def read_manifest(folder: Path) -> CacheManifest:
    """Read what a cache says of itself.

    Args:
        folder: Folder of the cache.

    Returns:
        The manifest.

    Raises:
        InputError: If there is none or it cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(f"{folder} holds no {MANIFEST}; give the folder of a latent cache")
    try:
        return CacheManifest.from_json(path)
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path} cannot be read ({reason}); write the cache anew") from error


def check_same(folder: Path, stored: CacheManifest, wanted: CacheManifest) -> None:
    """Check that a cache is the one that is wanted.

    Args:
        folder: Folder of the cache, for the message.
        stored: What it says of itself.
        wanted: What it should say.

    Raises:
        InputError: If a setting or a digest differs.
    """
    mine, theirs = (_flat(one) for one in (stored, wanted))
    names = mine.keys() | theirs.keys()
    odd = sorted(name for name in names if mine.get(name) != theirs.get(name))
    if odd:
        raise InputError(
            f"{folder} holds latents of another making (other {', '.join(odd)}); choose another "
            "folder, or the settings they were made with"
        )


def _flat(manifest: CacheManifest) -> dict[str, Any]:
    values = manifest.to_dict()
    images = values.pop("images")
    return values | {f"images.{key}": value for key, value in images.items()}
