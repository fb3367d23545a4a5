"""Repeated rows, settled before any estimate: they are atoms, where log-distances diverge."""

from hashlib import blake2b

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.records import Notice

_DIGEST_BYTES = 16
_VALUES_PER_CHUNK = 1 << 14
_WORD = np.dtype(np.uint32)


def settle_duplicates(
    points: Float[NDArray[np.floating], "n_points ambient_dim"], *, min_points: int = 2
) -> tuple[NDArray[np.floating], int]:
    """Keep the first copy of every row.

    Rows are compared bit by bit after adding zero (so that -0.0 equals 0.0).

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        min_points: Least number of distinct rows that must remain.

    Returns:
        The distinct rows in their first order (the input itself if all are distinct), and how
        many rows were dropped.

    Raises:
        InputError: If fewer than ``min_points`` distinct rows remain.
    """
    first = distinct_rows(points)
    n_duplicates = points.shape[0] - len(first)
    if len(first) < min_points:
        raise InputError(
            f"{points.shape[0]} points hold only {len(first)} distinct rows, "
            f"{min_points} are needed; add points or remove repetitions"
        )
    return (points[first], n_duplicates) if n_duplicates else (points, 0)


def distinct_rows(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
) -> Int[NDArray[np.int64], " n_distinct"]:
    """Find the first copy of every row.

    Args:
        points: Cloud, shape (n_points, ambient_dim).

    Returns:
        Row numbers, ascending.
    """
    first: dict[bytes, int] = {}
    distinct = np.ones(points.shape[0], dtype=np.bool_)
    for row in _rows_that_may_repeat(points):
        # A digest, for the rows themselves would be a second copy of the cloud.
        bits = (points[row] + 0.0).tobytes()
        digest = blake2b(bits, digest_size=_DIGEST_BYTES).digest()
        distinct[row] = first.setdefault(digest, row) == row
    return np.flatnonzero(distinct)


def _rows_that_may_repeat(points: NDArray[np.floating]) -> NDArray[np.int64]:
    """Find the rows whose bits, as words of 32, have the weighted sum of another row's.

    The weights are random and odd and the carry beyond 64 bits is dropped: hardly any rows but
    copies have the same sum.
    """
    n_points, n_columns = points.shape
    n_words = n_columns * points.dtype.itemsize // _WORD.itemsize
    weights = np.random.default_rng(0).integers(0, 1 << 63, n_words, dtype=np.uint64) * 2 + 1
    sums = np.empty(n_points, dtype=np.uint64)
    step = max(1, _VALUES_PER_CHUNK // n_columns)
    for start in range(0, n_points, step):
        chunk = np.ascontiguousarray(points[start : start + step]) + 0.0
        sums[start : start + step] = chunk.view(_WORD).astype(np.uint64) @ weights
    ordered = np.sort(sums)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(sums, repeated))


def duplicates_notice(n_duplicates: int, n_points: int) -> Notice:
    """Say that repeated rows were dropped.

    Args:
        n_duplicates: Rows dropped.
        n_points: Rows before.

    Returns:
        The notice.
    """
    return Notice(
        code="duplicates_dropped",
        message=(
            f"{n_duplicates} of {n_points} rows repeat an earlier row and were dropped; "
            "all numbers are about the distinct rows."
        ),
    )
