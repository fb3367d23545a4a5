"""Rows laid out in compact blocks, with boxes that bound the distances between blocks."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

_MAX_AXES = 16
_SAMPLED_ROWS = 256
_CHUNK_ROWS = 4096


class BlockedCloud(NamedTuple):
    """A cloud's rows in the order of a balanced k-d tree, cut at its leaves.

    Projections on principal axes shorten distances, so what lies apart there lies apart.
    """

    order: Int[NDArray[np.int64], " n_points"]
    """Row number in the cloud of each row here."""
    starts: Int[NDArray[np.int64], " n_edges"]
    """First row of each block, and the end."""
    rows: Float[NDArray[np.float32], "n_points ambient_dim"]
    """The rows themselves."""
    halves: Float[NDArray[np.float32], " n_points"]
    """Half their squared norms."""
    projections: Float[NDArray[np.float32], "n_axes n_points"]
    """The rows on the leading principal axes."""
    low: Float[NDArray[np.float32], "n_blocks n_axes"]
    """Least projections of each block."""
    high: Float[NDArray[np.float32], "n_blocks n_axes"]
    """Largest projections of each block."""

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return len(self.starts) - 1


def blocked_cloud(
    rows: Float[NDArray[np.float32], "n_points ambient_dim"], rows_per_block: int
) -> BlockedCloud:
    """Order the rows of a cloud so that the rows of a block are near each other.

    Args:
        rows: Centred cloud, shape (n_points, ambient_dim).
        rows_per_block: Rows in each block but the last.

    Returns:
        The ordered cloud; beside the copy of the rows it holds 16 numbers a row at most.
    """
    projections = _on_principal_axes(rows)
    order, starts = _kd_order(projections, rows_per_block)
    ordered = np.ascontiguousarray(projections[order].T)
    moved = rows[order]
    halves = 0.5 * np.einsum("ij,ij->i", moved, moved)
    low = np.minimum.reduceat(ordered, starts[:-1], axis=1).T.copy()
    high = np.maximum.reduceat(ordered, starts[:-1], axis=1).T.copy()
    return BlockedCloud(order, starts, moved, halves, ordered, low, high)


def _on_principal_axes(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Project on axes that need not be the best, only orthonormal: a few rows show them."""
    n_points, ambient_dim = rows.shape
    sample = rows[:: -(-n_points // _SAMPLED_ROWS)].astype(np.float64)
    _, weights = np.linalg.eigh(sample @ sample.T)
    axes, _ = np.linalg.qr(sample.T @ weights[:, -min(_MAX_AXES, ambient_dim) :])
    projections = np.empty((n_points, axes.shape[1]), dtype=np.float32)
    for start in range(0, n_points, _CHUNK_ROWS):
        part = slice(start, start + _CHUNK_ROWS)
        projections[part] = rows[part].astype(np.float64) @ axes
    return projections


def _kd_order(
    projections: NDArray[np.float32], rows_per_block: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    from scipy.spatial import cKDTree

    n_points = len(projections)
    starts = np.array([0, n_points])
    while np.diff(starts).max() > rows_per_block:
        # Where the tree halves its nodes, unless coordinates are tied.
        starts = np.sort(np.concatenate([starts, starts[:-1] + np.diff(starts) // 2]))
    tree = cKDTree(projections, leafsize=int(np.diff(starts).max()))
    return np.asarray(tree.indices, dtype=np.int64), starts
