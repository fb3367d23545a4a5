"""A DiffJSCC that trains in a second, and a Stable Diffusion of a few thousand weights."""

import json

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from jscgc_model.recipes import make_recipe

CHANGES = (
    "source.pixels=8",
    "architecture.stage_one.base_width=4",
    "architecture.stage_one.n_blocks=1",
    "architecture.unet_dims=[16,32]",
    "training.batch_size=8",
    "training.learning_rate=2e-3",
    "training.n_warmup_steps=5",
    "sampler.n_steps=3",
)


def small_diff(*changes):
    """Return a small recipe on grey images of 8 x 8 pixels."""
    return make_recipe("tiny_images_diff").changed([*CHANGES, *changes])


def jittered(module, *, seed=7, scale=0.05):
    """Leave the initial zeros, behind which nothing shows."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for one in module.parameters():
            one += scale * torch.randn(one.shape, generator=generator)
    return module


def stable_diffusion(folder):
    """Return a Stable Diffusion on images of 16 x 16 pixels with random weights, and save it."""
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(0)
        unet = UNet2DConditionModel(
            sample_size=8,
            block_out_channels=(8, 16),
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
            layers_per_block=1,
            attention_head_dim=(1, 2),
            cross_attention_dim=12,
            norm_num_groups=4,
            use_linear_projection=True,
        )
        vae = AutoencoderKL(
            block_out_channels=(8, 8),
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=4,
            norm_num_groups=4,
        )
        text = CLIPTextModel(
            CLIPTextConfig(
                vocab_size=4,
                hidden_size=12,
                intermediate_size=16,
                num_hidden_layers=1,
                num_attention_heads=2,
                max_position_embeddings=6,
                bos_token_id=1,
                eos_token_id=2,
                pad_token_id=0,
            )
        ).eval()
    words = {"!": 0, "<|startoftext|>": 1, "<|endoftext|>": 2, "a</w>": 3}
    folder.mkdir(exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(words))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    pipeline = StableDiffusionPipeline(
        vae=vae,
        text_encoder=text,
        tokenizer=CLIPTokenizer(
            str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=6
        ),
        unet=unet,
        scheduler=DDIMScheduler(
            beta_schedule="scaled_linear",
            beta_start=0.00085,
            beta_end=0.012,
            clip_sample=False,
            timestep_spacing="trailing",
            steps_offset=1,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)
    return pipeline
