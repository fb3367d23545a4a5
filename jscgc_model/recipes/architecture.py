"""The sizes a recipe chooses; what follows from them is worked out where systems are built."""

from typing import Annotated, Literal

from pydantic import Field

from jscgc_theory.records import Record


class VectorArchitecture(Record):
    """Uncoded symbols, an MLP for a generator, an MLP for an adapter."""

    kind: Literal["vector"] = "vector"
    backbone_dim: int = 112
    backbone_layers: int = 3
    adapter_dim: int = 64


class ImageArchitecture(Record):
    """Mamba encoder, S3-DiT generator, CA-Adapter, all on one grid of tokens."""

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


Architecture = Annotated[VectorArchitecture | ImageArchitecture, Field(discriminator="kind")]
