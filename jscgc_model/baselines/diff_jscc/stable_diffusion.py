"""The diffusion model of DiffJSCC at paper scale: Stable Diffusion 2.1-base."""

from typing import Any, NamedTuple

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.baselines.diff_jscc.unet_backbone import UNetBackbone
from jscgc_model.latent import load_autoencoder
from jscgc_theory.errors import InputError

_NOISE_KEYS = (
    "num_train_timesteps", "beta_schedule", "beta_start", "beta_end", "trained_betas",
    "prediction_type",
)  # fmt: skip


class StableDiffusion(NamedTuple):
    """What DiffJSCC takes of it."""

    backbone: UNetBackbone
    vae: nn.Module


def load_stable_diffusion(source: str) -> StableDiffusion:
    """Return U-Net, noise schedule, autoencoder, and the embedding of the empty prompt.

    The text encoder is asked once and not kept. Weights are read from safetensors alone.

    Args:
        source: A local folder, or a name on the hub such as
            ``stabilityai/stable-diffusion-2-1-base``.

    Returns:
        The backbone, frozen, and the autoencoder.

    Raises:
        InputError: If there is none or it cannot be read.
    """
    try:
        unet: Any = UNet2DConditionModel.from_pretrained(
            source, subfolder="unet", use_safetensors=True
        )
        noise = DDIMScheduler.from_pretrained(source, subfolder="scheduler").config
        prompt = _empty_prompt(source)
    except Exception as error:
        # Whatever the readers of configurations and weights raise, the folder is at fault.
        reason = " ".join(str(error).split())
        raise InputError(
            f"{source} cannot be read as Stable Diffusion ({reason}); give a folder of "
            "StableDiffusionPipeline.save_pretrained, or a name on the hub"
        ) from error
    backbone = UNetBackbone(
        unet.config,
        {key: noise[key] for key in _NOISE_KEYS if key in noise},
        n_prompt_rows=len(prompt),
    )
    backbone.unet = unet
    backbone.store_prompt(prompt)
    backbone.requires_grad_(False)
    return StableDiffusion(backbone, load_autoencoder(source, subfolder="vae").autoencoder)


@torch.no_grad()
def _empty_prompt(source: str) -> Float[Tensor, "n_rows prompt_dim"]:
    # Importing transformers takes seconds.
    from transformers import CLIPTextModel, CLIPTokenizer

    tokenizer: Any = CLIPTokenizer.from_pretrained(source, subfolder="tokenizer")
    encoder: Any = CLIPTextModel.from_pretrained(
        source, subfolder="text_encoder", use_safetensors=True
    )
    words = tokenizer("", padding="max_length", return_tensors="pt")
    embedding: Tensor = encoder(words.input_ids)[0]
    return embedding[0]
