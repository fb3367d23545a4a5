"""Everything the training of a judge depends on, and the recipes of judges."""

from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from jscgc_model.data.labelled_images import LabelledImages, read_labelled_images
from jscgc_model.data.splits import Split
from jscgc_model.metrics.judge_network import build_judge
from jscgc_model.recipes.changeable_record import RECIPE_NAME, ChangeableRecord
from jscgc_model.training.judge_settings import JudgeTrainingSettings
from jscgc_model.training.judge_training import JudgeReport, train_judge
from jscgc_theory.records import Record

CIFAR_10_CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


class LabelledTableSource(Record):
    """Labelled images in Parquet or Arrow tables."""

    path: str
    side: int = Field(default=16, ge=8)
    """Pixels the images are resized to."""
    column: str | None = None
    """Name of the image column; null if there is only one."""
    label_column: str = "label"
    classes: tuple[str, ...] = CIFAR_10_CLASSES
    """Names of the labels 0, 1, ..."""
    split: Split = "train"
    """What is learnt from."""
    held_out_split: Split = "test"
    """What the accuracy is measured on."""


class JudgeSizes(Record):
    """The network, and what metrics on it are called."""

    judge_name: str = "cifar_cnn"
    widths: tuple[int, ...] = (32, 64, 128)
    """Channels of each stage."""
    blocks_per_stage: int = 1


class JudgeRecipe(ChangeableRecord):
    """A judge: what it learns from, how large it is, how it is trained."""

    source: LabelledTableSource
    architecture: JudgeSizes = JudgeSizes()
    training: JudgeTrainingSettings = JudgeTrainingSettings()


def cifar_16_judge() -> JudgeRecipe:
    """Return the recipe of the judge of CIFAR-10 at 16 x 16 pixels.

    Returns:
        The recipe: about a quarter of an hour of one core.
    """
    return JudgeRecipe(
        name="cifar_16_judge",
        about="a classifier of CIFAR-10 at 16 x 16 pixels, for metrics without downloads; "
        "--set source.path=FOLDER",
        source=LabelledTableSource(path="cifar10"),
    )


JUDGE_RECIPES: dict[str, Callable[[], JudgeRecipe]] = {"cifar_16_judge": cifar_16_judge}
"""Functions that return a recipe, by its name."""


def train_judge_recipe(
    recipe: JudgeRecipe,
    folder: Path,
    *,
    resume: bool = False,
    progress: Callable[[float], None] | None = None,
) -> JudgeReport | None:
    """Train a judge by a recipe.

    Args:
        recipe: The recipe.
        folder: Where everything goes.
        resume: Whether to go on from the newest checkpoint.
        progress: Told the finished fraction.

    Returns:
        What it reached, or None if training was interrupted.

    Raises:
        InputError: If the images cannot be read, or the folder holds another run.
    """
    source, sizes = recipe.source, recipe.architecture
    network = build_judge(
        sizes.judge_name,
        source.side,
        source.classes,
        sizes.widths,
        sizes.blocks_per_stage,
        seed=recipe.training.seed,
    )
    images, held_out = (_read(source, split) for split in (source.split, source.held_out_split))
    report = train_judge(
        network, images, held_out, recipe.training, folder, resume=resume, progress=progress
    )
    recipe.to_json(folder / RECIPE_NAME)
    return report


def _read(source: LabelledTableSource, split: Split) -> LabelledImages:
    return read_labelled_images(
        Path(source.path),
        side=source.side,
        split=split,
        column=source.column,
        label_column=source.label_column,
    )
