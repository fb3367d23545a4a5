"""Training of a judge: it learns what can be learnt, and stops and goes on bit for bit."""

import os
import signal
from dataclasses import replace

import pytest
import torch

from jscgc_model.data.labelled_images import LabelledImages
from jscgc_model.metrics import load_judge
from jscgc_model.metrics.judge_network import build_judge
from jscgc_model.metrics.source_intervals import share_interval
from jscgc_model.training.judge_settings import JudgeTrainingSettings
from jscgc_model.training.judge_training import (
    JUDGE,
    RECORD_NAME,
    AugmentedBatches,
    JudgeReport,
    held_out_accuracy,
    train_judge,
)
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError

SHORT = JudgeTrainingSettings(
    n_steps=6, batch_size=16, n_warmup_steps=1, ema_decay=0.5, shift=1, save_every=2
)
CLASSES = ("red", "green", "blue")


def coloured_images(n, seed, *, side=8):
    """Noise, a little brighter in the colour of the class."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (n,), generator=generator)
    levels = torch.randint(0, 216, (n, 3, side, side), generator=generator)
    levels[torch.arange(n), labels] += 40
    return LabelledImages(levels=levels.to(torch.uint8), labels=labels, digest=f"{seed}")


TRAINING, HELD_OUT = coloured_images(400, 0), coloured_images(200, 1)


def train(folder, settings=SHORT, images=TRAINING, **options):
    network = build_judge("mine", 8, CLASSES, (8, 8), 1, seed=0)
    return train_judge(network, images, HELD_OUT, settings, folder, **options)


def losses(folder):
    return [row["loss"] for row in read_log(folder / "steps.jsonl")]


def test_a_judge_learns_colours_and_says_how_well(tmp_path):
    settings = replace(SHORT, n_steps=80, batch_size=32, ema_decay=0.8, save_every=80)
    report = train(tmp_path, settings)
    # A hundred times the share that chance gives would not pass this by luck.
    assert report.held_out_accuracy.interval[0] > 0.9
    judge = load_judge(tmp_path)
    named = judge.classes(HELD_OUT.pixels(slice(None)))
    share = float((named == HELD_OUT.labels).double().mean())
    assert report.held_out_accuracy.value == pytest.approx(share)
    assert report.held_out_accuracy.interval == pytest.approx(share_interval(share, 200))
    assert f"held-out accuracy {share:.3f}" in judge.protocol
    assert JudgeReport.from_json(tmp_path / JUDGE / RECORD_NAME) == report
    assert report.n_parameters == sum(one.numel() for one in judge.network.parameters())


def test_a_stopped_run_goes_on_to_the_same_judge(tmp_path):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    train(whole)

    def stop(fraction):
        if fraction >= 0.5:
            os.kill(os.getpid(), signal.SIGTERM)

    assert train(stopped, progress=stop) is None
    assert len(losses(stopped)) == 3
    assert train(stopped, resume=True) is not None
    assert losses(stopped) == losses(whole)
    assert load_judge(stopped).digest == load_judge(whole).digest


def test_another_run_is_neither_replaced_nor_gone_on_with(tmp_path):
    train(tmp_path)
    with pytest.raises(InputError, match="holds a training run already"):
        train(tmp_path)
    with pytest.raises(InputError, match=r"other settings \(training\)"):
        train(tmp_path, replace(SHORT, label_smoothing=0.2), resume=True)
    with pytest.raises(InputError, match=r"other settings \(images\)"):
        train(tmp_path, images=coloured_images(400, 7), resume=True)


def test_batches_are_shifts_and_mirror_images():
    batches = AugmentedBatches(TRAINING, replace(SHORT, batch_size=64, shift=2), "cpu")
    pixels, labels = batches(3)
    padded = torch.nn.functional.pad(TRAINING.pixels(slice(None)), (2,) * 4, mode="reflect")
    views = []
    for flipped in (padded, padded.flip(3)):
        for top in range(5):
            views += [flipped[..., top : top + 8, left : left + 8] for left in range(5)]
    known = {
        view.numpy().tobytes(): (int(label), kind)
        for kind, of_all in enumerate(views)
        for view, label in zip(of_all.contiguous(), TRAINING.labels, strict=True)
    }
    found = [known[one.contiguous().numpy().tobytes()] for one in pixels]
    assert [label for label, _ in found] == labels.tolist()
    # 64 draws of 50 views: fewer than 20 kinds have no chance worth naming.
    assert len({kind for _, kind in found}) > 20
    assert torch.equal(batches(3)[0], pixels)
    assert not torch.equal(batches(4)[0], pixels)


def test_accuracy_counts_every_image_once():
    network = build_judge("mine", 8, CLASSES, (8, 8), 1, seed=0).eval()
    images = coloured_images(1100, 3)
    with torch.no_grad():
        named = network(images.pixels(slice(None))).argmax(dim=1)
    expected = float((named == images.labels).double().mean())
    assert held_out_accuracy(network, images).value == pytest.approx(expected)


def test_a_label_without_a_class_is_refused(tmp_path):
    network = build_judge("mine", 8, CLASSES[:2], (8, 8), 1, seed=0)
    with pytest.raises(InputError, match="label 2 has no name among 2 classes"):
        train_judge(network, TRAINING, HELD_OUT, SHORT, tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label_smoothing": 1.0}, r"label_smoothing = 1 is outside \[0, 1\)"),
        ({"shift": -1}, "shift = -1 is too small"),
        ({"n_steps": 0}, "n_steps = 0 is too small"),
    ],
)
def test_settings_out_of_range_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        JudgeTrainingSettings(**changes)
