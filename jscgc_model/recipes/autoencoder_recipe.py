"""Everything the training of an autoencoder depends on, and the recipes of autoencoders."""

from collections.abc import Callable
from pathlib import Path

from pydantic import Field
from torch import Tensor

from jscgc_model.data import numpy_stream
from jscgc_model.latent import AutoencoderCodec, SmallAutoencoderSettings, build_autoencoder
from jscgc_model.latent.autoencoder_loss import AutoencoderLoss
from jscgc_model.recipes.build import source_of
from jscgc_model.recipes.changeable_record import RECIPE_NAME, ChangeableRecord
from jscgc_model.recipes.image_sources import ImageFolderSource
from jscgc_model.recipes.sources import Source
from jscgc_model.training.accelerators import training_device
from jscgc_model.training.autoencoder_settings import AutoencoderTrainingSettings
from jscgc_model.training.autoencoder_training import train_autoencoder


class AutoencoderRecipe(ChangeableRecord):
    """An autoencoder: the images it learns, its sizes, how it is trained."""

    source: Source
    architecture: SmallAutoencoderSettings
    loss: AutoencoderLoss = AutoencoderLoss()
    training: AutoencoderTrainingSettings = AutoencoderTrainingSettings()
    batch_size: int = Field(default=32, ge=1)


def natural_64_autoencoder() -> AutoencoderRecipe:
    """Return the recipe of the autoencoder that ``natural_64`` works on.

    Returns:
        The recipe: crops of 64 pixels to 4 x 16 x 16 latents, 12 times fewer numbers.
    """
    return AutoencoderRecipe(
        name="natural_64_autoencoder",
        about="an autoencoder of crops of 64 pixels (set source.path), to a quarter of the side",
        source=ImageFolderSource(path="images", crop=64, shorter_side=128),
        architecture=SmallAutoencoderSettings(
            latent_channels=4, widths=(64, 128, 256), blocks_per_stage=2, n_groups=32
        ),
        training=AutoencoderTrainingSettings(
            n_steps=20_000, learning_rate=3e-4, n_warmup_steps=500, ema_decay=0.999
        ),
        batch_size=64,
    )


AUTOENCODER_RECIPES: dict[str, Callable[[], AutoencoderRecipe]] = {
    "natural_64_autoencoder": natural_64_autoencoder
}
"""Functions that return a recipe, by its name."""


def train_autoencoder_recipe(
    recipe: AutoencoderRecipe,
    folder: Path,
    *,
    resume: bool = False,
    progress: Callable[[float], None] | None = None,
) -> AutoencoderCodec | None:
    """Train an autoencoder by a recipe; it ends in the folder ``autoencoder``.

    Args:
        recipe: The recipe.
        folder: Where everything goes.
        resume: Whether to go on from the newest checkpoint.
        progress: Told the finished fraction.

    Returns:
        The codec, or None if training was interrupted.

    Raises:
        InputError: If the images cannot be read, or the folder holds another run.
    """
    source, seed = source_of(recipe.source), recipe.training.seed

    def batches(step: int) -> Tensor:
        return source.draw(recipe.batch_size, numpy_stream(seed, "autoencoder data", step))

    codec = train_autoencoder(
        build_autoencoder(recipe.architecture, seed=seed),
        batches,
        recipe.training,
        folder,
        loss=recipe.loss,
        identity={
            name: value
            for name, value in recipe.identity().items()
            if not name.startswith(("training.", "loss."))
        },
        device=str(training_device()),
        resume=resume,
        progress=progress,
    )
    recipe.to_json(folder / RECIPE_NAME)
    return codec
