"""An evaluation gives what its metrics give by hand, and goes on where it was stopped."""

import math

import pytest
import torch

from jscgc_model.channel import capacity_bits
from jscgc_model.data import torch_stream
from jscgc_model.evaluation import EvaluatedImages, EvaluationReport, evaluate
from jscgc_model.metrics import ImagePairs, make_metric
from jscgc_theory.errors import InputError
from tests.model.evaluation.simple_systems import CHANNEL, NoisyCopy, pictures
from tests.model.metrics.small_networks import small_judge

PICTURES = pictures(12)
METRICS = [make_metric("psnr"), make_metric("ssim")]


def judged(*names):
    return [make_metric(f"{name}_cifar_cnn", weights=small_judge(side=16)) for name in names]


def test_values_are_those_of_the_metrics_on_what_was_made():
    metrics = [*METRICS, *judged("fd", "class_consistency", "cosine", "perceptual")]
    report = evaluate({"noisy": NoisyCopy(0.2)}, PICTURES, [0.0], metrics, seed=3)
    noise = torch.randn(12, 1, 3, 16, 16, generator=torch_stream(3, "evaluation"))
    made = (PICTURES + 0.2 * noise[:, 0]).clamp(0.0, 1.0)
    pairs = ImagePairs(originals=PICTURES, reconstructions=made, sources=torch.arange(12))
    (row,) = report.rows
    assert list(row.metrics) == [metric.name for metric in metrics]
    for metric in metrics:
        assert row.metrics[metric.name] == metric.estimate([metric.observe(pairs)])


def test_a_perfect_system_is_perfect_and_noise_is_ordered():
    metrics = [*METRICS, *judged("class_consistency", "fd", "perceptual")]
    systems = {f"noise {s:g}": NoisyCopy(s) for s in (0.0, 0.05, 0.2, 0.6)}
    report = evaluate(systems, PICTURES, [0.0], metrics)
    by_metric = {
        name: [report.of_system(system)[0].metrics[name].value for system in systems]
        for name in report.metrics
    }
    assert by_metric["psnr"][0] == math.inf
    assert by_metric["ssim"][0] == pytest.approx(1.0)
    assert by_metric["class_consistency_cifar_cnn"][0] == 1.0
    assert by_metric["fd_cifar_cnn"][0] == pytest.approx(0.0, abs=1e-9)
    for name in ("psnr", "ssim"):
        assert by_metric[name] == sorted(by_metric[name], reverse=True)
    for name in ("fd_cifar_cnn", "perceptual_cifar_cnn"):
        assert by_metric[name] == sorted(by_metric[name])


def test_every_system_meets_the_same_noise_at_every_snr():
    first, second = NoisyCopy(0.1), NoisyCopy(0.3)
    evaluate({"a": first, "b": second}, PICTURES, [0.0, 10.0], METRICS)
    for one, other in zip(first.noises, second.noises, strict=True):
        assert torch.equal(one, other)
    assert torch.equal(first.noises[1], first.noises[3])


def test_the_bill_is_that_of_the_channel():
    (row,) = evaluate({"a": NoisyCopy(0.1)}, PICTURES, [5.0], METRICS).rows
    assert (row.n_images, row.n_symbols, row.bandwidth_ratio) == (12, 256, 1 / 3)
    assert row.capacity_bits == pytest.approx(capacity_bits(CHANNEL, snr_db=5.0, n_symbols=256))
    assert row.side_symbols == 0.5
    assert (row.n_parameters, row.n_steps) == (7, None)
    assert row.ms_per_image > 0.0


def test_sizes_may_differ_and_every_image_counts_once():
    images = [*pictures(3), *pictures(2, side=24), *pictures(1)]
    report = evaluate({"a": NoisyCopy(0.1)}, EvaluatedImages.in_memory(images), [0.0], METRICS)
    (row,) = report.rows
    assert row.n_images == row.metrics["psnr"].n_points_used == 6
    assert row.n_symbols == pytest.approx((4 * 16**2 + 2 * 24**2) / 6)
    assert row.bandwidth_ratio == pytest.approx(1 / 3)
    # What is shown is of one size.
    assert report.examples.shape == (2, 4, 3, 16, 16)


def test_batches_are_bounded_and_lose_nothing():
    images = EvaluatedImages.in_memory(pictures(9, side=512), labels=range(9))
    batches = list(images.batches())
    assert {len(batch.pixels) for batch in batches} == {1}
    assert torch.cat([batch.numbers for batch in batches]).tolist() == list(range(9))
    assert torch.cat([batch.labels for batch in batches]).tolist() == list(range(9))
    assert [len(one.pixels) for one in EvaluatedImages.in_memory(pictures(300)).batches()] == [
        256,
        44,
    ]


def test_several_draws_are_averaged_and_each_is_told():
    metrics = [make_metric("psnr"), *judged("fd")]
    report = evaluate({"a": NoisyCopy(0.2)}, PICTURES, [0.0], metrics, n_draws=3)
    (row,) = report.rows
    psnr, distance = (row.draw_values[name] for name in ("psnr", "fd_cifar_cnn"))
    assert len(set(psnr)) == len(set(distance)) == 3
    assert row.metrics["psnr"].value == pytest.approx(sum(psnr) / 3)
    assert row.metrics["psnr"].n_points_used == 36
    assert row.metrics["psnr"].details["n_sources"] == 12
    assert row.metrics["fd_cifar_cnn"].value == distance[0]
    assert evaluate({"a": NoisyCopy(0.2)}, PICTURES, [0.0], metrics).rows[0].draw_values == {}


def test_examples_are_the_first_images_and_what_became_of_them():
    report = evaluate({"a": NoisyCopy(0.0)}, PICTURES, [0.0, 5.0], METRICS)
    assert report.examples.labels == ("source", "a, 0 dB", "a, 5 dB")
    pixels = torch.from_numpy(report.examples.pixels())
    for row in pixels:
        torch.testing.assert_close(row.float(), PICTURES[:8], atol=0.5 / 255, rtol=0)
    large = evaluate({"a": NoisyCopy(0.0)}, pictures(3, side=160), [0.0], METRICS)
    assert large.examples.shape == (2, 2, 3, 128, 128)


class Stopped(Exception):
    pass


def without_times(report):
    return [row.model_copy(update={"ms_per_image": 0.0}) for row in report.rows]


def test_a_stopped_evaluation_goes_on_to_the_same_report(tmp_path):
    def systems():
        return {"a": NoisyCopy(0.1, falls_with_snr=True), "b": NoisyCopy(0.2)}

    def stop(fraction):
        if fraction >= 0.5:
            raise Stopped

    images = EvaluatedImages.in_memory(PICTURES, labels=[0] * 12)
    metrics = [*METRICS, *judged("class_accuracy", "fd")]
    whole = evaluate(systems(), images, [0.0, 5.0], metrics)
    stopped = systems()
    with pytest.raises(Stopped):
        evaluate(stopped, images, [0.0, 5.0], metrics, folder=tmp_path, progress=stop)
    assert stopped["b"].n_calls == 0
    resumed = systems()
    found = evaluate(resumed, images, [0.0, 5.0], metrics, folder=tmp_path)
    assert (resumed["a"].n_calls, resumed["b"].n_calls) == (0, 4)
    assert without_times(found) == without_times(whole)
    assert found.examples == whole.examples
    assert EvaluationReport.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"n_draws": 2}, {"metrics": METRICS[:1]}, {"images": PICTURES[:11]},
     {"systems": {"a": NoisyCopy(0.11)}}, {"snr_db": [1.0]}],
)  # fmt: skip
def test_what_was_finished_under_other_conditions_is_not_taken(tmp_path, change):
    given = {"systems": {"a": NoisyCopy(0.1)}, "images": PICTURES, "snr_db": [0.0]}
    evaluate(**given, metrics=METRICS, folder=tmp_path)
    evaluate(**{**given, "metrics": METRICS, **change}, folder=tmp_path)
    assert len(list(tmp_path.glob("cell_*.json"))) == 2


def test_a_damaged_cell_is_named(tmp_path):
    given = ({"a": NoisyCopy(0.1)}, PICTURES, [0.0], METRICS)
    evaluate(*given, folder=tmp_path)
    (cell,) = tmp_path.glob("cell_*.json")
    cell.write_text(cell.read_text()[:-40])
    with pytest.raises(InputError, match=rf"{cell.name} is damaged .*; remove it"):
        evaluate(*given, folder=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"systems": {}}, "no system is given"),
        ({"metrics": []}, "no metric is given"),
        ({"snr_db": [math.nan]}, "snr_db"),
        ({"n_draws": 0}, "n_draws = 0 is too small"),
        ({"images": PICTURES[:0]}, "there are no images to send"),
        ({"systems": {"bad": NoisyCopy(math.nan)}}, "bad at 0 dB: reconstructions has values"),
        ({"images": pictures(2, side=8)}, "a at 0 dB: ssim needs images of at least 11 pixels"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(change, message):
    given = {"systems": {"a": NoisyCopy(0.1)}, "images": PICTURES, "snr_db": [0.0]}
    with pytest.raises(InputError, match=message):
        evaluate(**{**given, "metrics": METRICS, **change})


def test_a_system_that_is_not_there_has_no_rows():
    report = evaluate({"a": NoisyCopy(0.1)}, PICTURES, [5.0, 0.0], METRICS)
    assert [row.snr_db for row in report.of_system("a")] == [0.0, 5.0]
    with pytest.raises(InputError, match="no system 'b' was evaluated; choose one of a"):
        report.of_system("b")
