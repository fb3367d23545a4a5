"""CIFAR-10 at 16 x 16 pixels: every system on real images in a quarter of an hour of one core."""

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import ImageArchitecture
from jscgc_model.recipes.image_sources import ImageTableSource
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.training.settings import TrainingSettings

CIFAR_SNR_DB = (-6.0, 12.0)
"""Range of SNRs that every system of this family is trained for."""
CIFAR_SYMBOLS_PER_TOKEN = 2
"""As at the paper's ratio of 1/384; tokens here are of 4 x 4 pixels, so the ratio is 1/24."""


def cifar_16_source() -> ImageTableSource:
    """Return the training images, whole and halved in size.

    Returns:
        The source; ``source.path`` says where the tables lie.
    """
    return ImageTableSource(path="cifar10", crop=16, shorter_side=16)


def cifar_16() -> Recipe:
    """Return the recipe of JSCGC on CIFAR-10 at 16 x 16 pixels.

    Returns:
        The recipe: less than twenty minutes on one core.
    """
    return Recipe(
        name="cifar_16",
        about="JSCGC on CIFAR-10 at 16 x 16 pixels (set source.path), 32 symbols an image",
        source=cifar_16_source(),
        architecture=ImageArchitecture(
            symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN,
            encoder_dims=(64,),
            backbone_dim=96,
            backbone_heads=3,
            adapter_dim=48,
        ),
        training=TrainingSettings(
            n_steps=3200,
            batch_size=128,
            learning_rate=4e-3,
            optimiser="muon",
            ema_decay=0.995,
            snr_db=CIFAR_SNR_DB,
        ),
        sampler=SamplerSettings(n_steps=16),
        latent_shift=0.47,
        latent_scale=4.0,
    )
