"""One system at one SNR: the images sent, what was made of them measured, the bill added up."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from jscgc_model.channel import capacity_bits, side_symbols, told_to_receiver
from jscgc_model.data.streams import torch_stream
from jscgc_model.evaluation.evaluated_images import EvaluatedImages, ImageBatch
from jscgc_model.evaluation.evaluated_system import Delivered, EvaluatedSystem
from jscgc_model.evaluation.evaluation_report import SystemRow
from jscgc_model.evaluation.shown_images import ShownImages
from jscgc_model.metrics import ImagePairs, Metric, SetMetric
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice


@dataclass(frozen=True, eq=False, kw_only=True)
class Conditions:
    """What is the same for every system and SNR."""

    images: EvaluatedImages
    metrics: Sequence[Metric[Any]]
    n_draws: int
    seed: int
    shown: ShownImages


@dataclass(kw_only=True)
class _Bill:
    """Sums over the images sent so far."""

    n_images: int = 0
    n_values: int = 0
    n_symbols: int = 0
    n_failed: int = 0
    side_symbols: float = 0.0
    capacity_bits: float = 0.0
    seconds: float = 0.0

    def add(self, batch: ImageBatch, sent: Delivered, snr_db: float, seconds: float) -> None:
        count, n_symbols = len(batch.pixels), sent.n_symbols
        told = told_to_receiver(sent.channel, n_symbols)
        self.n_images += count
        self.n_values += batch.pixels.numel()
        self.n_symbols += count * n_symbols
        self.n_failed += sent.n_failed
        self.side_symbols += count * float(side_symbols(told))
        self.capacity_bits += count * capacity_bits(
            sent.channel, snr_db=snr_db, n_symbols=n_symbols
        )
        self.seconds += seconds


@dataclass
class _Measured:
    """What each metric keeps of each draw, and the images that are shown."""

    metrics: Sequence[Metric[Any]]
    n_draws: int
    kept: dict[str, list[list[Any]]] = field(default_factory=dict)
    shown: dict[int, Tensor] = field(default_factory=dict)

    def observe(self, batch: ImageBatch, made: Tensor) -> None:
        for draw in range(self.n_draws):
            pairs = ImagePairs(
                originals=batch.pixels,
                # Decoders overshoot; a display would clip.
                reconstructions=made[:, draw].clamp(0.0, 1.0),
                sources=batch.numbers,
                labels=batch.labels,
            )
            for metric in self.metrics:
                of_draws = self.kept.setdefault(metric.name, [[] for _ in range(self.n_draws)])
                of_draws[draw].append(metric.observe(pairs))

    def estimate(self, metric: Metric[Any]) -> Estimate:
        """Return a metric of all draws; of the first where sets must not hold a source twice."""
        of_draws = self.kept[metric.name]
        if isinstance(metric, SetMetric):
            return metric.estimate(of_draws[0])
        return metric.estimate([one for draw in of_draws for one in draw])

    def draw_values(self, metric: Metric[Any]) -> tuple[float, ...]:
        return tuple(metric.estimate(draw).value for draw in self.kept[metric.name])


def evaluate_cell(
    name: str, system: EvaluatedSystem, snr_db: float, conditions: Conditions
) -> tuple[SystemRow, PixelGrid]:
    """Send all images through a system and measure what was made of them.

    Args:
        name: Of the system.
        system: The system.
        snr_db: Es/N0 in dB.
        conditions: What is the same for all.

    Returns:
        The row of the report, and the images that are shown.

    Raises:
        InputError: If the system cannot send the images, or a metric refuses what it made.
    """
    bill, measured = _Bill(), _Measured(conditions.metrics, conditions.n_draws)
    try:
        for place, batch in enumerate(conditions.images.batches()):
            if place == 0:
                # The first call pays for what is made only once.
                _deliver(system, batch.pixels[:1], snr_db, conditions, place)
            sent, seconds = _deliver(system, batch.pixels, snr_db, conditions, place)
            bill.add(batch, sent, snr_db, seconds)
            made = sent.images.cpu().float()
            measured.observe(batch, made)
            measured.shown |= conditions.shown.cut(batch, made[:, 0].clamp(0.0, 1.0))
    except InputError as error:
        raise InputError(f"{name} at {snr_db:g} dB: {error}") from error
    return _row(name, system, snr_db, bill, measured), conditions.shown.grid(
        f"{name}, {snr_db:g} dB", measured.shown
    )


def _deliver(
    system: EvaluatedSystem, pixels: Tensor, snr_db: float, conditions: Conditions, place: int
) -> tuple[Delivered, float]:
    """Send a batch over the noise of its place, the same for every system and SNR."""
    generator = torch_stream(conditions.seed, "evaluation", place)
    started = time.perf_counter()
    with torch.no_grad():
        sent = system.deliver(pixels, snr_db, n_draws=conditions.n_draws, generator=generator)
    if sent.images.is_cuda:
        torch.cuda.synchronize()
    return sent, time.perf_counter() - started


def _row(
    name: str, system: EvaluatedSystem, snr_db: float, bill: _Bill, measured: _Measured
) -> SystemRow:
    metrics, n_draws = measured.metrics, measured.n_draws
    several = {one.name: measured.draw_values(one) for one in metrics} if n_draws > 1 else {}
    return SystemRow(
        system=name,
        snr_db=snr_db,
        metrics={one.name: measured.estimate(one) for one in metrics},
        draw_values=several,
        n_images=bill.n_images,
        n_symbols=bill.n_symbols / bill.n_images,
        bandwidth_ratio=bill.n_symbols / bill.n_values,
        side_symbols=bill.side_symbols / bill.n_images,
        capacity_bits=bill.capacity_bits / bill.n_images,
        ms_per_image=1000.0 * bill.seconds / (bill.n_images * n_draws),
        n_parameters=system.n_parameters,
        n_steps=system.n_steps,
        notices=_notices(name, snr_db, bill),
    )


def _notices(name: str, snr_db: float, bill: _Bill) -> tuple[Notice, ...]:
    if not bill.n_failed:
        return ()
    message = (
        f"{name} at {snr_db:g} dB: no file of {bill.n_failed} of {bill.n_images} images fits the "
        "capacity; they are shown as one colour."
    )
    return (Notice(code="no_file_fits", message=message),)
