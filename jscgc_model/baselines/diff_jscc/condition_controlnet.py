"""The ControlNet of stage two: what the image of stage one says to the diffusion model."""

from collections.abc import Mapping
from typing import Any, Self

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.controlnets.controlnet import ControlNetModel
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Float, Int
from torch import Tensor, nn

from jscgc_model.baselines.diff_jscc.unet_backbone import Residuals, UNetBackbone

_HINT_DIM = 32
# The SNR is told by the sinusoids of timesteps, which tell whole numbers apart.
_LABELS_PER_DB = 10.0


class ConditionControlNet(ModelMixin, ConfigMixin):
    """A copy of the U-Net's first half that reads the condition and the state of the channel.

    The condition has the size of what is denoised. Its embedding has a last layer that is not
    zero: behind the zero convolutions, which make the whole start as the unconditional model, a
    second zero would keep the condition without a gradient.

    Args:
        controlnet_config: Arguments of diffusers' ``ControlNetModel``.
        patch_size: That of the backbone.
        seed: Of the weights that are no copies.

    References:
        Zhang, Rao, Agrawala. Adding conditional control to text-to-image diffusion models. 2023.
    """

    _supports_gradient_checkpointing = True

    def __init__(
        self, controlnet_config: Mapping[str, Any], *, patch_size: int = 1, seed: int = 0
    ) -> None:
        super().__init__()
        own = {key: value for key, value in controlnet_config.items() if not key.startswith("_")}
        self.register_to_config(controlnet_config=own, patch_size=patch_size, seed=seed)
        self.patch_size = patch_size
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            self.controlnet = ControlNetModel(**own)
            self.controlnet.controlnet_cond_embedding.conv_out.reset_parameters()

    @classmethod
    def from_backbone(cls, backbone: UNetBackbone, *, seed: int = 0) -> Self:
        """Return the ControlNet of a backbone, with a copy of its weights.

        Args:
            backbone: The backbone.
            seed: Of the weights that are no copies.

        Returns:
            The ControlNet.
        """
        unet = backbone.unet
        with torch.random.fork_rng(devices=()):
            copy = ControlNetModel.from_unet(
                unet,
                conditioning_embedding_out_channels=(_HINT_DIM,),
                conditioning_channels=unet.config.in_channels,
            )
        own = cls(
            {**copy.config, "class_embed_type": "timestep"},
            patch_size=backbone.patch_size,
            seed=seed,
        )
        for part in ("conv_in", "time_embedding", "down_blocks", "mid_block"):
            getattr(own.controlnet, part).load_state_dict(getattr(copy, part).state_dict())
        return own

    def forward(
        self,
        noisy: Float[Tensor, "batch channels height width"],
        timesteps: Int[Tensor, " batch"],
        prompt: Float[Tensor, "n_rows prompt_dim"],
        condition: Float[Tensor, "batch channels height width"],
        snr_db: Float[Tensor, " batch"],
    ) -> Residuals:
        """Return what is added to the backbone.

        Args:
            noisy: Noisy data.
            timesteps: Of each sample.
            prompt: The backbone's.
            condition: What stage one made of the received signal, as data.
            snr_db: What the receiver knows of the channel.

        Returns:
            Additions to the skip connections and to the middle block.
        """
        folded, hint = (
            nn.functional.pixel_unshuffle(one, self.patch_size) for one in (noisy, condition)
        )
        skips, middle = self.controlnet(
            folded,
            timesteps,
            prompt.expand(len(noisy), -1, -1),
            hint,
            class_labels=_LABELS_PER_DB * snr_db,
            return_dict=False,
        )
        return tuple(skips), middle
