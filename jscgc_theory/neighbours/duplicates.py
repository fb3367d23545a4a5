"""Repeated rows, settled before any estimate: they are atoms, where log-distances diverge."""

from hashlib import blake2b

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.records import Notice

_DIGEST_BYTES = 16


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
    for row in range(points.shape[0]):
        # A digest, for the rows themselves would be a second copy of the cloud.
        bits = (points[row] + 0.0).tobytes()
        first.setdefault(blake2b(bits, digest_size=_DIGEST_BYTES).digest(), row)
    return np.fromiter(first.values(), dtype=np.int64, count=len(first))


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
