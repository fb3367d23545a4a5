"""Training of a judge: a classifier of labelled images, with shifts and mirroring."""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import update_bn

from jscgc_model.data import torch_stream
from jscgc_model.data.labelled_images import LabelledImages
from jscgc_model.metrics.judge_network import JudgeNetwork
from jscgc_model.metrics.source_intervals import share_interval
from jscgc_model.training.judge_settings import JudgeTrainingSettings
from jscgc_model.training.plain_training import PlainTraining
from jscgc_model.training.whole_folder import written_whole
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Record

JUDGE = "judge"
"""Folder, in that of the run, of the trained network."""
RECORD_NAME = "training.json"
"""Of the file in the judge's folder that says how it was trained and what it reached."""
_N_STATISTICS_BATCHES = 50
_IMAGES_PER_PASS = 500
_N_RECENT = 100


class JudgeReport(Record):
    """What became of a judge's training."""

    name: str
    classes: tuple[str, ...]
    side: int
    """Of its images in pixels."""
    n_parameters: int
    n_training_images: int
    n_steps: int
    last_loss: float
    """Mean cross-entropy of the last steps made, smoothed labels counted."""
    train_seconds: float
    """Since the run was begun or last resumed."""
    held_out_accuracy: Estimate
    """Share of held-out images whose class it names."""


def train_judge(
    network: JudgeNetwork,
    images: LabelledImages,
    held_out: LabelledImages,
    settings: JudgeTrainingSettings,
    folder: Path,
    *,
    device: str = "cpu",
    resume: bool = False,
    progress: Callable[[float], None] | None = None,
) -> JudgeReport | None:
    """Train a judge and save it with what it reaches on images it has not seen.

    The loss is the cross-entropy of smoothed labels. Normalisation uses the statistics of each
    batch; those that the saved judge keeps are taken, once its weights are averaged, over fixed
    batches of the training images, so that they have no part in a checkpoint.

    Args:
        network: The judge, trained in place.
        images: To learn from.
        held_out: To be judged by.
        settings: How.
        folder: Where checkpoints, log and the judge go.
        device: Where.
        resume: Whether to go on from the newest checkpoint in the folder, if there is one.
        progress: Told the finished fraction.

    Returns:
        What it reached, or None if a signal stopped training.

    Raises:
        InputError: If a label has no class, the folder holds another run, or the loss is no
            longer finite.
    """
    for one in (images, held_out):
        _check_labels(one, network)
    # Convolutions over channels that lie together take two thirds of the time on a CPU.
    network.to(device, memory_format=torch.channels_last).train()
    batches = AugmentedBatches(images, settings, device)
    recent: deque[float] = deque(maxlen=_N_RECENT)

    def loss_of(step: int) -> Tensor:
        pixels, labels = batches(step)
        smoothing = settings.label_smoothing
        loss = functional.cross_entropy(network(pixels), labels, label_smoothing=smoothing)
        recent.append(float(loss.detach()))
        return loss

    identity = {
        "training": settings.identity(),
        "judge": dict(network.config),
        "images": images.digest,
    }
    started = time.monotonic()
    training = PlainTraining(network, loss_of, settings.schedule(), identity)
    if not training.run(folder, resume=resume, progress=progress):
        return None
    update_bn((batches(step)[0] for step in range(_N_STATISTICS_BATCHES)), network)
    accuracy = held_out_accuracy(network.eval(), held_out)
    report = JudgeReport(
        name=network.config.name,
        classes=tuple(network.config.classes),
        side=network.config.side,
        n_parameters=sum(one.numel() for one in network.parameters()),
        n_training_images=len(images),
        n_steps=settings.n_steps,
        last_loss=sum(recent) / len(recent) if recent else float("nan"),
        train_seconds=round(time.monotonic() - started, 1),
        held_out_accuracy=accuracy,
    )
    network.register_to_config(held_out_accuracy=round(accuracy.value, 4))
    with written_whole(folder / JUDGE) as partial:
        network.save_pretrained(partial)
        report.to_json(partial / RECORD_NAME)
    return report


class AugmentedBatches:
    """Images and labels of each step: drawn with replacement, mirrored, shifted.

    Args:
        images: The set.
        settings: Size of a batch, greatest shift, seed.
        device: Where batches go.
    """

    def __init__(
        self, images: LabelledImages, settings: JudgeTrainingSettings, device: str
    ) -> None:
        self._images = images
        self._settings = settings
        self._device = device

    def __call__(
        self, step: int
    ) -> tuple[Float[Tensor, "batch 3 side side"], Int[Tensor, " batch"]]:
        """Return the batch of a step, the same whenever it is asked for.

        Args:
            step: Number of the step.

        Returns:
            Pixels in [0, 1] and labels.
        """
        stream = torch_stream(self._settings.seed, "judge batch", step)
        n, reach = self._settings.batch_size, self._settings.shift
        rows = torch.randint(len(self._images), (n,), generator=stream)
        mirrored = torch.rand(n, generator=stream) < 0.5
        offsets = torch.randint(2 * reach + 1, (n, 2), generator=stream)
        pixels = self._images.pixels(rows)
        pixels = torch.where(mirrored[:, None, None, None], pixels.flip(3), pixels)
        shifted = _cut(functional.pad(pixels, (reach,) * 4, mode="reflect"), offsets, reach)
        return (
            shifted.to(self._device, memory_format=torch.channels_last),
            self._images.labels[rows].to(self._device),
        )


def _cut(
    padded: Float[Tensor, "batch 3 padded padded"], offsets: Int[Tensor, "batch 2"], reach: int
) -> Float[Tensor, "batch 3 side side"]:
    """Cut a square out of each image, where its offsets say."""
    places = torch.arange(padded.shape[2] - 2 * reach)
    rows, columns = (offsets[:, axis, None] + places for axis in (0, 1))
    batch = torch.arange(len(padded))[:, None, None]
    # Channels last, so that one index picks a pixel.
    return padded.movedim(1, 3)[batch, rows[:, :, None], columns[:, None, :]].movedim(3, 1)


@torch.no_grad()
def held_out_accuracy(network: JudgeNetwork, images: LabelledImages) -> Estimate:
    """Return the share of images whose class a judge names.

    Args:
        network: The judge, in evaluation mode.
        images: Images it has not seen.

    Returns:
        The share with Wilson's interval.
    """
    weight = network.head.weight
    correct = 0
    for start in range(0, len(images), _IMAGES_PER_PASS):
        part = slice(start, start + _IMAGES_PER_PASS)
        named = network(images.pixels(part).to(weight)).argmax(dim=1).cpu()
        correct += int((named == images.labels[part]).sum())
    share = correct / len(images)
    return Estimate(
        value=share,
        interval=share_interval(share, len(images)),
        method="share of held-out images whose class is named, Wilson's interval",
        n_points_used=len(images),
    )


def _check_labels(images: LabelledImages, network: JudgeNetwork) -> None:
    highest, n_classes = int(images.labels.max()), len(network.config.classes)
    if highest >= n_classes:
        raise InputError(
            f"label {highest} has no name among {n_classes} classes; name every class"
        )
