"""Intervals over sources: coverage, clusters, and where there is none."""

import math

import numpy as np
import pytest
import torch

from jscgc_model.metrics import make_metric, squared_frechet_distance
from jscgc_model.metrics.per_image_metric import ImageValues
from jscgc_model.metrics.set_metric import ImageFeatures
from jscgc_model.metrics.source_intervals import bootstrap_mean, jackknife
from tests.model.metrics.small_networks import small_extractor
from tests.statistics import assert_coverage


def of_values(values, sources):
    kept = ImageValues(torch.as_tensor(values), torch.as_tensor(sources), 64)
    return make_metric("psnr").estimate([kept])


def of_features(originals, reconstructions, sources):
    metric = make_metric("fd_cifar_cnn", weights=small_extractor())
    return metric.estimate([ImageFeatures(originals, reconstructions, sources, 64)])


def codes(estimate):
    return {notice.code for notice in estimate.notices}


def test_every_source_counts_once():
    found = of_values([1.0, 1.0, 1.0, 5.0], [7, 7, 7, 2])
    assert found.value == 3.0
    assert found.n_points_used == 4
    assert found.details["n_sources"] == 2


def test_copies_of_the_images_of_a_source_make_no_interval_narrower():
    rng = np.random.default_rng(0)
    values, sources = rng.normal(size=30), np.arange(30)
    once = of_values(values, sources)
    thrice = of_values(np.tile(values, 3), np.tile(sources, 3))
    assert thrice.interval == pytest.approx(once.interval)
    assert thrice.standard_error == pytest.approx(once.standard_error)
    assert once.standard_error == pytest.approx(values.std(ddof=1) / math.sqrt(30))


def test_what_does_not_vary_has_an_interval_of_no_width():
    found = of_values([0.25] * 6, range(6))
    assert found.interval == (0.25, 0.25)
    assert found.standard_error == 0.0


def test_few_sources_earn_a_notice_and_fewer_have_no_interval():
    for n_sources, has_interval, expected in (
        (5, False, {"few_sources"}),
        (6, True, {"few_sources"}),
        (9, True, {"few_sources"}),
        (10, True, set()),
    ):
        found = of_values(np.arange(float(n_sources)), np.arange(n_sources))
        assert (found.interval is not None) == has_interval
        assert codes(found) == expected


def test_sets_of_one_source_have_no_interval():
    features = torch.randn(1, 30, 3, generator=torch.Generator().manual_seed(0))
    whole = of_features(features, 2.0 * features, torch.tensor([0]))
    assert whole.interval is None
    assert "one source" in next(n for n in whole.notices if n.code == "few_sources").message
    two = of_features(
        features[:, :2].transpose(0, 1), features[:, 2:4].transpose(0, 1), torch.tensor([0, 1])
    )
    assert two.interval is None
    assert "too_few_images" in codes(two)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = torch.randn(15, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    sources = torch.arange(15)
    found = jackknife(lambda left: float(values[left].mean()), sources, float(values.mean()))
    assert found.standard_error == pytest.approx(float(values.std()) / math.sqrt(15), rel=1e-9)
    # Student's law with 14 degrees of freedom, from its table.
    assert found.interval[1] - float(values.mean()) == pytest.approx(
        2.1447867 * found.standard_error, rel=1e-6
    )


def test_patches_of_a_source_are_left_out_together():
    values = torch.randn(12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    copies, sources = values.repeat_interleave(5), torch.arange(12).repeat_interleave(5)
    found = jackknife(lambda left: float(copies[left].mean()), sources, float(values.mean()))
    assert found.standard_error == pytest.approx(float(values.std()) / math.sqrt(12), rel=1e-9)


def test_values_alike_but_for_one_have_a_finite_interval():
    found = of_values([0.0] * 11 + [1.0], range(12))
    assert all(math.isfinite(end) for end in found.interval)
    assert found.covers(found.value)


@pytest.mark.slow
@pytest.mark.parametrize("n_sources", [6, 24])
@pytest.mark.parametrize("shape", [1.0, 4.0])
def test_bootstrap_intervals_of_skewed_values_cover_their_mean(n_sources, shape):
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(400):
        low, high = bootstrap_mean(rng.gamma(shape, size=n_sources)).interval
        hits += low <= shape <= high
    assert_coverage(hits, 400)


@pytest.mark.slow
@pytest.mark.parametrize(("n_sources", "dim"), [(40, 4), (24, 40)])
def test_jackknife_intervals_cover_the_mean_of_the_distance_at_this_n(n_sources, dim):
    generator = torch.Generator().manual_seed(0)

    def draw():
        first = torch.randn(n_sources, dim, generator=generator, dtype=torch.float64)
        noise = torch.randn(n_sources, dim, generator=generator, dtype=torch.float64)
        return first, 0.8 * first + noise + 0.3

    truth = np.mean([squared_frechet_distance(*draw()) for _ in range(3000)])
    hits = 0
    for _ in range(400):
        first, second = draw()
        found = of_features(first[:, None], second[:, None], torch.arange(n_sources))
        hits += found.covers(float(truth))
    assert_coverage(hits, 400)
