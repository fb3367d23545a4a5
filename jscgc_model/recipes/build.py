"""From a recipe to its parts."""

from torch import nn

from jscgc_model.channel import Channel
from jscgc_model.data import DrawnImages, SampleSource, SpherePoints
from jscgc_model.pipelines import CommunicationPipeline
from jscgc_model.recipes.architecture import Architecture
from jscgc_model.recipes.architectures.base import SystemArchitecture
from jscgc_model.recipes.codecs import AutoencoderChoice, read_codec
from jscgc_model.recipes.image_sources import ImageFiles, ImageFilesSource
from jscgc_model.recipes.kinds import kinds_of
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.sources import Source, SphereSource
from jscgc_model.system import CommunicationSystem
from jscgc_theory.errors import InputError
from jscgc_theory.sources import Drawing


def build_source(recipe: Recipe) -> SampleSource:
    """Return the source of a recipe.

    Args:
        recipe: The recipe.

    Returns:
        The source, in data units.
    """
    return source_of(recipe.source)


def source_of(chosen: Source) -> SampleSource:
    """Return the source that a record names.

    Args:
        chosen: The record.

    Returns:
        The source, in data units.
    """
    if isinstance(chosen, SphereSource):
        return SpherePoints(chosen.dim)
    if isinstance(chosen, ImageFilesSource):
        return ImageFiles(chosen)
    drawing = Drawing(chosen.factors, chosen.pixels, chosen.channels, chosen.sharpness)
    return DrawnImages(drawing)


def build_system(recipe: Recipe) -> CommunicationSystem:
    """Return the system of a recipe, untrained.

    Args:
        recipe: The recipe; the seed of its training decides the initial weights.

    Returns:
        The system.

    Raises:
        InputError: If architecture, source and training do not fit.
    """
    shape, architecture = system_shape(recipe), recipe.architecture
    if len(shape) != architecture.sample_axes:
        raise InputError(
            f"an architecture of kind {architecture.kind} cannot take samples of shape {shape}; "
            f"give kind {' or '.join(_kinds_for(len(shape)))}"
        )
    architecture.check_training(recipe.training)
    return architecture.build(shape, Channel(recipe.channel), recipe.training.seed)


def system_shape(recipe: Recipe) -> tuple[int, ...]:
    """Return the shape of what a recipe's system works on.

    Args:
        recipe: The recipe.

    Returns:
        That of its latents, or of its samples where it has no codec.
    """
    shape = build_source(recipe).sample_shape
    return shape if recipe.codec is None else recipe.codec.latent_shape(shape)


def build_pipeline(recipe: Recipe, system: CommunicationSystem) -> CommunicationPipeline:
    """Return a pipeline around a system.

    Args:
        recipe: Says how samples are scaled, sent and generated.
        system: The system.

    Returns:
        The pipeline; it shares the weights.
    """
    codec = recipe.codec
    return recipe.architecture.pipeline.from_system(
        system,
        recipe.sampler,
        latent_shift=recipe.latent_shift,
        latent_scale=recipe.latent_scale,
        vae=None if codec is None else _autoencoder(recipe, codec),
    )


def _autoencoder(recipe: Recipe, codec: AutoencoderChoice) -> nn.Module:
    network: nn.Module = read_codec(codec, build_source(recipe).sample_shape).autoencoder
    return network


def _kinds_for(n_axes: int) -> list[str]:
    return [
        name
        for name, one in kinds_of(Architecture).items()
        if issubclass(one, SystemArchitecture) and one.sample_axes == n_axes
    ]
