"""Which pairs share a source point, and one pair for each source point."""

from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.records import Notice

_DIGEST_BYTES = 16


class SourcePoints(NamedTuple):
    """How pairs of (source, generated) rows belong to source points."""

    labels: NDArray[np.generic]
    """Group of each pair, shape (n_pairs,)."""
    first_pairs: Int[NDArray[np.int64], " n_source_points"]
    """Position of the first pair of each distinct source row of each group, ascending."""
    notices: tuple[Notice, ...]


def find_source_points(
    source: Float[NDArray[np.floating], "n_pairs ambient_dim"], groups: ArrayLike | None
) -> SourcePoints:
    """Find which pairs share a source point.

    Args:
        source: Source rows, repeated where several draws belong to one source point.
        groups: One label per pair, or None to treat exactly equal source rows as one group.

    Returns:
        Labels, one pair per source point, and a notice where the groups were inferred.

    Raises:
        InputError: If groups do not pair up with the rows.
    """
    n_pairs = source.shape[0]
    # Adding zero turns -0.0 into 0.0, which compare equal but differ in bytes.
    rows = [blake2b((row + 0.0).tobytes(), digest_size=_DIGEST_BYTES).digest() for row in source]
    identity = _number(rows)
    if groups is None:
        labels: NDArray[np.generic] = identity
    else:
        labels = np.asarray(groups)
        if labels.shape != (n_pairs,):
            raise InputError(
                f"groups have shape {labels.shape} for {n_pairs} pairs; give one label per pair"
            )
        identity = _number(list(zip(labels.tolist(), rows, strict=True)))
    _, first_pairs = np.unique(identity, return_index=True)
    notices = () if groups is not None else _inferred_notice(n_pairs, first_pairs.size)
    return SourcePoints(labels, np.sort(first_pairs).astype(np.int64), notices)


def _number(keys: list[bytes] | list[tuple[object, bytes]]) -> NDArray[np.int64]:
    """Number hashable keys by first appearance."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _inferred_notice(n_pairs: int, n_source_points: int) -> tuple[Notice, ...]:
    if n_source_points == n_pairs:
        return ()
    message = (
        f"{n_pairs} pairs hold {n_source_points} distinct source rows: equal source rows were "
        "taken as draws for one source point; give groups if they are not"
    )
    return (Notice(code="groups_inferred", message=message),)
