"""Drawn images: the whole system in miniature, trained in minutes on two cores."""

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import ImageArchitecture
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.sources import DrawnImagesSource
from jscgc_model.training.settings import TrainingSettings


def tiny_images() -> Recipe:
    """Return the recipe of grey images of 16 pixels with four factors.

    Returns:
        The recipe: less than five minutes on two cores.
    """
    return Recipe(
        name="tiny_images",
        about="drawn images of 16 x 16 grey pixels with four factors, for every SNR from -5 dB",
        source=DrawnImagesSource(),
        architecture=ImageArchitecture(),
        training=TrainingSettings(
            n_steps=1500,
            batch_size=128,
            learning_rate=4e-3,
            n_warmup_steps=50,
            optimiser="muon",
            ema_decay=0.99,
            snr_db=(-6.0, 12.0),
        ),
        sampler=SamplerSettings(n_steps=9),
        latent_shift=0.25,
        latent_scale=5.0,
    )
