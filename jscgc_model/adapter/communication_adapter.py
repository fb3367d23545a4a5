"""The CA-Adapter: from the received signal and x_t to residuals for the backbone's layers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.transformers.transformer_z_image import (
    ADALN_EMBED_DIM,
    RopeEmbedder,
    TimestepEmbedder,
)
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.adapter.local_block import LocalBlock
from jscgc_model.adapter.s3_dit_block import S3DiTBlock
from jscgc_model.adapter.settings import AdapterSettings
from jscgc_model.adapter.small_projection import small_projection
from jscgc_model.adapter.token_grid import TokenGrid
from jscgc_theory.errors import InputError

_TIME_SCALE = 1000.0
_ROTATION_BASE = 256.0


class CommunicationAdapter(ModelMixin, ConfigMixin):
    """A refiner on the received signal and N_I cascaded S3-DiT blocks.

    The first block also sees x_t's tokens, each is told the time; the projected output of block i
    is added to the backbone's image tokens after layer L_i. It holds no part of the backbone.

    Args:
        settings: Sizes and layers.
        seed: Of the initial weights.
    """

    _supports_gradient_checkpointing = True
    _no_split_modules = ("S3DiTBlock", "LocalBlock")

    def __init__(self, settings: AdapterSettings | Mapping[str, Any], seed: int = 0) -> None:
        super().__init__()
        sizes = settings if isinstance(settings, AdapterSettings) else AdapterSettings(**settings)
        self.register_to_config(settings=asdict(sizes), seed=seed)
        self.sizes = sizes
        self.gradient_checkpointing = False
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            self._build(sizes)

    def _build(self, sizes: AdapterSettings) -> None:
        dim, told_dim = sizes.dim, _told_dim(sizes)
        patch_values = sizes.noisy_channels * sizes.patch_size**2
        self.symbol_embedding = nn.Linear(sizes.symbols_per_token * sizes.n_features, dim)
        self.noisy_embedding = nn.Linear(patch_values, dim)
        self.time_embedding = TimestepEmbedder(told_dim, mid_size=4 * told_dim)
        half_head = dim // sizes.n_heads // 2
        self.rotations = RopeEmbedder(
            _ROTATION_BASE, [half_head, half_head], [sizes.max_grid, sizes.max_grid]
        )
        self.refiner = nn.ModuleList(
            _block(sizes, is_told_time=False) for _ in range(sizes.n_refiner_blocks)
        )
        self.blocks = nn.ModuleList(_block(sizes, is_told_time=True) for _ in sizes.layers)
        self.projections = nn.ModuleList(
            small_projection(dim, sizes.backbone_dim) for _ in sizes.layers
        )

    def forward(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        noisy: Float[Tensor, "batch channels height width"],
        time: Float[Tensor, " batch"],
    ) -> dict[int, Float[Tensor, "batch n_tokens dim"]]:
        """Return a residual for each layer L_i.

        Args:
            features: What the receiver knows of each symbol, the symbols of a token beside each
                other.
            noisy: x_t.
            time: s in [0, 1] of each sample; 0 is data.

        Returns:
            Residuals by layer.

        Raises:
            InputError: If symbols and tokens do not match.
        """
        dtype = self.symbol_embedding.weight.dtype
        grid = self._grid(noisy)
        hidden = self._symbol_tokens(features.to(dtype), grid.rows * grid.columns)
        for block in self.refiner:
            hidden = self._run(block, hidden, grid)
        hidden = hidden + self.noisy_embedding(_patches(noisy.to(dtype), self.sizes.patch_size))
        told = self.time_embedding(_TIME_SCALE * time).to(dtype)
        residuals = {}
        stages = zip(self.sizes.layers, self.blocks, self.projections, strict=True)
        for layer, block, projection in stages:
            hidden = self._run(block, hidden, grid, told)
            residuals[layer] = projection(hidden)
        return residuals

    def _symbol_tokens(self, features: Tensor, n_tokens: int) -> Tensor:
        per_token = self.sizes.symbols_per_token
        if features.shape[1] != n_tokens * per_token:
            raise InputError(
                f"{features.shape[1]} symbols do not belong to {n_tokens} tokens of {per_token} "
                "symbols; encoder and backbone need the same grid"
            )
        tokens: Tensor = self.symbol_embedding(features.reshape(len(features), n_tokens, -1))
        return tokens

    def _grid(self, noisy: Tensor) -> TokenGrid:
        rows, columns = (length // self.sizes.patch_size for length in noisy.shape[2:])
        if max(rows, columns) > self.sizes.max_grid:
            raise InputError(
                f"{rows} x {columns} tokens are more than max_grid = {self.sizes.max_grid} along "
                "a side; give smaller images or a larger max_grid"
            )
        row_numbers, column_numbers = (
            torch.arange(side, device=noisy.device) for side in (rows, columns)
        )
        places = torch.cartesian_prod(row_numbers, column_numbers)
        return TokenGrid(rows, columns, self.rotations(places).unsqueeze(0))

    def _run(self, block: nn.Module, *inputs: Any) -> Tensor:
        recomputes = torch.is_grad_enabled() and self.gradient_checkpointing
        hidden: Tensor = (
            self._gradient_checkpointing_func(block, *inputs) if recomputes else block(*inputs)
        )
        return hidden


def _block(sizes: AdapterSettings, *, is_told_time: bool) -> nn.Module:
    if sizes.block == "local":
        return LocalBlock(sizes.dim, told_dim=_told_dim(sizes) if is_told_time else 0)
    return S3DiTBlock(sizes.dim, sizes.n_heads, is_told_time=is_told_time)


def _told_dim(sizes: AdapterSettings) -> int:
    widest: int = ADALN_EMBED_DIM
    return min(sizes.dim, widest)


def _patches(images: Tensor, patch: int) -> Tensor:
    cut = nn.functional.unfold(images, kernel_size=patch, stride=patch)
    return cut.transpose(1, 2)
