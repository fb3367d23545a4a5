"""The CA-Adapter for sources that are vectors: an MLP in place of the transformer."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.transformers.transformer_z_image import TimestepEmbedder
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.adapter.small_projection import small_projection
from jscgc_model.adapter.vector_settings import VectorAdapterSettings
from jscgc_theory.errors import InputError

_TIME_SCALE = 1000.0
_EXPANSION = 1


class VectorAdapter(ModelMixin, ConfigMixin):
    """Cascaded residual MLPs; the projected output of each is a residual of one token.

    Args:
        settings: Sizes and layers.
        seed: Of the initial weights.
    """

    def __init__(self, settings: VectorAdapterSettings | Mapping[str, Any], seed: int = 0) -> None:
        super().__init__()
        sizes = _as_settings(settings)
        self.register_to_config(settings=asdict(sizes), seed=seed)
        self.sizes = sizes
        dim = sizes.dim
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            self.symbol_embedding = nn.Linear(sizes.n_symbols * sizes.n_features, dim)
            self.noisy_embedding = nn.Linear(sizes.n_values, dim)
            self.time_embedding = TimestepEmbedder(dim, mid_size=dim)
            self.blocks = nn.ModuleList(_residual_branch(dim) for _ in sizes.layers)
            self.projections = nn.ModuleList(
                small_projection(dim, sizes.backbone_dim) for _ in sizes.layers
            )

    def forward(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        noisy: Float[Tensor, "batch n_values"],
        time: Float[Tensor, " batch"],
    ) -> dict[int, Float[Tensor, "batch 1 dim"]]:
        """Return a residual for each layer L_i.

        Args:
            features: What the receiver knows of each symbol.
            noisy: x_t.
            time: s in [0, 1] of each sample; 0 is data.

        Returns:
            Residuals by layer.

        Raises:
            InputError: If the number of symbols or features is another.
        """
        expected = (self.sizes.n_symbols, self.sizes.n_features)
        if tuple(features.shape[1:]) != expected:
            raise InputError(
                f"features have shape {tuple(features.shape)}; the adapter was made for "
                f"(batch, {expected[0]}, {expected[1]})"
            )
        dtype = self.symbol_embedding.weight.dtype
        hidden = self.symbol_embedding(features.to(dtype).flatten(1))
        hidden = hidden + self.noisy_embedding(noisy.to(dtype))
        hidden = hidden + self.time_embedding(_TIME_SCALE * time).to(dtype)
        residuals = {}
        stages = zip(self.sizes.layers, self.blocks, self.projections, strict=True)
        for layer, block, projection in stages:
            hidden = hidden + block(hidden)
            residuals[layer] = projection(hidden).unsqueeze(1)
        return residuals


def _as_settings(settings: VectorAdapterSettings | Mapping[str, Any]) -> VectorAdapterSettings:
    if isinstance(settings, VectorAdapterSettings):
        return settings
    return VectorAdapterSettings(**settings)


def _residual_branch(dim: int) -> nn.Module:
    return nn.Sequential(
        nn.LayerNorm(dim),
        nn.Linear(dim, _EXPANSION * dim),
        nn.SiLU(),
        nn.Linear(_EXPANSION * dim, dim),
    )
