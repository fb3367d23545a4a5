"""CIFAR-10 at 16 x 16 pixels by DiffJSCC: what ``cifar_16`` is compared with."""

from dataclasses import replace

from jscgc_model.recipes.architecture import CJSCCArchitecture, DiffJSCCArchitecture
from jscgc_model.recipes.cifar_16 import CIFAR_SYMBOLS_PER_TOKEN, cifar_16
from jscgc_model.recipes.recipe import Recipe


def cifar_16_diff() -> Recipe:
    """Return the recipe of ``cifar_16`` with DiffJSCC in the place of JSCGC.

    Returns:
        The recipe: less than twenty minutes on one core.
    """
    compared = cifar_16()
    return Recipe(
        name="cifar_16_diff",
        about="DiffJSCC on the images of cifar_16, at its budget",
        source=compared.source,
        architecture=DiffJSCCArchitecture(
            stage_one=CJSCCArchitecture(symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN, base_width=24),
            unet_dims=(48, 64),
        ),
        training=replace(
            compared.training,
            n_steps=2800,
            batch_size=64,
            learning_rate=2e-3,
            optimiser="adamw",
        ),
        sampler=compared.sampler,
    )
