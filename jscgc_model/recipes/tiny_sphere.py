"""A sphere through white noise: the system whose every number is known exactly."""

import math

from jscgc_model.channel.settings import ChannelSettings
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import VectorArchitecture
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.sources import SphereSource
from jscgc_model.training.settings import TrainingSettings


def tiny_sphere(dim: int = 2) -> Recipe:
    """Return the recipe of S^d, sent uncoded, for every SNR from -5 to 10 dB.

    Args:
        dim: d of S^d.

    Returns:
        The recipe: about a minute on two cores.
    """
    return Recipe(
        name="tiny_sphere",
        about=f"points of the sphere S^{dim}, sent uncoded: judged against the exact posterior",
        source=SphereSource(dim=dim),
        architecture=VectorArchitecture(),
        channel=ChannelSettings(power_constraint="none"),
        training=TrainingSettings(
            n_steps=3000,
            batch_size=1024,
            learning_rate=3e-3,
            n_warmup_steps=50,
            final_learning_rate_share=0.003,
            optimiser="muon",
            ema_decay=0.999,
            snr_db=(-6.5, 12.0),
            condition_dropout=0.25,
            save_every=500,
        ),
        # Most steps near the data: elsewhere the field is smooth, there it pulls onto the sphere.
        sampler=SamplerSettings(method="midpoint", n_steps=32, shift=0.25),
        latent_scale=math.sqrt(dim + 1),
    )
