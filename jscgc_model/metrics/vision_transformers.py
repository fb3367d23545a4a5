"""DINO and DINOv2 as feature extractors, from the Hugging Face hub or a local folder."""

from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.metrics.feature_extractor import FeatureExtractor
from jscgc_model.metrics.image_preparation import RESIZED_SIDE, resize_and_crop
from jscgc_model.metrics.weight_files import HUB
from jscgc_theory.errors import InputError


@dataclass(frozen=True, kw_only=True)
class PublishedTransformer:
    """Where a transformer is published, and the class of transformers that reads it."""

    repository: str
    model_class: str
    options: tuple[tuple[str, bool], ...] = ()


TRANSFORMERS = {
    "dino_vits16": PublishedTransformer(
        repository="facebook/dino-vits16",
        model_class="ViTModel",
        options=(("add_pooling_layer", False),),
    ),
    "dinov2_vitl14": PublishedTransformer(
        repository="facebook/dinov2-large", model_class="Dinov2Model"
    ),
}


class ClassToken(nn.Module):
    """The normalised class token of the last layer.

    Args:
        transformer: ``ViTModel`` or ``Dinov2Model`` of transformers.
    """

    def __init__(self, transformer: nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, prepared: Float[Tensor, "batch 3 side side"]) -> Float[Tensor, "batch dim"]:
        """Return the class tokens of prepared images."""
        return self.transformer(pixel_values=prepared).last_hidden_state[:, 0]


def load_vision_transformer(name: str, weights: str | Path) -> FeatureExtractor:
    """Return DINO ViT-S/16 or DINOv2 ViT-L/14.

    Args:
        name: ``dino_vits16`` or ``dinov2_vitl14``.
        weights: Folder written by ``save_pretrained``, or ``hub``.

    Returns:
        The extractor of class tokens.

    Raises:
        InputError: If the model cannot be read.

    References:
        Caron et al. Emerging properties in self-supervised vision transformers. ICCV 2021. Oquab
        et al. DINOv2: learning robust visual features without supervision. TMLR 2024.
    """
    import transformers

    published = TRANSFORMERS[name]
    model_class = getattr(transformers, published.model_class)
    place = published.repository if weights == HUB else str(weights)
    if weights != HUB and not Path(weights).is_dir():
        raise InputError(f"{place} is not a folder; give that of {published.repository}, or 'hub'")
    try:
        with torch.random.fork_rng(devices=[]):
            model = model_class.from_pretrained(place, **dict(published.options))
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(
            f"{place} cannot be read as {published.model_class} ({error}); give a folder with the "
            f"files of {published.repository}"
        ) from error
    return FeatureExtractor(
        name=name,
        network=ClassToken(model).eval().requires_grad_(False),
        prepare=resize_and_crop,
        protocol="class token, resize 256 bicubic, crop 224, ImageNet standardisation",
        intended_side=RESIZED_SIDE,
    )
