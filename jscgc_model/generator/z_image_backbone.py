"""Z-Image as a velocity model: diffusers' transformer in the paper's convention."""

from collections.abc import Mapping
from typing import Any, Self

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.transformers.transformer_z_image import (
    SEQ_MULTI_OF,
    ZImageTransformer2DModel,
)
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.generator.pad_free_forward import pad_free_forward
from jscgc_model.generator.time_convention import paper_velocity, z_image_time
from jscgc_model.generator.velocity_model import Residuals, check_residuals
from jscgc_model.generator.z_image_sizes import ZImageSizes
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

_PAD_DEVIATION = 0.02
_MULTIPLE: int = SEQ_MULTI_OF


class ZImageBackbone(ModelMixin, ConfigMixin):
    """``nu(x, s) = -z_image(x, 1 - s)`` with residuals added to the image tokens after layers.

    Padded, it is Z-Image as shipped, for its published weights; pad-free, the same submodules see
    only the tokens of the image and of the caption: up to four times faster on tiny images.

    Args:
        transformer_config: Arguments of diffusers' ``ZImageTransformer2DModel``.
        n_caption_rows: Rows of the null caption, zeros until :meth:`store_caption`. Fewer than a
            multiple of 32 are filled up with pad tokens where padding is on; 0 only without.
        is_padded: Whether to run Z-Image's own forward.
        seed: Of the initial weights.

    Raises:
        InputError: If the caption has no rows but padding is on, or too many rows.
    """

    _supports_gradient_checkpointing = True
    _no_split_modules = ("ZImageTransformerBlock",)
    caption: Tensor

    def __init__(
        self,
        transformer_config: Mapping[str, Any],
        *,
        n_caption_rows: int = SEQ_MULTI_OF,
        is_padded: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__()
        own = {key: value for key, value in transformer_config.items() if not key.startswith("_")}
        self.register_to_config(
            transformer_config=own, n_caption_rows=n_caption_rows, is_padded=is_padded, seed=seed
        )
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            self.transformer = ZImageTransformer2DModel(**own)
            # Zeros through an RMS norm give gradients in the thousands at the first step.
            nn.init.normal_(self.transformer.x_pad_token, std=_PAD_DEVIATION)
            nn.init.normal_(self.transformer.cap_pad_token, std=_PAD_DEVIATION)
        self.is_padded = is_padded
        self.dim: int = self.transformer.dim
        self.n_layers = len(self.transformer.layers)
        self.patch_size: int = self.transformer.all_patch_size[0]
        rows = check_count(n_caption_rows, name="n_caption_rows", minimum=int(is_padded))
        self._check_positions(rows)
        self.register_buffer("caption", torch.zeros(rows, self.transformer.config.cap_feat_dim))
        self.set_trainable(True)

    @classmethod
    def from_sizes(cls, sizes: ZImageSizes, *, n_caption_rows: int = 0, seed: int = 0) -> Self:
        """Return a backbone to be trained from the start, pad-free if it has no caption.

        Args:
            sizes: Its sizes.
            n_caption_rows: Rows of the null caption.
            seed: Of the initial weights.

        Returns:
            The backbone.
        """
        return cls(
            sizes.transformer_config(),
            n_caption_rows=n_caption_rows,
            is_padded=n_caption_rows > 0,
            seed=seed,
        )

    @classmethod
    def from_z_image(
        cls,
        source: str,
        *,
        subfolder: str | None = "transformer",
        dtype: torch.dtype = torch.bfloat16,
    ) -> Self:
        """Return Z-Image with its published weights, frozen.

        Args:
            source: Folder or name on the hub, such as ``Tongyi-MAI/Z-Image``.
            subfolder: Where the transformer lies in it.
            dtype: Type of the weights.

        Returns:
            The backbone, with 32 rows of zeros for a caption.
        """
        loaded = ZImageTransformer2DModel.from_pretrained(
            source, subfolder=subfolder, torch_dtype=dtype
        )
        with torch.device("meta"):
            backbone = cls(loaded.config)
        backbone.transformer = loaded
        backbone.store_caption(torch.zeros(SEQ_MULTI_OF, loaded.config.cap_feat_dim, dtype=dtype))
        backbone.set_trainable(False)
        return backbone

    def store_caption(self, caption: Float[Tensor, "n_rows caption_dim"]) -> None:
        """Replace the null caption, say by the text encoder's embedding of the empty prompt.

        Args:
            caption: The embedding.

        Raises:
            InputError: If its width is not the backbone's, it is empty, or it has too many rows.
        """
        width = self.transformer.config.cap_feat_dim
        if not len(caption) or caption.shape[1] != width:
            raise InputError(
                f"caption has shape {tuple(caption.shape)}; give at least one row of {width}"
            )
        self._check_positions(len(caption))
        self.register_to_config(n_caption_rows=len(caption))
        self.caption = caption.detach().clone()

    def _check_positions(self, n_rows: int) -> None:
        # Caption rows stand at frames 1, 2, ...; the image at the frame behind them.
        most = self.transformer.config.axes_lens[0] - 2
        needed = _filled_up(n_rows) if self.is_padded else n_rows
        if needed > most:
            raise InputError(
                f"a caption of {n_rows} rows needs {needed} positions, the backbone has {most}; "
                "give fewer rows or larger axes_lens"
            )

    def set_trainable(self, is_trainable: bool) -> None:
        """Freeze or thaw all weights that the forward uses; the others are always frozen.

        Weights without a gradient would stop training in several processes.

        Args:
            is_trainable: Whether they shall have gradients.
        """
        self.requires_grad_(is_trainable)
        if self.is_padded:
            return
        unused: list[nn.Module | nn.Parameter] = [
            self.transformer.x_pad_token,
            self.transformer.cap_pad_token,
        ]
        if not len(self.caption):
            unused += [self.transformer.cap_embedder, self.transformer.context_refiner]
        for part in unused:
            part.requires_grad_(False)

    def n_tokens(self, shape: tuple[int, ...]) -> int:
        """Return how many tokens a latent has.

        Args:
            shape: (channels, height, width).

        Returns:
            The number of tokens.

        Raises:
            InputError: If the latent has no whole number of patches or more than the model has
                positions for.
        """
        _, height, width = shape
        if height % self.patch_size or width % self.patch_size:
            raise InputError(
                f"{height} x {width} cannot be cut into patches of {self.patch_size}; "
                "resize or crop to a multiple"
            )
        rows, columns = height // self.patch_size, width // self.patch_size
        most = self.transformer.config.axes_lens[1:]
        if rows > most[0] or columns > most[1]:
            raise InputError(
                f"{rows} x {columns} tokens are more than the {most[0]} x {most[1]} positions "
                "of the backbone; give smaller images or larger axes_lens"
            )
        return rows * columns

    def forward(
        self,
        noisy: Float[Tensor, "batch channels height width"],
        time: Float[Tensor, " batch"],
        residuals: Residuals | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Return velocities.

        Args:
            noisy: Points of the path.
            time: s in [0, 1] of each sample; 0 is data.
            residuals: Additions to the image tokens after layers; None for none.

        Returns:
            Estimates of ``x_T - x_0``.

        Raises:
            InputError: If the size cannot be cut into tokens or a residual does not fit.
        """
        added = residuals or {}
        shape = (len(noisy), self.n_tokens(tuple(noisy.shape[1:])), self.dim)
        check_residuals(added, self.n_layers, shape)
        weights = self.transformer.x_pad_token.dtype
        run = self._padded if self.is_padded else self._pad_free
        typed = {layer: residual.to(weights) for layer, residual in added.items()}
        predicted = run(noisy.to(weights), z_image_time(time), typed)
        return paper_velocity(predicted).to(noisy.dtype)

    def _pad_free(self, noisy: Tensor, time: Tensor, residuals: Residuals) -> Tensor:
        caption = self.caption.to(noisy.dtype)
        return pad_free_forward(self.transformer, noisy, time, caption, residuals)

    def _padded(self, noisy: Tensor, time: Tensor, residuals: Residuals) -> Tensor:
        n_image = _filled_up(self.n_tokens(tuple(noisy.shape[1:])))
        n_joint = n_image + _filled_up(len(self.caption))
        joint = {
            layer: nn.functional.pad(residual, (0, 0, 0, n_joint - residual.shape[1]))
            for layer, residual in residuals.items()
        }
        (predicted,) = self.transformer(
            list(noisy.unsqueeze(2)),
            time,
            [self.caption.to(noisy.dtype)] * len(noisy),
            controlnet_block_samples=joint,
            patch_size=self.patch_size,
            return_dict=False,
        )
        return torch.stack(predicted).squeeze(2)


def _filled_up(n_tokens: int) -> int:
    return -(-n_tokens // _MULTIPLE) * _MULTIPLE
