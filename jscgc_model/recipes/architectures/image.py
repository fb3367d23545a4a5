"""JSCGC on images and latents."""

import math
from typing import ClassVar, Literal

import torch

from jscgc_model.adapter.communication_adapter import CommunicationAdapter
from jscgc_model.adapter.settings import AdapterSettings
from jscgc_model.channel import Channel
from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_model.generator.z_image_sizes import ZImageSizes
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.recipes.architectures.base import SystemArchitecture
from jscgc_model.system import JSCGCSystem
from jscgc_theory.errors import InputError


class ImageArchitecture(SystemArchitecture):
    """Mamba encoder, S3-DiT generator, CA-Adapter, all on one grid of tokens."""

    pipeline: ClassVar[type[JSCGCPipeline]] = JSCGCPipeline

    kind: Literal["image"] = "image"
    patch_size: int = 4
    """Side of a token's square, in cells of the image or latent."""
    symbols_per_token: int = 1
    """Complex channel symbols for each token."""
    encoder_dims: tuple[int, ...] = (32,)
    encoder_depths: tuple[int, ...] = (2,)
    merge_sizes: tuple[int, ...] = ()
    """Neighbours joined between the encoder's stages; patch_size is their product times the
    stride of the first stage."""
    d_state: int = 16
    scan: Literal["ssd", "s6"] = "ssd"
    csi_rest: bool = True
    backbone_dim: int = 64
    backbone_layers: int = 4
    backbone_heads: int = 2
    adapter_dim: int = 32
    adapter_heads: int = 2
    adapter_layers: tuple[int, ...] = (0, 1, 2)
    """Layers L_i of the backbone that residuals are added after."""
    adapter_refiner_blocks: int = 2
    adapter_block: Literal["s3_dit", "local"] = "local"

    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> JSCGCSystem:
        """Return such a system, see the base class."""
        backbone = ZImageSizes(
            in_channels=shape[0],
            patch_size=self.patch_size,
            dim=self.backbone_dim,
            n_layers=self.backbone_layers,
            n_heads=self.backbone_heads,
        )
        adapter = AdapterSettings(
            n_features=channel.n_features,
            symbols_per_token=self.symbols_per_token,
            noisy_channels=shape[0],
            patch_size=self.patch_size,
            layers=self.adapter_layers,
            backbone_dim=self.backbone_dim,
            dim=self.adapter_dim,
            n_heads=self.adapter_heads,
            n_refiner_blocks=self.adapter_refiner_blocks,
            block=self.adapter_block,
        )
        return JSCGCSystem(
            encoder=self._encoder(shape[0], seed + 2),
            channel=channel,
            adapter=CommunicationAdapter(adapter, seed=seed + 1),
            backbone=ZImageBackbone.from_sizes(backbone, seed=seed),
        )

    def _encoder(self, in_channels: int, seed: int) -> MambaEncoder:
        merged = math.prod(self.merge_sizes)
        if self.patch_size % merged:
            raise InputError(
                f"patch_size = {self.patch_size} is no multiple of the {merged} cells that "
                f"merge_sizes = {self.merge_sizes} join; encoder and generator need one grid"
            )
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            return MambaEncoder(
                in_channels=in_channels,
                patch_size=self.patch_size // merged,
                dims=self.encoder_dims,
                depths=self.encoder_depths,
                merge_sizes=self.merge_sizes,
                d_state=self.d_state,
                scan=self.scan,
                symbols_per_token=self.symbols_per_token,
                csi_rest=self.csi_rest,
            )
