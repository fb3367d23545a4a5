"""What is said about the list of recipes, a training run and a transmission."""

from jscgc_model.data.reading_report import ReadingReport
from jscgc_model.report.command_records import RecipeList, TrainingReport, TransmissionReport
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Content, Table, content_of


@content_of.register(RecipeList)
def recipe_list_content(result: RecipeList) -> Content:
    """Return what is said about a ``RecipeList``.

    Args:
        result: The list.

    Returns:
        The content, one row a recipe.
    """
    return Content(
        question="What can be trained?",
        answer=f"{len(result.recipes)} recipes: jscgc train --recipe NAME.",
        tables=(
            Table(
                caption="Recipes",
                columns=("recipe", "what it trains", "steps", "batch"),
                rows=tuple(
                    (one.name, one.about, str(one.n_steps), str(one.batch_size))
                    for one in result.recipes
                ),
            ),
        ),
    )


@content_of.register(TrainingReport)
def training_content(result: TrainingReport) -> Content:
    """Return what is said about a ``TrainingReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    total = sum(result.n_parameters.values())
    return Content(
        question=f"How did the training of {result.recipe} end?",
        answer=(
            f"After {result.n_steps_done} steps the loss is {format_number(result.last_loss)}, at "
            f"{format_number(result.n_samples_per_second, 3)} samples a second."
        ),
        remarks=(
            f"Recipe, checkpoints, log and pipeline lie in {result.folder}.",
            *_told_of_skipped(result.reading),
        ),
        tables=(
            Table(
                caption="Learning parameters",
                columns=("part", "parameters"),
                rows=(
                    *((part, f"{count:,}") for part, count in result.n_parameters.items()),
                    ("total", f"{total:,}"),
                ),
            ),
        ),
        terms=(
            (
                "loss",
                "mean squared error of the velocity, (3), over the last steps; it does not fall "
                "to 0, because noise cannot be told from data where both overlap",
            ),
        ),
    )


@content_of.register(TransmissionReport)
def transmission_content(result: TransmissionReport) -> Content:
    """Return what is said about a ``TransmissionReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    count = len(result.distance)
    mean = sum(result.distance) / count
    return Content(
        question="What arrived?",
        answer=(
            f"At {format_number(result.snr_db)} dB {result.n_samples} samples were generated "
            f"{_times(result.n_draws)}, {format_number(mean)} data units from what was sent on "
            "average."
        ),
        remarks=(
            f"Each was sent in {result.n_symbols} complex symbols, "
            f"{format_number(result.bandwidth_ratio)} for each of its values, over a channel that "
            f"carries at most {format_number(result.capacity_bits)} bits.",
            "Beside them the receiver is told what would cost "
            f"{format_number(result.side_symbols)} symbols.",
        ),
        tables=(
            Table(
                caption="Root mean square distance of the draws from each sample",
                columns=("sample", "distance (data units)"),
                rows=tuple(
                    (str(place), format_number(one)) for place, one in enumerate(result.distance)
                ),
                folded=True,
            ),
            Table(
                caption="Files written",
                columns=("file",),
                rows=tuple((file,) for file in result.files),
                folded=True,
            ),
        ),
        terms=(
            (
                "data unit",
                "one unit of a sample's values: for images the distance between black and white "
                "in a single pixel",
            ),
        ),
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times each"


def _told_of_skipped(reading: ReadingReport | None) -> tuple[str, ...]:
    if reading is None or not reading.n_skipped:
        return ()
    first = reading.skipped[0]
    return (
        f"{reading.n_skipped} of {reading.n_images:,} images were skipped, such as {first.name}: "
        f"{first.reason}. The folder's reading.json lists them.",
    )
