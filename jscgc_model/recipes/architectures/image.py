"""JSCGC on images and latents."""

import math
from pathlib import Path
from typing import ClassVar, Literal, Self

import torch
from torch import nn

from jscgc_model.adapter.communication_adapter import CommunicationAdapter
from jscgc_model.adapter.settings import AdapterSettings
from jscgc_model.channel import Channel
from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_model.generator.captions import read_caption
from jscgc_model.generator.published_z_image import read_z_image
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_model.generator.z_image_sizes import ZImageSizes
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.recipes.architectures.base import SystemArchitecture
from jscgc_model.system import JSCGCSystem
from jscgc_model.training.settings import TrainingSettings
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
    backbone_refiner_layers: int = 0
    backbone_weights: str | None = None
    """Folder, or name on the hub, of a Z-Image whose weights the generator begins with."""
    backbone_precision: Literal["float32", "bfloat16"] = "float32"
    """Type of the generator's weights; half is for frozen ones."""
    caption_dim: int = 8
    caption_rows: int = 0
    """Rows of the null caption; with a caption Z-Image's own forward runs, pad tokens and all."""
    caption_file: str | None = None
    """Embedding of the empty prompt; zeros if null."""
    adapter_dim: int = 32
    adapter_heads: int = 2
    adapter_layers: tuple[int, ...] = (0, 1, 2)
    """Layers L_i of the backbone that residuals are added after."""
    adapter_refiner_blocks: int = 2
    adapter_block: Literal["s3_dit", "local"] = "local"

    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> JSCGCSystem:
        """Return such a system, see the base class."""
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
            backbone=self._backbone(shape[0], seed),
        )

    def without_files(self) -> Self:
        """Return the same sizes with no weights to read, see the base class."""
        return self.model_copy(update={"backbone_weights": None, "caption_file": None})

    def check_training(self, training: TrainingSettings) -> None:
        """Refuse to train weights in half precision, see the base class."""
        if training.train_backbone and self.backbone_precision != "float32":
            raise InputError(
                f"backbone_precision = {self.backbone_precision!r} cannot be trained: steps would "
                "be rounded away; set training.train_backbone=false, or give 'float32'"
            )

    def _backbone(self, in_channels: int, seed: int) -> ZImageBackbone:
        sizes = ZImageSizes(
            in_channels=in_channels,
            patch_size=self.patch_size,
            dim=self.backbone_dim,
            n_layers=self.backbone_layers,
            n_heads=self.backbone_heads,
            n_refiner_layers=self.backbone_refiner_layers,
            caption_dim=self.caption_dim,
        )
        dtype = torch.float32 if self.backbone_precision == "float32" else torch.bfloat16
        if self.backbone_weights is not None:
            backbone: ZImageBackbone = read_z_image(self.backbone_weights, sizes, dtype)
        else:
            backbone = ZImageBackbone.from_sizes(
                sizes, n_caption_rows=self.caption_rows, seed=seed
            )
            if dtype != torch.float32:
                # The method of diffusers warns that nothing is kept in single precision.
                nn.Module.to(backbone, dtype)
        if self.caption_file is not None:
            backbone.store_caption(read_caption(Path(self.caption_file)).to(dtype))
        return backbone

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
