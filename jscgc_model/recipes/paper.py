"""The paper's own scale: Z-Image as it is published, an adapter of 1.5 billion weights."""

from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes.architecture import ImageArchitecture
from jscgc_model.recipes.codecs import AutoencoderChoice
from jscgc_model.recipes.image_sources import ImageFolderSource
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.training.settings import TrainingSettings

Z_IMAGE = "Tongyi-MAI/Z-Image"


def paper() -> Recipe:
    """Return the recipe of Section IV: crops of 256 pixels of Open Images, ratio 1/384.

    The paper trains one system for each SNR, here 5 dB; ``training.snr_db=[0,0]`` is another, and
    a range makes one system for all.

    Returns:
        The recipe: four GPUs of 24 GB that share states, or one of 80 GB.
    """
    return Recipe(
        name="paper",
        about="the paper's scale: 256 pixels, Z-Image of 6.15 billion frozen weights",
        source=ImageFolderSource(path="open_images", crop=256),
        codec=AutoencoderChoice(name=Z_IMAGE, subfolder="vae", precision="bfloat16"),
        architecture=ImageArchitecture(
            # 2 x 2 cells of the latent, which is an eighth of the image: 16 x 16 pixels a token.
            patch_size=2,
            # With 768 values in a token's square, 2 symbols are 1/384.
            symbols_per_token=2,
            encoder_dims=(128, 192, 256, 320),
            encoder_depths=(2, 2, 6, 2),
            merge_sizes=(1, 1, 1),
            backbone_weights=Z_IMAGE,
            backbone_dim=3840,
            backbone_layers=30,
            backbone_heads=30,
            backbone_refiner_layers=2,
            # Frozen weights need no precision beyond that they were published in.
            backbone_precision="bfloat16",
            caption_dim=2560,
            caption_rows=32,
            # The size of the public ControlNet of Z-Image: 6 blocks, 2 refiners.
            adapter_dim=3840,
            adapter_heads=30,
            adapter_layers=(0, 5, 10, 15, 20, 25),
            adapter_refiner_blocks=2,
            adapter_block="s3_dit",
        ),
        training=TrainingSettings(
            n_steps=10_000,
            batch_size=8,
            learning_rate=1e-4,
            n_warmup_steps=500,
            weight_decay=0.01,
            ema_decay=0.999,
            snr_db=(5.0, 5.0),
            # Without its residuals the frozen generator is the unconditional field already.
            condition_dropout=0.0,
            train_backbone=False,
            precision="bf16",
            gradient_checkpointing=True,
            save_every=500,
        ),
        # As Z-Image-Turbo is sampled: 9 calls, more of them near noise.
        sampler=SamplerSettings(n_steps=9, shift=3.0),
    )
