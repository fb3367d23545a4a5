"""Z-Image's forward without pad tokens, over the submodules of the shipped model.

The shipped forward fills image and caption up to multiples of 32 with tokens that are attended:
an image of 16 tokens costs 64. Where nothing is filled up both give the same bits.
"""

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn


def pad_free_forward(
    transformer: Any,
    noisy: Float[Tensor, "batch channels height width"],
    time: Float[Tensor, " batch"],
    caption: Float[Tensor, "n_rows caption_dim"],
    residuals: Mapping[int, Float[Tensor, "batch n_tokens dim"]],
) -> Float[Tensor, "batch channels height width"]:
    """Return what a Z-Image transformer predicts, computed on image and caption tokens alone.

    Args:
        transformer: diffusers' ``ZImageTransformer2DModel``.
        noisy: Noisy latents.
        time: Z-Image's own time.
        caption: One caption for the whole batch; without rows there is no caption.
        residuals: Additions to the image tokens after layers.

    Returns:
        The prediction, in Z-Image's own sign.
    """
    patch, n_rows = transformer.all_patch_size[0], len(caption)
    key = f"{patch}-{transformer.all_f_patch_size[0]}"
    told = transformer.t_embedder(time * transformer.t_scale).type_as(noisy)
    grid = (1, noisy.shape[2] // patch, noisy.shape[3] // patch)
    hidden = transformer.all_x_embedder[key](_patches(noisy, patch))
    n_tokens = hidden.shape[1]
    rotations = _rotations(transformer, grid, (n_rows + 1, 0, 0), noisy.device)
    for layer in transformer.noise_refiner:
        hidden = _run(transformer, layer, hidden, None, rotations, told)
    if n_rows:
        rows = _rotations(transformer, (n_rows, 1, 1), (1, 0, 0), noisy.device)
        embedded = _caption_tokens(transformer, caption.expand(len(noisy), -1, -1), rows)
        hidden = torch.cat([hidden, embedded], dim=1)
        rotations = torch.cat([rotations, rows], dim=1)
    for index, layer in enumerate(transformer.layers):
        hidden = _run(transformer, layer, hidden, None, rotations, told)
        if index in residuals:
            hidden = hidden + nn.functional.pad(residuals[index], (0, 0, 0, n_rows))
    predicted = transformer.all_final_layer[key](hidden[:, :n_tokens], c=told)
    return _from_patches(predicted, patch, noisy.shape[2:])


def _caption_tokens(transformer: Any, captions: Tensor, rotations: Tensor) -> Tensor:
    hidden: Tensor = transformer.cap_embedder(captions)
    for layer in transformer.context_refiner:
        hidden = _run(transformer, layer, hidden, None, rotations)
    return hidden


def _run(transformer: Any, layer: nn.Module, *inputs: Any) -> Tensor:
    recomputes = torch.is_grad_enabled() and transformer.gradient_checkpointing
    hidden: Tensor = (
        transformer._gradient_checkpointing_func(layer, *inputs) if recomputes else layer(*inputs)
    )
    return hidden


def _rotations(
    transformer: Any, size: tuple[int, int, int], start: tuple[int, int, int], device: torch.device
) -> Tensor:
    grid = transformer.create_coordinate_grid(size=size, start=start, device=device)
    rotations: Tensor = transformer.rope_embedder(grid.flatten(0, 2))
    return rotations.unsqueeze(0)


def _patches(images: Tensor, patch: int) -> Tensor:
    """Cut images into tokens, row by row; within a token the channel runs fastest."""
    batch, channels, height, width = images.shape
    cut = images.reshape(batch, channels, height // patch, patch, width // patch, patch)
    return cut.permute(0, 2, 4, 3, 5, 1).reshape(batch, -1, patch * patch * channels)


def _from_patches(tokens: Tensor, patch: int, size: torch.Size) -> Tensor:
    height, width = size
    cut = tokens.reshape(len(tokens), height // patch, width // patch, patch, patch, -1)
    return cut.permute(0, 5, 1, 3, 2, 4).reshape(len(tokens), -1, height, width)
