"""A velocity model for sources that are vectors: a residual MLP told the time by FiLM."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.embeddings import get_timestep_embedding
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.generator.mlp_settings import MLPSettings
from jscgc_model.generator.preconditioning import velocity_preconditioning
from jscgc_model.generator.velocity_model import Residuals, check_residuals
from jscgc_theory.errors import InputError

_N_WAVES = 64
_EXPANSION = 1
# Beyond these levels the field is linear, and the preconditioning alone is right.
_EXTREME_TIME = 1e-5
_LEVEL_SCALE = 3.0


class MLPBackbone(ModelMixin, ConfigMixin):
    """``nu(x, s)`` for x of shape (batch, n_values), preconditioned to be of order one.

    A vector is one token; residuals of shape (batch, 1, dim) are added after blocks.

    Args:
        settings: Sizes.
        seed: Of the initial weights.
    """

    def __init__(self, settings: MLPSettings | Mapping[str, Any], seed: int = 0) -> None:
        super().__init__()
        sizes = settings if isinstance(settings, MLPSettings) else MLPSettings(**settings)
        self.register_to_config(settings=asdict(sizes), seed=seed)
        self.sizes = sizes
        self.dim = sizes.dim
        self.n_layers = sizes.n_layers
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            dim = sizes.dim
            self.embedding = nn.Linear(sizes.n_values + 1, dim)
            self.time_embedding = nn.Sequential(nn.Linear(_N_WAVES, dim), nn.SiLU())
            self.layers = nn.ModuleList(_FiLMBlock(dim) for _ in range(sizes.n_layers))
            self.head = nn.Sequential(
                nn.LayerNorm(sizes.dim), nn.Linear(sizes.dim, sizes.n_values)
            )

    def set_trainable(self, is_trainable: bool) -> None:
        """Freeze or thaw all weights.

        Args:
            is_trainable: Whether they shall have gradients.
        """
        self.requires_grad_(is_trainable)

    def n_tokens(self, shape: tuple[int, ...]) -> int:
        """Return 1: a vector is one token.

        Args:
            shape: (n_values,).

        Returns:
            One.

        Raises:
            InputError: If the vector has another length.
        """
        if shape != (self.sizes.n_values,):
            raise InputError(
                f"a sample has shape {shape}, the backbone was made for vectors of "
                f"{self.sizes.n_values} numbers; reshape it or make another backbone"
            )
        return 1

    def forward(
        self,
        noisy: Float[Tensor, "batch n_values"],
        time: Float[Tensor, " batch"],
        residuals: Residuals | None = None,
    ) -> Float[Tensor, "batch n_values"]:
        """Return velocities.

        Args:
            noisy: Points of the path.
            time: s in [0, 1] of each sample; 0 is data.
            residuals: Additions after blocks, each (batch, 1, dim); None for none.

        Returns:
            Estimates of ``x_T - x_0``.

        Raises:
            InputError: If the vectors have another length or a residual does not fit.
        """
        added = residuals or {}
        shape = (len(noisy), self.n_tokens(tuple(noisy.shape[1:])), self.dim)
        check_residuals(added, self.n_layers, shape)
        weights = self.embedding.weight.dtype
        factors = velocity_preconditioning(time.to(noisy.dtype), self.sizes.data_deviation)
        inputs = torch.cat([factors.scale_in * noisy, factors.excess_energy(noisy)], dim=1)
        hidden = self.embedding(inputs.to(weights))
        told = self.time_embedding(_level_waves(time).to(weights))
        for index, layer in enumerate(self.layers):
            hidden = layer(hidden, told)
            if index in added:
                hidden = hidden + added[index].squeeze(1).to(weights)
        velocity: Tensor = factors.skip * noisy + factors.out * self.head(hidden).to(noisy.dtype)
        return velocity


class _FiLMBlock(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=False)
        self.film = nn.Linear(dim, 2 * dim)
        self.widen = nn.Linear(dim, _EXPANSION * dim)
        self.narrow = nn.Linear(_EXPANSION * dim, dim)

    def forward(
        self, hidden: Float[Tensor, "batch dim"], told: Float[Tensor, "batch dim"]
    ) -> Float[Tensor, "batch dim"]:
        scale, shift = self.film(told).chunk(2, dim=-1)
        inner = self.norm(hidden) * (1.0 + scale) + shift
        correction: Tensor = self.narrow(nn.functional.silu(self.widen(inner)))
        return hidden + correction


def _level_waves(time: Tensor) -> Tensor:
    """Embed the logarithm of the noise level s/(1-s), in which fine structure is evenly spaced."""
    level = torch.logit(time.float(), eps=_EXTREME_TIME)
    waves: Tensor = get_timestep_embedding(_LEVEL_SCALE * level, _N_WAVES, max_period=300)
    return waves
