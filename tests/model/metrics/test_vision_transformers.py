"""The DINO score: preparation against Pillow, features against transformers."""

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import Dinov2Config, Dinov2Model, ViTConfig, ViTModel

from jscgc_model.metrics import make_metric
from jscgc_model.metrics.image_preparation import resize_and_crop, resize_for_inception
from jscgc_theory.errors import InputError
from tests.model.metrics.small_networks import drawn_images, measured, noisy, seeded

MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
BUILDERS = {
    "dino_vits16": lambda: ViTModel(
        ViTConfig(patch_size=16, intermediate_size=16, **SMALL), add_pooling_layer=False
    ),
    # 224 pixels are not what DINOv2 was trained at: its positions are interpolated.
    "dinov2_vitl14": lambda: Dinov2Model(
        Dinov2Config(image_size=56, patch_size=14, mlp_ratio=1, **SMALL)
    ),
}


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    # The variable HF_HUB_OFFLINE is read once, when the hub's package is imported.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module", params=BUILDERS)
def stored_model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    model = seeded(BUILDERS[request.param])
    model.save_pretrained(folder)
    return request.param, folder, model


def prepared_by_pillow(image):
    """One image of floats: shorter side to 256, the middle 224, standardised."""
    _, height, width = image.shape
    scale = 256 / min(height, width)
    size = (int(width * scale), int(height * scale))
    planes = [
        np.asarray(
            Image.fromarray(plane.numpy(), mode=None).resize(size, Image.Resampling.BICUBIC)
        )
        for plane in image
    ]
    top, left = ((side - 224) // 2 for side in planes[0].shape)
    crop = np.stack(planes)[:, top : top + 224, left : left + 224].clip(0.0, 1.0)
    return (crop - MEAN[:, None, None]) / DEVIATION[:, None, None]


@pytest.mark.parametrize("size", [(512, 768), (300, 256), (100, 64)])
def test_resizing_and_cropping_agree_with_pillow(size):
    image = torch.rand(3, *size, generator=torch.Generator().manual_seed(0))
    expected = torch.from_numpy(prepared_by_pillow(image)).float()
    torch.testing.assert_close(resize_and_crop(image[None])[0], expected, rtol=0, atol=1e-4)


def test_the_cosine_is_that_of_the_class_tokens(stored_model):
    name, folder, model = stored_model
    images = drawn_images(2, side=256)
    other = noisy(images, 0.2)
    with torch.no_grad():
        tokens = [
            model(torch.from_numpy(np.stack([prepared_by_pillow(one) for one in batch])).float())
            .last_hidden_state[:, 0].double().numpy()
            for batch in (images, other)
        ]  # fmt: skip
    expected = [
        x @ y / np.linalg.norm(x) / np.linalg.norm(y) for x, y in zip(*tokens, strict=True)
    ]
    metric = make_metric(name, weights=folder)
    assert metric.per_image(images, other).tolist() == pytest.approx(expected, abs=1e-4)
    assert measured(metric, images, images).value == pytest.approx(1.0, abs=1e-6)
    assert max(expected) < 0.9999


def test_enlarged_images_earn_a_notice(stored_model):
    name, folder, _ = stored_model
    images = drawn_images(1, side=255)
    found = measured(make_metric(name, weights=str(folder)), images, images)
    assert "small_images" in {one.code for one in found.notices}
    assert "resize 256 bicubic, crop 224" in found.method


def test_models_that_cannot_be_had_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"facebook/dino-vits16 cannot be read .*; give a folder"):
        make_metric("dino_vits16")
    with pytest.raises(InputError, match=r"absent is not a folder; give that of facebook/dinov2"):
        make_metric("dinov2_vitl14", weights=tmp_path / "absent")
    with pytest.raises(InputError, match="cannot be read as ViTModel"):
        make_metric("dino_vits16", weights=tmp_path)


def test_inception_sees_bilinear_pixels_between_minus_one_and_one():
    ramp = torch.linspace(0.0, 1.0, 299).expand(1, 3, 299, 299)
    torch.testing.assert_close(resize_for_inception(ramp), 2.0 * ramp - 1.0)
    corners = resize_for_inception(torch.tensor([[0.0, 1.0], [1.0, 0.0]]).expand(1, 3, 2, 2))
    assert corners.shape == (1, 3, 299, 299)
    assert corners[0, 0, [0, 0, -1, -1], [0, -1, 0, -1]].tolist() == [-1.0, 1.0, 1.0, -1.0]
    # The middle of four corners is their mean.
    assert float(corners[0, 0, 149, 149]) == pytest.approx(0.0, abs=1e-5)
