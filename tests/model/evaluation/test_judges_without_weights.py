"""Drawn images and files at capacity: what needs neither a network nor training."""

import sys

import numpy as np
import pytest
import torch

from jscgc_model.baselines.capacity_separated import (
    CapacitySeparatedReference,
    SeparatedCodingSettings,
)
from jscgc_model.channel import ChannelSettings
from jscgc_model.evaluation import ReferenceSystem, drawn_image_metrics, evaluate
from jscgc_model.metrics import make_metric
from jscgc_model.verification import recover_factors
from jscgc_theory.sources import Drawing
from tests.model.evaluation.simple_systems import NoisyCopy, pictures
from tests.model.metrics.small_networks import measured

DRAWING = Drawing(("x", "size"), 8, 1, 4.0)


def drawn(n, seed):
    sample = DRAWING.sample(n, np.random.default_rng(seed))
    return torch.from_numpy(sample.images.astype(np.float32)), sample.factors


def test_factor_errors_are_those_of_the_drawing():
    images, factors = drawn(20, 0)
    others, moved = drawn(20, 1)
    nearest, *errors = drawn_image_metrics(DRAWING)
    assert [one.name for one in errors] == ["factor_error_x", "factor_error_size"]
    for place, metric in enumerate(errors):
        expected = np.abs(moved - factors)[:, place].mean()
        assert measured(metric, images, others).value == pytest.approx(expected, abs=1e-3)
    assert measured(nearest, images, others).value < 1e-4


def test_the_distance_is_that_of_the_search():
    images, _ = drawn(12, 0)
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(0))
    noisy = (images + 0.1 * noise).clamp(0.0, 1.0)
    nearest, *_ = drawn_image_metrics(DRAWING)
    expected = recover_factors(noisy.double().numpy(), DRAWING, rng=0).distance.mean()
    # The starts of the search differ.
    assert measured(nearest, images, noisy).value == pytest.approx(expected, rel=1e-3)


def test_metrics_share_one_search(monkeypatch):
    calls = []

    def counted(images, drawing, *, rng):
        calls.append(len(images))
        return recover_factors(images, drawing, rng=rng)

    # The package's function hides the module of the same name.
    module = sys.modules["jscgc_model.evaluation.drawn_image_metrics"]
    monkeypatch.setattr(module, "recover_factors", counted)
    images, _ = drawn(12, 0)
    systems = {"a": NoisyCopy(0.05)}
    evaluate(systems, images, [0.0], drawn_image_metrics(DRAWING), n_draws=3)
    # The sources once, and each draw once.
    assert calls == [12] * 4


def test_the_reference_is_held_beside_as_any_system():
    images, channel = pictures(4), ChannelSettings()
    system = ReferenceSystem(
        channel, lambda shown: shown[0].numel() // 3, SeparatedCodingSettings()
    )
    (row,) = evaluate({"webp": system}, images, [10.0], [make_metric("psnr")]).rows
    reference = CapacitySeparatedReference(channel, n_symbols=256)
    made = reference(images, 10.0).samples[:, 0]
    expected = measured(make_metric("psnr"), images, made.clamp(0.0, 1.0)).value
    assert row.metrics["psnr"].value == pytest.approx(expected)
    assert (row.n_symbols, row.bandwidth_ratio) == (256, 1 / 3)
    assert row.notices == ()


def test_images_without_a_file_are_told_and_headers_need_not_count():
    images, channel = pictures(4), ChannelSettings()
    systems = {
        f"headers {counts}": ReferenceSystem(
            channel,
            lambda shown: 32,
            SeparatedCodingSettings(image_format="jpeg", counts_headers=counts),
        )
        for counts in (True, False)
    }
    whole, stripped = evaluate(systems, images, [10.0], [make_metric("psnr")]).rows
    assert [notice.code for notice in whole.notices] == ["no_file_fits"]
    assert "4 of 4 images" in whole.notices[0].message
    assert stripped.notices == ()
