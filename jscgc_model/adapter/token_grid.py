"""Where tokens stand: rows and columns, and the rotary embedding of each place."""

from typing import NamedTuple

from torch import Tensor


class TokenGrid(NamedTuple):
    """The grid that encoder, adapter and backbone share."""

    rows: int
    columns: int
    rotations: Tensor
    """Complex rotations of query and key, shape (1, n_tokens, head_dim / 2)."""
