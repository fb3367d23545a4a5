"""PSNR and SSIM against libraries, loops and closed forms."""

import math

import numpy as np
import pytest
import torch
from torchmetrics.functional.image import peak_signal_noise_ratio

from jscgc_model.metrics import make_metric
from jscgc_theory.errors import InputError
from tests.model.metrics.small_networks import drawn_images, measured, noisy, pairs_of

PIXEL_METRICS = {"psnr": 32, "ssim": 32, "ms_ssim": 176}
every_metric = pytest.mark.parametrize("name", PIXEL_METRICS)


def values(name, originals, reconstructions):
    return make_metric(name).per_image(originals, reconstructions)


def test_psnr_agrees_with_torchmetrics_image_by_image():
    images, other = drawn_images(4), noisy(drawn_images(4), 0.1)
    expected = [
        peak_signal_noise_ratio(y, x, data_range=1.0) for x, y in zip(images, other, strict=True)
    ]
    torch.testing.assert_close(
        values("psnr", images, other), torch.stack(expected), rtol=1e-5, atol=0
    )


def test_psnr_is_averaged_over_images_not_over_errors():
    originals = torch.zeros(2, 1, 8, 8)
    reconstructions = torch.stack([torch.full((1, 8, 8), 0.1), torch.full((1, 8, 8), 0.01)])
    found = measured(make_metric("psnr"), originals, reconstructions)
    assert found.value == pytest.approx(30.0, abs=1e-4)
    assert found.details["units"] == "dB"


def test_exact_images_have_infinite_psnr_and_the_estimate_says_how_many():
    images = drawn_images(3)
    other = torch.cat([images[:1], noisy(images[1:], 0.1)])
    found = measured(make_metric("psnr"), images, other)
    assert found.value == math.inf
    assert found.interval is None
    (notice,) = [one for one in found.notices if one.code == "infinite_values"]
    assert "1 of 3 values are infinite" in notice.message


def test_ssim_agrees_with_loops_over_windows():
    images, other = (
        x.double() for x in (drawn_images(2, side=14), noisy(drawn_images(2, side=14), 0.1))
    )
    offsets = np.arange(11) - 5
    window = np.exp(-np.add.outer(offsets**2, offsets**2) / (2 * 1.5**2))
    window /= window.sum()

    def at(x, y):
        mean_x, mean_y = (window * x).sum(), (window * y).sum()
        var_x, var_y = (window * x**2).sum() - mean_x**2, (window * y**2).sum() - mean_y**2
        cov = (window * x * y).sum() - mean_x * mean_y
        luminance = (2 * mean_x * mean_y + 1e-4) / (mean_x**2 + mean_y**2 + 1e-4)
        return luminance * (2 * cov + 9e-4) / (var_x + var_y + 9e-4)

    for image, twin, found in zip(images, other, values("ssim", images, other), strict=True):
        x, y = (
            np.pad(one.numpy(), ((0, 0), (5, 5), (5, 5)), mode="reflect") for one in (image, twin)
        )
        each = [
            at(x[c, i : i + 11, j : j + 11], y[c, i : i + 11, j : j + 11])
            for c in range(3)
            for i in range(14)
            for j in range(14)
        ]
        assert float(found) == pytest.approx(np.mean(each), abs=1e-9)


@every_metric
def test_metrics_are_symmetric_and_fall_with_noise(name):
    images = drawn_images(2, side=PIXEL_METRICS[name])
    ladder = torch.stack([values(name, images, noisy(images, s)) for s in (0.02, 0.1, 0.4)])
    assert bool((ladder.diff(dim=0) < 0.0).all())
    other = noisy(images, 0.1)
    torch.testing.assert_close(values(name, images, other), values(name, other, images))


@pytest.mark.parametrize("name", ["ssim", "ms_ssim"])
def test_an_image_is_like_itself(name):
    images = drawn_images(1, side=PIXEL_METRICS[name])
    torch.testing.assert_close(values(name, images, images), torch.ones(1), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("name", "side"), [("ssim", 10), ("ms_ssim", 175)])
def test_images_smaller_than_the_window_are_refused(name, side):
    images = drawn_images(1, side=side)
    with pytest.raises(InputError, match=rf"{name} needs images of at least \d+ pixels a side"):
        make_metric(name).observe(pairs_of(images, images))


@every_metric
def test_a_grey_image_scores_as_three_channels_alike(name):
    images = drawn_images(2, side=PIXEL_METRICS[name], channels=1)
    found = measured(make_metric(name), images, noisy(images, 0.1))
    coloured = [one.expand(-1, 3, -1, -1) for one in (images, noisy(images, 0.1))]
    assert found.value == pytest.approx(float(values(name, *coloured).mean()), rel=1e-5)
    assert found.n_points_used == 2
