"""Natural images at 32 x 32 pixels, on a CPU, with no autoencoder."""

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import ImageArchitecture
from jscgc_model.recipes.cifar_16 import CIFAR_SNR_DB, CIFAR_SYMBOLS_PER_TOKEN
from jscgc_model.recipes.image_sources import ImageFolderSource
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.training.settings import TrainingSettings


def natural_32() -> Recipe:
    """Return the recipe of JSCGC on photographs shrunk to little more than 32 pixels.

    Returns:
        The recipe: fifty minutes of one core.
    """
    return Recipe(
        name="natural_32",
        about="JSCGC on photographs at 32 x 32 pixels (set source.path), 128 symbols an image",
        # Crops then show most of a photograph, as Kodak's do when they are sent whole.
        source=ImageFolderSource(path="images", crop=32, shorter_side=40),
        architecture=ImageArchitecture(
            symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN,
            encoder_dims=(64,),
            backbone_dim=128,
            backbone_heads=4,
            adapter_dim=64,
        ),
        training=TrainingSettings(
            n_steps=3000,
            batch_size=64,
            learning_rate=3e-3,
            optimiser="muon",
            ema_decay=0.995,
            snr_db=CIFAR_SNR_DB,
        ),
        sampler=SamplerSettings(n_steps=16),
        latent_shift=0.42,
        latent_scale=4.0,
    )
