"""From a recipe to its parts: what was chosen decides every other size."""

import math

import torch

from jscgc_model.adapter.communication_adapter import CommunicationAdapter
from jscgc_model.adapter.settings import AdapterSettings
from jscgc_model.adapter.vector_adapter import VectorAdapter
from jscgc_model.adapter.vector_settings import VectorAdapterSettings
from jscgc_model.channel import Channel
from jscgc_model.data import DrawnImages, SampleSource, SpherePoints
from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_model.encoder.uncoded import UncodedEncoder
from jscgc_model.generator.mlp_backbone import MLPBackbone
from jscgc_model.generator.mlp_settings import MLPSettings
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_model.generator.z_image_sizes import ZImageSizes
from jscgc_model.pipeline import JSCGCPipeline
from jscgc_model.recipes.architecture import ImageArchitecture, VectorArchitecture
from jscgc_model.recipes.image_sources import ImageFiles, ImageFilesSource
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.sources import SphereSource
from jscgc_model.system import JSCGCSystem
from jscgc_theory.errors import InputError
from jscgc_theory.sources import Drawing


def build_source(recipe: Recipe) -> SampleSource:
    """Return the source of a recipe.

    Args:
        recipe: The recipe.

    Returns:
        The source, in data units.
    """
    chosen = recipe.source
    if isinstance(chosen, SphereSource):
        return SpherePoints(chosen.dim)
    if isinstance(chosen, ImageFilesSource):
        return ImageFiles(chosen)
    drawing = Drawing(chosen.factors, chosen.pixels, chosen.channels, chosen.sharpness)
    return DrawnImages(drawing)


def build_system(recipe: Recipe) -> JSCGCSystem:
    """Return the system of a recipe, untrained.

    Args:
        recipe: The recipe; the seed of its training decides the initial weights.

    Returns:
        The system.

    Raises:
        InputError: If architecture and source do not fit.
    """
    shape, architecture = build_source(recipe).sample_shape, recipe.architecture
    if (len(shape) == 3) != isinstance(architecture, ImageArchitecture):
        raise InputError(
            f"an architecture of kind {architecture.kind} cannot take samples of shape {shape}; "
            f"give kind {'image' if len(shape) == 3 else 'vector'}"
        )
    channel = Channel(recipe.channel)
    seed = recipe.training.seed
    if isinstance(architecture, VectorArchitecture):
        return _vector_system(architecture, shape[0], channel, seed)
    return _image_system(architecture, shape, channel, seed)


def build_pipeline(recipe: Recipe, system: JSCGCSystem) -> JSCGCPipeline:
    """Return a pipeline around a system.

    Args:
        recipe: Says how samples are scaled, sent and generated.
        system: The system.

    Returns:
        The pipeline; it shares the weights.
    """
    return JSCGCPipeline.from_system(
        system,
        recipe.sampler,
        latent_shift=recipe.latent_shift,
        latent_scale=recipe.latent_scale,
    )


def _vector_system(
    sizes: VectorArchitecture, n_values: int, channel: Channel, seed: int
) -> JSCGCSystem:
    backbone = MLPSettings(
        n_values=n_values, dim=sizes.backbone_dim, n_layers=sizes.backbone_layers
    )
    adapter = VectorAdapterSettings(
        n_symbols=math.ceil(n_values / 2),
        n_values=n_values,
        n_features=channel.n_features,
        layers=tuple(range(sizes.backbone_layers)),
        backbone_dim=sizes.backbone_dim,
        dim=sizes.adapter_dim,
    )
    return JSCGCSystem(
        encoder=UncodedEncoder(n_values),
        channel=channel,
        adapter=VectorAdapter(adapter, seed=seed + 1),
        backbone=MLPBackbone(backbone, seed=seed),
    )


def _image_system(
    sizes: ImageArchitecture, shape: tuple[int, ...], channel: Channel, seed: int
) -> JSCGCSystem:
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(seed + 2)
        encoder = MambaEncoder(
            in_channels=shape[0],
            patch_size=_first_stride(sizes),
            dims=sizes.encoder_dims,
            depths=sizes.encoder_depths,
            merge_sizes=sizes.merge_sizes,
            d_state=sizes.d_state,
            scan=sizes.scan,
            symbols_per_token=sizes.symbols_per_token,
            csi_rest=sizes.csi_rest,
        )
    backbone = ZImageSizes(
        in_channels=shape[0],
        patch_size=sizes.patch_size,
        dim=sizes.backbone_dim,
        n_layers=sizes.backbone_layers,
        n_heads=sizes.backbone_heads,
    )
    adapter = AdapterSettings(
        n_features=channel.n_features,
        symbols_per_token=sizes.symbols_per_token,
        noisy_channels=shape[0],
        patch_size=sizes.patch_size,
        layers=sizes.adapter_layers,
        backbone_dim=sizes.backbone_dim,
        dim=sizes.adapter_dim,
        n_heads=sizes.adapter_heads,
        n_refiner_blocks=sizes.adapter_refiner_blocks,
        block=sizes.adapter_block,
    )
    return JSCGCSystem(
        encoder=encoder,
        channel=channel,
        adapter=CommunicationAdapter(adapter, seed=seed + 1),
        backbone=ZImageBackbone.from_sizes(backbone, seed=seed),
    )


def _first_stride(sizes: ImageArchitecture) -> int:
    merged = math.prod(sizes.merge_sizes)
    if sizes.patch_size % merged:
        raise InputError(
            f"patch_size = {sizes.patch_size} is no multiple of the {merged} cells that "
            f"merge_sizes = {sizes.merge_sizes} join; encoder and generator need one grid"
        )
    return sizes.patch_size // merged
