"""A judge trained here: classes, features, distance, and what is no judge."""

import math
from statistics import NormalDist

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.metrics import JudgeDistance, load_judge, make_metric
from jscgc_model.metrics.judge_network import JudgeNetwork, build_judge
from jscgc_model.metrics.source_intervals import share_interval
from jscgc_theory.errors import InputError
from tests.model.metrics.small_networks import (
    drawn_images,
    measured,
    noisy,
    pairs_of,
    small_judge,
)

IMAGES = drawn_images(12, side=8)
BLURRED = noisy(IMAGES, 0.3)


@given(n=st.integers(1, 500), data=st.data())
def test_the_ends_of_a_share_are_those_that_its_score_test_just_accepts(n, data):
    share = data.draw(st.integers(0, n)) / n
    z = NormalDist().inv_cdf(0.975)
    low, high = share_interval(share, n)
    assert 0.0 <= low <= share <= high <= 1.0
    for end in (low, high):
        missed = (share - end) ** 2 - z**2 * end * (1.0 - end) / n
        assert missed == pytest.approx(0.0, abs=1e-12)


def test_a_judge_comes_back_as_it_was_saved(tmp_path):
    judge = small_judge()
    judge.network.save_pretrained(tmp_path / "judge")
    for folder in (tmp_path, tmp_path / "judge"):
        found = load_judge(folder)
        assert (found.name, found.side, found.digest) == ("cifar_cnn", 8, judge.digest)
        torch.testing.assert_close(found.network(IMAGES), judge.network(IMAGES))
        assert not any(one.requires_grad for one in found.network.parameters())
    assert small_judge(seed=1).digest != judge.digest


def test_classes_agree_as_often_as_the_logits_say():
    judge = small_judge()
    first, second = (judge.network(one).argmax(dim=1) for one in (IMAGES, BLURRED))
    agreeing = float((first == second).double().mean())
    found = measured(make_metric("class_consistency_cifar_cnn", weights=judge), IMAGES, BLURRED)
    assert found.value == pytest.approx(agreeing)
    assert found.interval == pytest.approx(share_interval(agreeing, 12))
    labels = torch.arange(12) % 3
    accuracy = make_metric("class_accuracy_cifar_cnn", weights=judge)
    found = measured(accuracy, IMAGES, BLURRED, labels=labels)
    assert found.value == pytest.approx(float((second == labels).double().mean()))
    assert judge.digest in found.method


def test_draws_of_one_source_count_once():
    metric = make_metric("class_consistency_cifar_cnn", weights=small_judge())
    sources = torch.arange(12) // 4
    found = measured(metric, IMAGES, IMAGES, sources)
    assert (found.value, found.n_points_used, found.details["n_sources"]) == (1.0, 12, 3)
    assert found.interval == pytest.approx(share_interval(1.0, 3))


def test_labels_are_asked_for_where_they_are_missing_and_checked_where_not():
    metric = make_metric("class_accuracy_cifar_cnn", weights=small_judge())
    with pytest.raises(InputError, match="class_accuracy_cifar_cnn needs the labels"):
        metric.observe(pairs_of(IMAGES, BLURRED))
    with pytest.raises(InputError, match=r"labels has shape \(2,\)"):
        pairs_of(IMAGES, BLURRED, labels=torch.zeros(2, dtype=torch.long))


def test_images_of_another_size_are_resized_to_those_it_knows():
    judge = small_judge()
    large = drawn_images(3, side=24)
    small = torch.nn.functional.interpolate(large, [8, 8], mode="bicubic", antialias=True)
    expected = judge.network.features(small.clamp(0.0, 1.0))
    torch.testing.assert_close(judge.extractor().features(large), expected)


def test_the_distance_is_a_sum_over_places_of_unit_maps():
    judge = small_judge()
    expected = torch.zeros(12)
    pairs = zip(judge.network.of_stages(IMAGES), judge.network.of_stages(BLURRED), strict=True)
    for first, second in pairs:
        height, width = first.shape[2:]
        for row in range(height):
            for column in range(width):
                one, other = (
                    maps[:, :, row, column] / maps[:, :, row, column].norm(dim=1, keepdim=True)
                    for maps in (first, second)
                )
                expected += (one - other).square().sum(dim=1) / (height * width)
    distance = JudgeDistance(judge)
    torch.testing.assert_close(distance(IMAGES, BLURRED), expected)
    torch.testing.assert_close(distance(BLURRED, IMAGES), expected)
    assert distance(IMAGES, IMAGES).abs().max() == 0.0
    found = measured(make_metric("perceptual_cifar_cnn", weights=judge), IMAGES, BLURRED)
    assert found.value == pytest.approx(float(expected.mean()), rel=1e-5)


def test_the_distance_is_a_loss_that_leaves_the_judge_alone():
    distance = JudgeDistance(small_judge())
    images = BLURRED.clone().requires_grad_(True)
    distance(IMAGES, images).sum().backward()
    assert images.grad.abs().amax(dim=(1, 2, 3)).min() > 0.0
    assert all(one.grad is None for one in distance.parameters())


def test_a_stage_halves_the_sides_and_the_seed_decides_the_weights():
    with torch.no_grad():
        network = build_judge("mine", 16, ("a", "b"), (4, 8, 12), 2, seed=3).eval()
        maps = network.of_stages(drawn_images(2, side=16))
    assert [tuple(one.shape) for one in maps] == [(2, 4, 16, 16), (2, 8, 8, 8), (2, 12, 4, 4)]
    again = build_judge("mine", 16, ("a", "b"), (4, 8, 12), 2, seed=3)
    assert torch.equal(again.head.weight, network.head.weight)
    assert math.prod(network.head.weight.shape) == 24


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"classes": ["a"]}, "tells nothing apart"), ({"side": 0}, "side = 0 is too small")],
)
def test_a_judge_without_choice_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        JudgeNetwork(**{"name": "mine", "side": 8, "classes": ["a", "b"], **changes})


def test_what_is_no_judge_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no judge; train one"):
        load_judge(tmp_path)
    small_judge().network.save_pretrained(tmp_path)
    (tmp_path / "diffusion_pytorch_model.safetensors").write_bytes(b"damaged")
    with pytest.raises(InputError, match=r"the judge in .* cannot be read"):
        load_judge(tmp_path)
