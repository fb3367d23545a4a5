"""What is said about a judge that was trained."""

from jscgc_model.training.judge_training import JudgeReport
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Content, Table, content_of, told


@content_of.register(JudgeReport)
def judge_content(result: JudgeReport) -> Content:
    """Return what is said about a ``JudgeReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    accuracy = result.held_out_accuracy
    return Content(
        question=f"How well does the judge {result.name} tell classes apart?",
        answer=(
            f"It names the class of {told(accuracy)} of {accuracy.n_points_used} images that it "
            "has not seen."
        ),
        remarks=(
            f"Its metrics are fd_{result.name}, class_consistency_{result.name}, "
            f"class_accuracy_{result.name}, cosine_{result.name} and perceptual_{result.name}: "
            f"jscgc evaluate --weights {result.name}=FOLDER.",
        ),
        tables=(
            Table(
                caption="The judge",
                columns=("classes", "side (pixels)", "parameters", "images", "steps", "seconds"),
                rows=(
                    (
                        ", ".join(result.classes),
                        str(result.side),
                        f"{result.n_parameters:,}",
                        f"{result.n_training_images:,}",
                        f"{result.n_steps:,}",
                        format_number(result.train_seconds, 3),
                    ),
                ),
            ),
        ),
        terms=(
            ("judge", "a classifier that says whether meaning survives a transmission"),
            ("seconds", "of training, since it was begun or last resumed"),
        ),
    )
