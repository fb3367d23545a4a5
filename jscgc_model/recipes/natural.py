"""Natural images on the latents of an autoencoder, each on one GPU."""

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import ImageArchitecture
from jscgc_model.recipes.codecs import AutoencoderChoice
from jscgc_model.recipes.image_sources import ImageFolderSource
from jscgc_model.recipes.paper import Z_IMAGE
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.training.settings import TrainingSettings


def natural_64() -> Recipe:
    """Return the recipe of crops of 64 pixels, on an autoencoder trained here.

    ``jscgc train --recipe natural_64_autoencoder`` comes first: nothing is downloaded.

    Returns:
        The recipe: a generator of 69 million weights.
    """
    return Recipe(
        name="natural_64",
        about="crops of 64 pixels (set source.path) on latents of natural_64_autoencoder",
        source=ImageFolderSource(path="images", crop=64, shorter_side=128),
        codec=AutoencoderChoice(
            name="runs/natural_64_autoencoder/autoencoder", latent_channels=4, stride=4
        ),
        architecture=ImageArchitecture(
            # Tokens of 8 x 8 pixels, 1 symbol each: 1/192, twice the paper's ratio.
            patch_size=2,
            symbols_per_token=1,
            encoder_dims=(128, 192, 256),
            encoder_depths=(2, 2, 4),
            merge_sizes=(1, 2),
            backbone_dim=640,
            backbone_layers=12,
            backbone_heads=10,
            adapter_dim=320,
            adapter_heads=10,
            adapter_layers=(0, 3, 6, 9),
            adapter_block="s3_dit",
        ),
        training=_training(n_steps=20_000, batch_size=256),
        sampler=SamplerSettings(n_steps=16),
    )


def natural_256() -> Recipe:
    """Return the recipe of crops of 256 pixels at the paper's ratio, its generator trained here.

    Returns:
        The recipe: a generator of 219 million weights on the autoencoder of Z-Image.
    """
    return Recipe(
        name="natural_256",
        about="crops of 256 pixels (set source.path) on the autoencoder of Z-Image, ratio 1/384",
        source=ImageFolderSource(path="images", crop=256),
        codec=AutoencoderChoice(name=Z_IMAGE, subfolder="vae", precision="bfloat16"),
        architecture=ImageArchitecture(
            # The paper's encoder and grid: tokens of 16 x 16 pixels, 2 symbols each.
            patch_size=2,
            symbols_per_token=2,
            encoder_dims=(128, 192, 256, 320),
            encoder_depths=(2, 2, 6, 2),
            merge_sizes=(1, 1, 1),
            backbone_dim=1024,
            backbone_layers=16,
            backbone_heads=16,
            adapter_dim=512,
            adapter_heads=16,
            adapter_layers=(0, 4, 8, 12),
            adapter_block="s3_dit",
        ),
        training=_training(n_steps=50_000, batch_size=128),
        sampler=SamplerSettings(n_steps=16),
    )


def _training(n_steps: int, batch_size: int) -> TrainingSettings:
    return TrainingSettings(
        n_steps=n_steps,
        batch_size=batch_size,
        learning_rate=1e-3,
        n_warmup_steps=500,
        optimiser="muon",
        ema_decay=0.9995,
        snr_db=(-6.0, 12.0),
        precision="bf16",
        save_every=1000,
    )
