"""The batches that a recipe's system is trained on."""

from collections.abc import Callable
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.data import SampleSource, numpy_stream
from jscgc_model.latent import AutoencoderCodec, CachedLatents, LatentCodec, PixelCodec
from jscgc_model.recipes.build import build_source, system_shape
from jscgc_model.recipes.codecs import cache_folder, read_codec
from jscgc_model.recipes.recipe import Recipe
from jscgc_theory.errors import InputError

Batches = Callable[[int], Float[Tensor, "batch ..."]]


def build_codec(recipe: Recipe) -> LatentCodec:
    """Return what makes a recipe's latents.

    Args:
        recipe: The recipe.

    Returns:
        The autoencoder it names, or pixels with its shift and scale.
    """
    if recipe.codec is None:
        return PixelCodec(recipe.latent_shift, recipe.latent_scale)
    return read_codec(recipe.codec, build_source(recipe).sample_shape)


def training_batches(recipe: Recipe, source: SampleSource, device: torch.device) -> Batches:
    """Return the batch of each step, decided by the seed and the number of the step alone.

    Args:
        recipe: The recipe.
        source: Its source; not asked where latents are read from a cache.
        device: Where an autoencoder works.

    Returns:
        Number of a step to its latents.

    Raises:
        InputError: If the cache holds latents of another codec or shape.
    """
    codec, folder = build_codec(recipe), cache_folder(recipe.codec)
    drawn = source if folder is None else _cached(folder, codec, system_shape(recipe))
    settings = recipe.training
    if isinstance(codec, AutoencoderCodec):
        codec.autoencoder.to(device)

    @torch.no_grad()
    def batch(step: int) -> Tensor:
        rng = numpy_stream(settings.seed, "training data", step)
        samples = drawn.draw(settings.batch_size, rng)
        return samples if folder is not None else codec.encode(samples).float()

    return batch


def _cached(folder: Path, codec: LatentCodec, shape: tuple[int, ...]) -> CachedLatents:
    cached = CachedLatents(folder, codec=codec)
    if cached.sample_shape != shape:
        raise InputError(
            f"{folder} holds latents of shape {cached.sample_shape}, the recipe's are {shape}; "
            "write the cache with this recipe"
        )
    return cached
