"""JSCGC on vectors, without a code."""

import math
from typing import ClassVar, Literal

from jscgc_model.adapter.vector_adapter import VectorAdapter
from jscgc_model.adapter.vector_settings import VectorAdapterSettings
from jscgc_model.channel import Channel
from jscgc_model.encoder.uncoded import UncodedEncoder
from jscgc_model.generator.mlp_backbone import MLPBackbone
from jscgc_model.generator.mlp_settings import MLPSettings
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.recipes.architectures.base import SystemArchitecture
from jscgc_model.system import JSCGCSystem


class VectorArchitecture(SystemArchitecture):
    """Uncoded symbols, an MLP for a generator, an MLP for an adapter."""

    sample_axes: ClassVar[int] = 1
    pipeline: ClassVar[type[JSCGCPipeline]] = JSCGCPipeline

    kind: Literal["vector"] = "vector"
    backbone_dim: int = 112
    backbone_layers: int = 3
    adapter_dim: int = 64

    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> JSCGCSystem:
        """Return such a system, see the base class."""
        (n_values,) = shape
        backbone = MLPSettings(
            n_values=n_values, dim=self.backbone_dim, n_layers=self.backbone_layers
        )
        adapter = VectorAdapterSettings(
            n_symbols=math.ceil(n_values / 2),
            n_values=n_values,
            n_features=channel.n_features,
            layers=tuple(range(self.backbone_layers)),
            backbone_dim=self.backbone_dim,
            dim=self.adapter_dim,
        )
        return JSCGCSystem(
            encoder=UncodedEncoder(n_values),
            channel=channel,
            adapter=VectorAdapter(adapter, seed=seed + 1),
            backbone=MLPBackbone(backbone, seed=seed),
        )
