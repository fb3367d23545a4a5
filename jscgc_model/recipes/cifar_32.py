"""CIFAR-10 as it is: every system on one GPU, each in less than ten minutes."""

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import ImageArchitecture
from jscgc_model.recipes.cifar_16 import CIFAR_SNR_DB, CIFAR_SYMBOLS_PER_TOKEN
from jscgc_model.recipes.image_sources import ImageTableSource
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.training.settings import TrainingSettings


def cifar_32_source() -> ImageTableSource:
    """Return the training images, whole.

    Returns:
        The source; ``source.path`` says where the tables lie.
    """
    return ImageTableSource(path="cifar10", crop=32)


def cifar_32_training(n_steps: int) -> TrainingSettings:
    """Return how every system of this family is trained.

    Args:
        n_steps: Steps of 512 images.

    Returns:
        The settings.
    """
    return TrainingSettings(
        n_steps=n_steps,
        # Small images leave a GPU idle unless there are many.
        batch_size=512,
        learning_rate=2e-3,
        n_warmup_steps=300,
        optimiser="muon",
        ema_decay=0.999,
        snr_db=CIFAR_SNR_DB,
        precision="bf16",
        save_every=1000,
    )


def cifar_32() -> Recipe:
    """Return the recipe of JSCGC on CIFAR-10 at 32 x 32 pixels.

    Returns:
        The recipe: 5 million images through a generator of 26 million weights.
    """
    return Recipe(
        name="cifar_32",
        about="JSCGC on CIFAR-10 at 32 x 32 pixels (set source.path), 128 symbols, for one GPU",
        source=cifar_32_source(),
        architecture=ImageArchitecture(
            # 64 tokens of 4 x 4 pixels: patches of 2 would cost four times as much.
            patch_size=4,
            symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN,
            encoder_dims=(128, 192),
            encoder_depths=(2, 4),
            merge_sizes=(2,),
            backbone_dim=384,
            backbone_layers=12,
            backbone_heads=6,
            adapter_dim=192,
            adapter_heads=6,
            adapter_layers=(0, 3, 6, 9),
            adapter_block="s3_dit",
        ),
        training=cifar_32_training(10_000),
        sampler=SamplerSettings(n_steps=16),
        # Mean and deviation of its pixels are .47 and .25.
        latent_shift=0.47,
        latent_scale=4.0,
    )
