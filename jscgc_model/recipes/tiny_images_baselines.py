"""The baselines on drawn images: the budget of symbols and the channel of ``tiny_images``."""

from jscgc_model.recipes.architecture import (
    Architecture,
    CJSCCArchitecture,
    MambaJSCCArchitecture,
)
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.sources import DrawnImagesSource
from jscgc_model.training.settings import TrainingSettings


def tiny_images_cjscc() -> Recipe:
    """Return the recipe of CJSCC on the images of ``tiny_images``.

    Returns:
        The recipe: about a minute on one core.
    """
    architecture = CJSCCArchitecture(base_width=8, n_blocks=1)
    return _recipe("tiny_images_cjscc", "CJSCC (squared error)", architecture)


def tiny_images_mamba() -> Recipe:
    """Return the recipe of MambaJSCC on the images of ``tiny_images``.

    Returns:
        The recipe: about a minute on one core.
    """
    architecture = MambaJSCCArchitecture(dims=(32,), depths=(2,))
    return _recipe("tiny_images_mamba", "MambaJSCC (squared error)", architecture)


def _recipe(name: str, system: str, architecture: Architecture) -> Recipe:
    return Recipe(
        name=name,
        about=f"{system} on the images of tiny_images, at its budget",
        source=DrawnImagesSource(),
        architecture=architecture,
        training=TrainingSettings(
            n_steps=600,
            batch_size=128,
            learning_rate=4e-3,
            n_warmup_steps=50,
            optimiser="muon",
            ema_decay=0.99,
            snr_db=(-6.0, 12.0),
            condition_dropout=0.0,
        ),
    )
