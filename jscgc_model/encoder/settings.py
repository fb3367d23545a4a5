"""The shape of an encoder, checked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jscgc_model.encoder.gssm import HEAD_DIM
from jscgc_model.encoder.vss_block import EXPANSION, STATE_SPACES
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count


@dataclass(frozen=True, kw_only=True)
class EncoderSettings:
    """What :class:`~jscgc_model.encoder.mamba_encoder.MambaEncoder` is built from."""

    in_channels: int
    patch_size: int
    dims: Sequence[int]
    depths: Sequence[int]
    merge_sizes: Sequence[int]
    d_state: int
    scan: str
    symbols_per_token: int

    def __post_init__(self) -> None:
        for name in ("in_channels", "patch_size", "d_state", "symbols_per_token"):
            check_count(getattr(self, name), name=name)
        for name in ("dims", "depths", "merge_sizes"):
            for value in getattr(self, name):
                check_count(value, name=f"an entry of {name}")
        self._check_stages()
        if self.scan not in STATE_SPACES:
            raise InputError(f"scan = {self.scan!r} is unknown; choose 'ssd' or 's6'")
        if self.scan == "ssd":
            self._check_heads()

    @property
    def stride(self) -> int:
        """Side of the square of input cells that one token stands for."""
        return self.patch_size * math.prod(self.merge_sizes)

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """Return the rows and columns of tokens of an input.

        Args:
            height: Rows of the input.
            width: Columns of the input.

        Returns:
            Rows and columns of tokens.

        Raises:
            InputError: If a side is no multiple of the stride.
        """
        if min(height, width) < 1 or height % self.stride or width % self.stride:
            raise InputError(
                f"input of {height} x {width} cells does not divide into tokens of "
                f"{self.stride} x {self.stride}; crop or pad its sides to multiples of "
                f"{self.stride}"
            )
        return height // self.stride, width // self.stride

    def _check_stages(self) -> None:
        n_stages = len(self.dims)
        counts = (len(self.depths), len(self.merge_sizes))
        if n_stages == 0 or counts != (n_stages, n_stages - 1):
            raise InputError(
                f"{n_stages} dims, {counts[0]} depths and {counts[1]} merge_sizes do not fit; "
                "give one depth for each dim and one merge size between two stages"
            )

    def _check_heads(self) -> None:
        for dim in self.dims:
            d_inner = EXPANSION * dim
            if d_inner > HEAD_DIM and d_inner % HEAD_DIM:
                multiple = HEAD_DIM // EXPANSION
                raise InputError(
                    f"dim = {dim} does not split into heads of {HEAD_DIM} columns; give a "
                    f"multiple of {multiple} (or less than {multiple}), or scan='s6'"
                )
