"""Finished blocks of a neighbour search on the disk, so that a killed search can go on."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours.digest import digest_of
from jscgc_theory.records.whole_files import written_whole_file

_FORMAT = 2


UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile)
"""What numpy raises on files that are missing or damaged."""


@dataclass(frozen=True)
class FinishedBlocks:
    """A folder of blocks, each of which names the search it belongs to."""

    folder: Path
    key: str
    """The settings, and the digest of the points."""
    n_neighbours: int

    @classmethod
    def of(
        cls,
        folder: str | os.PathLike[str],
        points: Float[NDArray[np.floating], "n_points ambient_dim"],
        kind: str,
        n_neighbours: int,
    ) -> Self:
        """Open the blocks of one search; other searches may have theirs in the same folder.

        Args:
            folder: Where blocks lie; it is made.
            points: Cloud, shape (n_points, ambient_dim).
            kind: The search.
            n_neighbours: Neighbours per point.

        Returns:
            The blocks.

        Raises:
            InputError: If the folder cannot be made.
        """
        key = f"{_FORMAT} {kind} {n_neighbours} {digest_of(points)}"
        own = Path(folder) / hashlib.sha256(key.encode()).hexdigest()[:16]
        try:
            own.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{os.fspath(folder)} cannot be made: {error.strerror}; "
                "give a folder for finished blocks that may be written"
            ) from error
        return cls(own, key, n_neighbours)

    def order(self, make: Callable[[], NDArray[np.int64]]) -> Int[NDArray[np.int64], " n_points"]:
        """Return the order of the rows that the blocks are cut from, once made and then kept.

        Rounding may make another order on another day, and blocks of two orders do not fit.

        Args:
            make: Makes the order.

        Returns:
            Row numbers.
        """
        path = self.folder / "order.npz"
        try:
            with path.open("rb") as stream, np.load(stream) as stored:
                key, order = str(stored["key"]), stored["order"]
                if key == self.key:
                    return np.asarray(order)
        except UNREADABLE:
            pass
        order = make()
        for stale in self.folder.glob("rows-*.npz"):
            stale.unlink()
        _write(path, key=self.key, order=order)
        return order

    def read(self, block: range) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
        """Read a block.

        Args:
            block: Its places in the order.

        Returns:
            Its table, or None if it is not there, is damaged, or belongs to another search; it
            is to be searched anew then.
        """
        try:
            # Opened here, not by numpy, which leaves the file open when the archive is damaged.
            with self._path(block).open("rb") as stream, np.load(stream) as stored:
                key = str(stored["key"])
                distances, indices = stored["distances"], stored["indices"]
        except UNREADABLE:
            return None
        shape = (len(block), self.n_neighbours)
        whole = distances.shape == indices.shape == shape and indices.dtype == np.int64
        return (distances, indices) if whole and key == self._name(block) else None

    def write(self, block: range, table: tuple[NDArray[np.float64], NDArray[np.int64]]) -> None:
        """Keep a block, whole or not at all.

        Args:
            block: Its places in the order.
            table: Distances and row numbers.
        """
        distances, indices = table
        _write(self._path(block), key=self._name(block), distances=distances, indices=indices)

    def _name(self, block: range) -> str:
        return f"{self.key} {block.start} {block.stop}"

    def _path(self, block: range) -> Path:
        return self.folder / f"rows-{block.start}-{block.stop}.npz"


def _write(path: Path, **arrays: Any) -> None:
    with written_whole_file(path) as partial, partial.open("wb") as stream:
        np.savez(stream, **arrays)
