"""What a worker does: search one block of rows, its input and its output checked by digests.

With distributed 2026.8.0 views of a megabyte into larger arrays have been seen to arrive with
wrong bytes, one in some hundred, and a table with a wrong row looks like any other. So results are
sent as arrays of their own, and with a digest.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.neighbours.block_pass import Index, Kind, make_index
from jscgc_theory.neighbours.digest import digest_of


class DamagedError(RuntimeError):
    """An array changed on its way."""


@dataclass(frozen=True)
class Task:
    """What the blocks of one search have in common."""

    cloud_digest: str
    kind: Kind
    n_neighbours: int


def work(
    cloud: NDArray[np.floating], task: Task, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], str]:
    """Search one block.

    Args:
        cloud: Cloud, shape (n_points, ambient_dim).
        task: The search.
        rows: Row numbers of the points asked about.

    Returns:
        Distances in data units, row numbers, and the digest of these with the rows asked about.

    Raises:
        DamagedError: If the cloud is not the one that was sent.
    """
    distances, indices = _HELD.get(cloud, task).nearest(rows, task.n_neighbours)
    indices = np.ascontiguousarray(indices)
    return distances, indices, digest_of(rows, distances, indices)


class _HeldIndex:
    """The last index made in this process: a cache, which may be lost at any time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: tuple[tuple[str, Kind], Index] | None = None

    def get(self, cloud: NDArray[np.floating], task: Task) -> Index:
        wanted = (task.cloud_digest, task.kind)
        with self._lock:
            if self._held is None or self._held[0] != wanted:
                if digest_of(cloud) != task.cloud_digest:
                    raise DamagedError("the cloud did not arrive as it was sent")
                self._held = (wanted, make_index(cloud, task.kind, n_threads=1))
            return self._held[1]


_HELD = _HeldIndex()
