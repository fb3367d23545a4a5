"""Names stand for protocols; what does not fit a name is refused."""

import pytest
import torch
from torch import nn

from jscgc_model.metrics import (
    METRIC_NAMES,
    METRICS_WITHOUT_WEIGHTS,
    FeatureExtractor,
    make_metric,
    metrics_on,
    network_of,
    squared_frechet_distance,
)
from jscgc_model.metrics.inception import INCEPTION
from jscgc_model.metrics.judge_metrics import CIFAR_JUDGE, judge_metric_names
from jscgc_model.metrics.patches import cut_patches
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate
from tests.model.metrics.small_networks import (
    drawn_images,
    measured,
    noisy,
    pairs_of,
    small_extractor,
    small_judge,
    small_lpips,
)

DISTANCES = [name for name in METRIC_NAMES if name.startswith(("rfid", "kid"))]

JUDGED = judge_metric_names(CIFAR_JUDGE)


def injected(name):
    if name.startswith("lpips"):
        return small_lpips()
    if name in JUDGED:
        return small_judge()
    return small_extractor(INCEPTION if name in DISTANCES else name)


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_every_name_answers_with_its_protocol_and_survives_json(name):
    metric = make_metric(name, weights=injected(name))
    assert metric.name == name
    images = drawn_images(6, side=256)
    found = measured(metric, images, noisy(images, 0.1), labels=torch.arange(6) % 3)
    assert found.method.startswith(metric.protocol)
    assert found.details["better"] == metric.better
    assert found.covers(found.value)
    assert found.n_points_used > 0
    assert Estimate.from_json(found.to_json()) == found


@pytest.mark.parametrize("name", [name for name in DISTANCES if name.startswith("rfid")])
def test_frechet_distances_of_a_set_to_itself_are_zero_and_rise_with_noise(name):
    metric = make_metric(name, weights=injected(name))
    images = drawn_images(3, side=256)
    ladder = [measured(metric, images, noisy(images, s)).value for s in (0.0, 0.1, 0.4)]
    assert ladder[0] == pytest.approx(0.0, abs=1e-12)
    assert ladder[0] < ladder[1] < ladder[2]


def test_batches_may_differ_in_size_and_count_as_one_set():
    metric = make_metric("rfid_patch64", weights=injected("rfid_patch64"))
    wide, tall = drawn_images(2, side=128)[:, :, :64], drawn_images(1, side=128, seed=3)
    kept = [
        metric.observe(pairs_of(wide, noisy(wide, 0.2), torch.tensor([0, 1]))),
        metric.observe(pairs_of(tall, noisy(tall, 0.2), torch.tensor([2]))),
    ]
    found = metric.estimate(kept)
    assert found.n_points_used == 2 * 2 + 5
    assert found.details["n_images"] == 3
    cut = [
        torch.cat([cut_patches(images, 64).flatten(0, 1) for images in images_of_one_kind])
        for images_of_one_kind in ((wide, tall), (noisy(wide, 0.2), noisy(tall, 0.2)))
    ]
    with torch.no_grad():
        features = [metric.extractor.features(one).double() for one in cut]
    expected = squared_frechet_distance(*features)
    assert found.value == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("size", "side", "n_patches"), [((512, 768), 256, 8), ((64, 64), 64, 1), ((65, 100), 64, 1)]
)
def test_patches_are_two_grids_inside_the_image(size, side, n_patches):
    pixels = torch.arange(size[0] * size[1], dtype=torch.float32).reshape(1, 1, *size)
    patches = cut_patches(pixels, side)
    assert patches.shape == (1, n_patches, 1, side, side)
    corners = patches[0, :, 0, 0, 0].long()
    tops, lefts = corners // size[1], corners % size[1]
    shifted = tops % side == side // 2
    assert torch.equal(shifted, lefts % side == side // 2)
    assert bool(((tops % (side // 2) == 0) & (tops + side <= size[0])).all())
    assert len(set(corners.tolist())) == n_patches


def test_images_smaller_than_a_patch_are_refused():
    images = drawn_images(1, side=255)
    metric = make_metric("rfid_patch256", weights=injected("rfid_patch256"))
    with pytest.raises(InputError, match="rfid_patch256 needs images of at least 256 pixels"):
        metric.observe(pairs_of(images, images))


def test_one_image_has_no_distance_between_sets():
    images = drawn_images(1)
    with pytest.raises(InputError, match="rfid_whole of one image is not defined"):
        measured(make_metric("rfid_whole", weights=injected("rfid_whole")), images, images)


def test_small_sets_earn_the_notice_that_fits_them():
    def codes(n, weights):
        images = drawn_images(n, side=16)
        found = measured(make_metric("rfid_whole", weights=weights), images, images)
        return {notice.code for notice in found.notices}

    extractor = small_extractor(INCEPTION, dim=6)
    assert codes(6, extractor) >= {"rank_deficient"}
    assert codes(12, extractor) == {"biased_by_sample_size"}


def test_enough_rows_earn_no_notice():
    metric = make_metric("fd_cifar_cnn", weights=small_extractor())
    assert metric.sample_notices(10_000, 6) == ()


def test_features_of_another_network_are_never_called_fid():
    with pytest.raises(InputError, match=r"those of cifar_cnn, .*; use the metric fd_cifar_cnn"):
        make_metric("rfid_whole", weights=small_extractor("cifar_cnn"))
    found = make_metric("fd_cifar_cnn", weights=small_extractor("cifar_cnn"))
    assert "fid" not in found.name + found.protocol


@pytest.mark.parametrize(
    ("name", "weights", "message"),
    [
        ("fid", "hub", "metric 'fid' is unknown; choose one of psnr, ssim"),
        ("fd_cifar_cnn", "hub", "no weights of 'cifar_cnn' are published"),
        ("dino_vits16", small_lpips(), "takes no LpipsNetwork; give a FeatureExtractor"),
        ("lpips_vgg", small_judge(), "lpips_vgg takes no extractor of features"),
        ("cosine_cifar_cnn", small_extractor(), "cosine_cifar_cnn takes a judge or its folder"),
        ("cosine_other", small_judge(), "judge is cifar_cnn, not other; .* cosine_cifar_cnn"),
    ],
)
def test_what_does_not_fit_a_name_is_refused(name, weights, message):
    with pytest.raises(InputError, match=message):
        make_metric(name, weights=weights)


def test_a_network_in_training_mode_is_refused():
    with pytest.raises(InputError, match=r"the network of mine is in training mode.*eval\(\)"):
        FeatureExtractor(name="mine", network=nn.Flatten())


def test_features_that_are_no_rows_are_refused():
    extractor = FeatureExtractor(name="mine", network=nn.Identity().eval())
    with pytest.raises(InputError, match=r"mine made features of shape \(2, 3, 8, 8\)"):
        extractor.features(drawn_images(2, side=8))


def test_many_images_pass_through_the_network_in_parts():
    extractor = small_extractor()
    images = drawn_images(130, side=8)
    whole = extractor.network(images)
    torch.testing.assert_close(extractor.features(images), whole)


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_the_metrics_on_a_network_are_those_that_need_it(name):
    network = network_of(name)
    if network is None:
        assert name in METRICS_WITHOUT_WEIGHTS
    else:
        assert name in metrics_on(network)
    assert network_of("cosine_birds") == "birds"
    assert "cosine_birds" in metrics_on("birds")


def test_an_unknown_metric_has_no_network():
    with pytest.raises(InputError, match="metric 'psnt' is unknown; choose one of psnr"):
        network_of("psnt")
