"""``jscgc train`` of an autoencoder, and ``jscgc latents``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from jscgc_model.data import numpy_stream
from jscgc_model.data.fixed_crops import FixedCrops
from jscgc_model.latent import AutoencoderCodec, write_latent_cache
from jscgc_model.metrics.peak_signal_noise_ratio import PeakSignalNoiseRatio
from jscgc_model.recipes import make_recipe
from jscgc_model.recipes.autoencoder_recipe import (
    AUTOENCODER_RECIPES,
    AutoencoderRecipe,
    train_autoencoder_recipe,
)
from jscgc_model.recipes.batches import build_codec
from jscgc_model.recipes.build import source_of
from jscgc_model.recipes.image_sources import ImageFilesSource, open_image_crops
from jscgc_model.report.latent_records import AutoencoderReport, LatentCacheReport
from jscgc_model.training.accelerators import training_device
from jscgc_model.training.autoencoder_training import AUTOENCODER
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run

_N_JUDGED = 64


def train_autoencoder_command(
    run: "Run",
    name: str,
    folder: Path,
    changes: Sequence[str],
    *,
    resume: bool,
    n_processes: int,
) -> AutoencoderReport:
    """Train an autoencoder by a recipe.

    Args:
        run: The command at work.
        name: Name of the recipe.
        folder: Folder of the run.
        changes: Assignments ``key=value``.
        resume: Whether to go on from the newest checkpoint.
        n_processes: 1.

    Returns:
        What it reached.

    Raises:
        InputError: If the recipe, its images or the folder cannot be used.
        KeyboardInterrupt: If training was interrupted; it is saved by then.
    """
    if n_processes != 1:
        raise InputError(
            f"--processes = {n_processes}: an autoencoder is trained by one; leave it out"
        )
    seeded = [f"training.seed={run.seed}"] if run.seed else []
    recipe = AUTOENCODER_RECIPES[name]().changed([*seeded, *changes])
    # A second thread gains little on small models, and on busy cores it loses much.
    torch.set_num_threads(1)
    codec = train_autoencoder_recipe(
        recipe, folder, resume=resume, progress=run.progress(f"training {name}")
    )
    if codec is None:
        raise KeyboardInterrupt
    return _judged(recipe, codec, folder / AUTOENCODER)


def latents_command(
    run: "Run", name: str, folder: Path, changes: Sequence[str], *, n_views: int
) -> LatentCacheReport:
    """Write the latents of a recipe's images, or what is missing of them.

    Args:
        run: The command at work.
        name: Name of the recipe.
        folder: Where they go.
        changes: Assignments ``key=value``.
        n_views: Crops of each image.

    Returns:
        What was written.

    Raises:
        InputError: If the recipe names no autoencoder or no image files.
    """
    recipe = make_recipe(name).changed(changes)
    if recipe.codec is None or not isinstance(recipe.source, ImageFilesSource):
        raise InputError(
            f"recipe {name} works on pixels or draws its images; choose one with a codec and "
            "image files"
        )
    crops = FixedCrops(open_image_crops(recipe.source), n_views=n_views, seed=run.seed)
    codec = build_codec(recipe)
    if isinstance(codec, AutoencoderCodec):
        codec.autoencoder.to(training_device())
    cached = write_latent_cache(folder, codec, crops, progress=run.progress("latents"))
    return LatentCacheReport(
        folder=str(folder),
        n_latents=len(cached),
        latent_shape=cached.sample_shape,
        n_bytes=sum(file.stat().st_size for file in folder.iterdir()),
    )


@torch.no_grad()
def _judged(recipe: AutoencoderRecipe, codec: AutoencoderCodec, folder: Path) -> AutoencoderReport:
    images = source_of(recipe.source).draw(
        _N_JUDGED, numpy_stream(recipe.training.seed, "reconstructed")
    )
    again = codec.decode(codec.encode(images)).clamp(0.0, 1.0).cpu().float()
    return AutoencoderReport(
        recipe=recipe.name,
        folder=str(folder),
        latent_shape=codec.latent_shape(tuple(images.shape[1:])),
        n_parameters=sum(one.numel() for one in codec.autoencoder.parameters()),
        n_images=len(images),
        psnr_db=float(PeakSignalNoiseRatio().per_image(images, again).mean()),
    )
