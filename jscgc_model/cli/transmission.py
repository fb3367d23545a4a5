"""``jscgc transmit``: send images or points, save what is generated."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from diffusers.utils.logging import disable_progress_bar

from jscgc_model.channel import capacity_bits, side_symbols, told_to_receiver
from jscgc_model.cli.contact_sheet import write_contact_sheet
from jscgc_model.cli.records import TransmissionReport
from jscgc_model.data.image_files import is_images, read_images, write_image
from jscgc_model.pipelines import CommunicationPipeline, TransmissionOutput
from jscgc_model.recipes.run_folder import load_pipeline
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run


def transmit_command(
    run: "Run",
    images: str,
    folder: Path,
    out: Path,
    *,
    snr_db: float,
    n_steps: int | None,
    n_draws: int,
    resize: int | None,
) -> TransmissionReport:
    """Send samples through a trained system and save its draws.

    Args:
        run: The command at work.
        images: An image, a folder of images, or points.
        folder: Training run or saved pipeline.
        out: Where generations go: ``generated.npy`` and, for images, one PNG a draw.
        snr_db: Es/N0 in dB.
        n_steps: Steps of the sampler, or None.
        n_draws: Draws for each sample.
        resize: Side images are resized to, or None.

    Returns:
        What was sent and how far the draws lie from it.
    """
    # The command's own bar, or its silence, stands for all.
    disable_progress_bar()
    pipeline = load_pipeline(folder)
    _keep_apart(Path(images), out)
    samples, names = _read(run, images, pipeline, resize)
    output = pipeline(
        samples,
        snr_db,
        num_inference_steps=n_steps,
        num_draws=n_draws,
        generator=torch.Generator().manual_seed(run.seed),
    )
    out.mkdir(parents=True, exist_ok=True)
    files = [*_write(out, names, output), *write_contact_sheet(out, samples, output.samples)]
    settings = output.received.settings
    n_symbols = output.received.sent.shape[1]
    misses = (output.samples.cpu() - samples[:, None]).flatten(2).square().sum(dim=2)
    return TransmissionReport(
        snr_db=snr_db,
        n_samples=len(samples),
        n_draws=n_draws,
        n_symbols=n_symbols,
        bandwidth_ratio=n_symbols / samples[0].numel(),
        side_symbols=float(side_symbols(told_to_receiver(settings, n_symbols))),
        capacity_bits=capacity_bits(settings, snr_db=snr_db, n_symbols=n_symbols),
        distance=tuple(misses.mean(dim=1).sqrt().tolist()),
        files=tuple(str(file) for file in files),
    )


def _read(
    run: "Run", images: str, pipeline: CommunicationPipeline, resize: int | None
) -> tuple[torch.Tensor, list[str]]:
    path = Path(images)
    channels = pipeline.sample_channels
    if channels is not None and is_images(path):
        samples, files = read_images(path, channels=channels, resize=resize)
        run.targets.keep_off(path)
        run.note_input(path, files, n_values=samples[0].numel())
        return samples, _names(files)
    rows = torch.from_numpy(np.array(run.load(images, resize=resize), dtype=np.float32))
    if channels is not None:
        side = math.isqrt(rows.shape[1] // channels)
        if side * side * channels != rows.shape[1]:
            raise InputError(
                f"{images} holds points of {rows.shape[1]} numbers, no square image of "
                f"{channels} channels; give image files"
            )
        rows = rows.reshape(len(rows), channels, side, side)
    return rows, [f"{place:06d}" for place in range(len(rows))]


def _keep_apart(images: Path, out: Path) -> None:
    """Keep what is generated from replacing, or joining, what is sent."""
    if out.resolve() in (images.resolve(), images.resolve().parent):
        raise InputError(f"--out {out} is where {images} lies; give another folder")


def _names(files: list[Path]) -> list[str]:
    """Return a name for each image; a number in front tells apart those of one name."""
    stems = [file.stem for file in files]
    if len(set(stems)) == len(stems):
        return stems
    return [f"{place:06d}_{stem}" for place, stem in enumerate(stems)]


def _write(out: Path, names: list[str], output: TransmissionOutput) -> list[Path]:
    table = out / "generated.npy"
    np.save(table, output.samples.cpu().numpy())
    if output.samples.dim() != 5:
        return [table]
    files = []
    for name, draws in zip(names, output.samples, strict=True):
        for place, pixels in enumerate(draws):
            files.append(out / f"{name}_draw{place}.png")
            write_image(files[-1], pixels)
    return [table, *files]
