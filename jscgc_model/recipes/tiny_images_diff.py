"""Drawn images by DiffJSCC: what ``tiny_images`` is compared with."""

from dataclasses import replace

from jscgc_model.recipes.architecture import CJSCCArchitecture, DiffJSCCArchitecture
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.tiny_images import tiny_images


def tiny_images_diff() -> Recipe:
    """Return the recipe of ``tiny_images`` with DiffJSCC in the place of JSCGC.

    Returns:
        The recipe: less than five minutes on one core.
    """
    compared = tiny_images()
    training = replace(
        compared.training,
        n_steps=1200,
        batch_size=64,
        learning_rate=2e-3,
        optimiser="adamw",
    )
    return Recipe(
        name="tiny_images_diff",
        about="DiffJSCC on the images of tiny_images, at its budget",
        source=compared.source,
        architecture=DiffJSCCArchitecture(
            stage_one=CJSCCArchitecture(base_width=8, n_blocks=1),
            latent_shift=compared.latent_shift,
            latent_scale=compared.latent_scale,
        ),
        training=training,
        sampler=compared.sampler,
    )
