"""What a page says about a trained system over the SNR."""

from collections.abc import Sequence

from jscgc_model.verification.drawn_image_report import DrawnImageReport
from jscgc_model.verification.snr_sweep import SystemSweep
from jscgc_model.verification.system_information import SystemInformation
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.bound_check_content import bound_check_content
from jscgc_theory.report.content import Content, Table, content_of, told

_SNR = "SNR (dB)"
_CLAIMS = {"estimate": "", "upper_bound": "at most ", "lower_bound": "at least "}


@content_of.register(SystemSweep)
def sweep_content(result: SystemSweep) -> Content:
    """Return what a page says about a ``SystemSweep``.

    Args:
        result: The sweep.

    Returns:
        The content: that of a check, and what was transmitted at each SNR.
    """
    checked = bound_check_content(result)
    measured, *others = checked.tables
    drawn = result.drawn_images
    drawn_tables = () if drawn is None else (_drawn_table(drawn),)
    return Content(
        question="How far from its sources does the trained system generate, and what do the "
        "bounds say?",
        answer=" ".join(
            (_information_sentence(result.information), _radius_sentence(result), checked.answer)
        ),
        remarks=(*checked.remarks, *(() if drawn is None else _drawn_remarks(drawn))),
        tables=(
            measured,
            information_table(result.information),
            *drawn_tables,
            *others,
            _velocity_table(result.information),
        ),
        terms=(*checked.terms, *_TERMS, *(() if drawn is None else _DRAWN_TERMS)),
    )


_TERMS = (
    (
        "velocity gap",
        "I from the generator's own velocity field, with what was received and without",
    ),
    (
        "known channel",
        "I from the symbols that were sent and the known law of the channel, without any network; "
        "where it is no estimate it is an upper bound",
    ),
    ("capacity R6", "what no system exceeds at this SNR and number of symbols"),
)
_DRAWN_TERMS = (
    (
        "distance to the nearest drawn image",
        "root mean square difference of a pixel; 0 for an image that the drawing can make",
    ),
    (
        "reconstruction",
        "the posterior mean, which has the least squared error: one Euler step from pure noise",
    ),
    (
        "factor error",
        "mean absolute error of a factor in shares of its range; 0.33 for a random drawing",
    ),
    (
        "shuffled",
        "the radius when each sample is compared with what was generated for another one",
    ),
)


def _information_sentence(rows: Sequence[SystemInformation]) -> str:
    told_at = [
        f"{told(one.mi_bits)} bits at {format_number(one.snr_db)} dB"
        for one in (rows[0], rows[-1])[: len(rows)]
    ]
    return f"The system transmits {' and '.join(told_at)}."


def _radius_sentence(result: SystemSweep) -> str:
    largest = max(row.outage_probability for row in result.rows)
    rows = [row for row in result.rows if row.outage_probability == largest]
    radii = " and ".join(
        f"{format_number(row.measured_radius.value, 3)} at {format_number(row.snr_db or 0.0)} dB"
        for row in (rows[0], rows[-1])[: len(rows)]
    )
    return f"Its radius at P_e = {format_number(largest)} is {radii}."


def information_table(rows: Sequence[SystemInformation]) -> Table:
    """Return the information at each SNR as a table.

    Args:
        rows: One an SNR.

    Returns:
        The answer, the velocity gap, what the channel says, the capacity.
    """
    return Table(
        caption="Information that is transmitted, with intervals",
        columns=(
            _SNR,
            "I (bits)",
            "velocity gap (bits)",
            "known channel (bits)",
            "capacity R6 (bits)",
            "where I is from",
        ),
        rows=tuple(
            (
                format_number(one.snr_db),
                told(one.mi_bits),
                told(one.velocity.mi_bits),
                _channel_cell(one.channel),
                format_number(one.capacity_bits),
                one.mi_bits.method,
            )
            for one in rows
        ),
    )


def _channel_cell(channel: Estimate | None) -> str:
    if channel is None:
        return "not known"
    return _CLAIMS[channel.details["side"]] + told(channel)


def _velocity_table(rows: Sequence[SystemInformation]) -> Table:
    return Table(
        caption="The velocity gap in detail (bits)",
        columns=(_SNR, "squared form", "loss gap", "disagreement", "misfit", "times"),
        rows=tuple(
            (
                format_number(one.snr_db),
                told(one.velocity.squared_form_bits),
                told(one.velocity.loss_gap_bits),
                told(one.velocity.disagreement_bits),
                "" if one.velocity.misfit_bits is None else told(one.velocity.misfit_bits),
                " to ".join(format_number(end, 3) for end in one.velocity.t_range),
            )
            for one in rows
        ),
        folded=True,
    )


def _drawn_remarks(drawn: DrawnImageReport) -> tuple[str, ...]:
    ratio = min(row.radius_ratio for row in drawn.rows)
    return (
        "Distances and factors are those of the nearest image that the drawing can make; for the "
        f"source images the search leaves {format_number(drawn.source_distance.value, 2)}.",
        "What was received of another image makes the radius at least "
        f"{format_number(ratio, 3)} times larger.",
    )


def _drawn_table(drawn: DrawnImageReport) -> Table:
    return Table(
        caption="Generated images: on the manifold, and with which meaning",
        columns=(
            _SNR,
            "distance of generations",
            "distance of reconstructions",
            *(f"error of {name}" for name in drawn.factors),
            "radius",
            "radius, shuffled",
            "ratio",
        ),
        rows=tuple(
            (
                format_number(row.snr_db),
                told(row.generated_distance),
                told(row.reconstructed_distance),
                *(told(row.factor_errors[name]) for name in drawn.factors),
                told(row.radius),
                told(row.shuffled_radius),
                format_number(row.radius_ratio, 3),
            )
            for row in drawn.rows
        ),
    )
