"""LPIPS against a slow twin, and what it holds to on any weights."""

import importlib.util
from urllib.error import URLError

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from jscgc_model.metrics import make_metric
from jscgc_model.metrics.convolutional_trunks import TRUNKS
from jscgc_theory.errors import InputError, MissingExtraError
from tests.model.metrics.small_networks import (
    drawn_images,
    measured,
    noisy,
    pairs_of,
    seeded,
    small_extractor,
    small_lpips,
)


@pytest.fixture(scope="module", params=["alex", "vgg"])
def stored_trunk(request, tmp_path_factory):
    """A file as torchvision writes it, classifier included, with random weights."""
    trunk = seeded(TRUNKS[request.param].build)
    tensors = {f"features.{name}": tensor for name, tensor in trunk.state_dict().items()}
    file = tmp_path_factory.mktemp("trunk") / f"{request.param}.pth"
    torch.save({**tensors, "classifier.1.weight": torch.zeros(2, 2)}, file)
    return request.param, file


def alexnet_features(images, weights):
    def convolve(x, number, **kwargs):
        kernel, bias = (weights[f"features.{number}.{part}"] for part in ("weight", "bias"))
        return functional.relu(functional.conv2d(x, kernel, bias, **kwargs))

    first = convolve(images, 0, stride=4, padding=2)
    second = convolve(functional.max_pool2d(first, 3, 2), 3, padding=2)
    third = convolve(functional.max_pool2d(second, 3, 2), 6, padding=1)
    fourth = convolve(third, 8, padding=1)
    return first, second, third, fourth, convolve(fourth, 10, padding=1)


def vgg_features(images, weights):
    found, x, number = [], images, 0
    for n_convolutions in (2, 2, 3, 3, 3):
        for _ in range(n_convolutions):
            kernel, bias = (weights[f"features.{number}.{part}"] for part in ("weight", "bias"))
            x = functional.conv2d(x, kernel, bias, padding=1).relu()
            number += 2
        found.append(x)
        x = functional.max_pool2d(x, 2)
        number += 1
    return found


def slow_lpips(net, file, original, reconstruction):
    """One pair, pixel by pixel, from the definition; the heads as torchmetrics stores them."""
    weights = torch.load(file, weights_only=True)
    package = importlib.util.find_spec("torchmetrics.functional.image.lpips_models")
    stored = f"{package.submodule_search_locations[0]}/{net}.pth"
    heads = torch.load(stored, weights_only=True, map_location="cpu")
    mean, deviation = np.array([-0.030, -0.088, -0.188]), np.array([0.458, 0.448, 0.450])
    both = np.stack([original.numpy(), reconstruction.numpy()]) * 2.0 - 1.0
    scaled = (both - mean[:, None, None]) / deviation[:, None, None]
    features = {"alex": alexnet_features, "vgg": vgg_features}[net]
    total = 0.0
    for level, maps in enumerate(features(torch.from_numpy(scaled).float(), weights)):
        head = heads[f"lin{level}.model.1.weight"].numpy().ravel()
        x, y = maps.double().numpy()
        sums = [
            head @ (x[:, i, j] / (np.linalg.norm(x[:, i, j]) + 1e-10)
                    - y[:, i, j] / (np.linalg.norm(y[:, i, j]) + 1e-10)) ** 2
            for i in range(x.shape[1])
            for j in range(x.shape[2])
        ]  # fmt: skip
        total += np.mean(sums)
    return total


def test_lpips_agrees_with_its_definition_on_stored_weights(stored_trunk):
    net, file = stored_trunk
    metric = make_metric(f"lpips_{net}", weights=file)
    images = drawn_images(2, side=64)
    other = noisy(images, 0.3)
    expected = [slow_lpips(net, file, *pair) for pair in zip(images, other, strict=True)]
    found = metric.per_image(images, other)
    assert found.tolist() == pytest.approx(expected, rel=1e-4)
    assert min(expected) > 0.0


def test_lpips_is_zero_on_itself_symmetric_and_rises_with_noise():
    metric = make_metric("lpips_alex", weights=small_lpips())
    images = drawn_images(3)
    assert metric.per_image(images, images).tolist() == [0.0, 0.0, 0.0]
    ladder = [metric.per_image(images, noisy(images, s)) for s in (0.02, 0.1, 0.4)]
    assert bool((torch.stack(ladder).diff(dim=0) > 0.0).all())
    other = noisy(images, 0.1)
    torch.testing.assert_close(metric.per_image(images, other), metric.per_image(other, images))


def test_lpips_has_gradients_that_differences_confirm():
    network = small_lpips().double()
    original = drawn_images(1, side=6, dtype=torch.float64)
    other = noisy(original, 0.1).requires_grad_()
    assert torch.autograd.gradcheck(lambda y: network(original, y), other)


def test_lpips_has_finite_gradients_where_every_feature_is_silent():
    network = small_lpips()
    nn.init.constant_(network.trunk[0].bias, -100.0)
    other = drawn_images(1).requires_grad_()
    network(drawn_images(1, seed=3), other).sum().backward()
    assert bool(other.grad.isfinite().all())


def test_images_below_64_pixels_earn_a_notice_and_below_32_a_refusal():
    metric = make_metric("lpips_alex", weights=small_lpips())
    small, large = drawn_images(2, side=63), drawn_images(2, side=64)
    assert "small_images" in {one.code for one in measured(metric, small, small).notices}
    assert "small_images" not in {one.code for one in measured(metric, large, large).notices}
    tiny = drawn_images(1, side=31)
    with pytest.raises(InputError, match="lpips_alex needs images of at least 32 pixels a side"):
        metric.observe(pairs_of(tiny, tiny))


def test_grey_images_are_refused():
    grey = drawn_images(1, channels=1)
    with pytest.raises(InputError, match="lpips_alex needs images with 3 channels, these have 1"):
        make_metric("lpips_alex", weights=small_lpips()).observe(pairs_of(grey, grey))


def test_weights_that_cannot_be_had_are_refused(tmp_path, monkeypatch):
    def unreachable(*_, **__):
        raise URLError("no network")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", unreachable)
    with pytest.raises(
        InputError, match=r"cannot be fetched .*no network.*; download it elsewhere"
    ):
        make_metric("lpips_alex")
    with pytest.raises(InputError, match="is not a file; give the file of https://"):
        make_metric("lpips_alex", weights=tmp_path / "absent.pth")
    text = tmp_path / "text.pth"
    text.write_text("no weights")
    with pytest.raises(InputError, match="holds no weights"):
        make_metric("lpips_alex", weights=text)
    torch.save(torch.zeros(3), tmp_path / "tensor.pth")
    with pytest.raises(InputError, match="holds no weights by name"):
        make_metric("lpips_alex", weights=tmp_path / "tensor.pth")
    with pytest.raises(InputError, match="takes no extractor of features"):
        make_metric("lpips_alex", weights=small_extractor())


def test_weights_of_another_network_are_refused(tmp_path):
    torch.save({"features.0.weight": torch.zeros(3, 3)}, tmp_path / "other.pth")
    with pytest.raises(InputError, match="the weights do not fit Sequential"):
        make_metric("lpips_alex", weights=tmp_path / "other.pth")


def test_without_torchmetrics_the_heads_are_missed_by_name(stored_trunk, monkeypatch):
    net, file = stored_trunk
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"jscgc\[model\]"):
        make_metric(f"lpips_{net}", weights=file)
