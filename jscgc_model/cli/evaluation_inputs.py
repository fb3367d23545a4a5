"""What an evaluation sends: image files, or the drawn images that systems were trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jscgc_model.data import DrawnImages, ImageFolder, ImageTable, numpy_stream
from jscgc_model.data.encoded_images import EncodedImages
from jscgc_model.data.image_table import TABLE_SUFFIXES
from jscgc_model.evaluation import EvaluatedImages, drawn_image_metrics
from jscgc_model.metrics import Metric
from jscgc_model.pipelines import CommunicationPipeline
from jscgc_model.recipes import build_source
from jscgc_model.recipes.run_folder import load_recipe
from jscgc_theory.errors import InputError
from jscgc_theory.points_io.hashing import sha256_of_files
from jscgc_theory.records import InputFile
from jscgc_theory.sources import Drawing

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run

_LABELS = "label"
_COLOURS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class EvaluationInputs:
    """The images and what is known of them."""

    images: EvaluatedImages
    shorter_side: int
    """The least, in pixels."""
    channels: int
    drawing: Drawing | None = None
    """What they were drawn by, if they are drawn images."""

    def drawn_metrics(self, seed: int) -> tuple[Metric[Any], ...]:
        """Return the metrics of which the drawing is the judge.

        Args:
            seed: Of the search for the nearest drawn image.

        Returns:
            None unless the images are drawn.
        """
        return () if self.drawing is None else drawn_image_metrics(self.drawing, seed=seed)


def evaluation_inputs(
    run: "Run",
    pipelines: Mapping[str, CommunicationPipeline],
    folders: Sequence[Path],
    data: str | None,
    *,
    n_samples: int,
    resize: int | None,
) -> EvaluationInputs:
    """Return the images that every system can take.

    Args:
        run: The command at work.
        pipelines: The systems.
        folders: Their folders.
        data: Folder or table of images; None for drawn images.
        n_samples: Images at most.
        resize: Pixels the shorter side is resized to, or None.

    Returns:
        The images.

    Raises:
        InputError: If the systems take different images, or there are none.
    """
    channels = _common_channels(pipelines)
    if data is None:
        return _drawn(run, folders, n_samples)
    path = Path(data)
    images, labels, files = _opened(path)
    run.targets.keep_off(path)
    chosen = EvaluatedImages.from_files(
        images,
        channels=channels,
        shorter_side=resize,
        n_images=n_samples,
        labels=labels,
        seed=run.seed,
    )
    sides, n_images, n_values = _survey(chosen)
    run.inputs.append(
        InputFile(
            path=data,
            sha256=sha256_of_files(files, path if path.is_dir() else path.parent),
            n_points=n_images,
            ambient_dim=n_values,
        )
    )
    return EvaluationInputs(images=chosen, shorter_side=sides, channels=channels)


def _common_channels(pipelines: Mapping[str, CommunicationPipeline]) -> int:
    found = {name: _channels(one) for name, one in pipelines.items()}
    if len(set(found.values())) > 1:
        told = ", ".join(f"{name} takes {count}" for name, count in found.items())
        raise InputError(f"the systems take images of different channels: {told}; evaluate apart")
    (name, channels), *_ = found.items()
    if channels not in (1, _COLOURS):
        raise InputError(f"{name} takes no images; evaluate systems of images, or use jscgc sweep")
    return channels


def _channels(pipeline: CommunicationPipeline) -> int:
    if getattr(pipeline, "vae", None) is not None:
        return _COLOURS
    return pipeline.sample_channels or 0


def _drawn(run: "Run", folders: Sequence[Path], n_samples: int) -> EvaluationInputs:
    source = None
    for folder in folders:
        place = folder if (folder / "recipe.json").is_file() else folder.parent
        found = build_source(load_recipe(place))
        if not isinstance(found, DrawnImages):
            raise InputError(
                f"--data is missing, and {folder} was not trained on drawn images; give a folder "
                "or table of images"
            )
        if source is not None and found.drawing != source.drawing:
            raise InputError("the systems were trained on different drawings; evaluate apart")
        source = found
    if source is None:
        raise InputError("--checkpoint is missing; give one system at least")
    pixels = source.draw(n_samples, numpy_stream(run.seed, "held out"))
    channels, *sides = source.sample_shape
    return EvaluationInputs(
        images=EvaluatedImages.in_memory(pixels),
        shorter_side=min(sides),
        channels=channels,
        drawing=source.drawing,
    )


def _opened(path: Path) -> tuple[EncodedImages, list[int] | None, list[Path]]:
    """Return image files, their labels if a table tells them, and what to hash."""
    tables = [path] if path.suffix in TABLE_SUFFIXES else []
    if path.is_dir():
        tables = sorted(one for end in TABLE_SUFFIXES for one in path.rglob(f"*{end}"))
    if not tables:
        folder = ImageFolder(path)
        return folder, None, [path / folder.name(number) for number in range(len(folder))]
    table = ImageTable(path)
    try:
        return table, table.labels(_LABELS), tables
    except InputError:
        return table, None, tables


def _survey(images: EvaluatedImages) -> tuple[int, int, int]:
    """Return the least side, the number of images that can be read, and the values of the last."""
    least, count, n_values = 0, 0, 0
    for batch in images.batches():
        side = min(batch.pixels.shape[2:])
        least = min(least or side, side)
        count += len(batch.pixels)
        n_values = batch.pixels[0].numel()
    return least, count, n_values
