"""What ``jscgc demo`` leaves behind: records, points to try, one page with its figures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from jscgc_theory.analysis.demo import DemoPart, SharedPoints, run_demo, shared_points
from jscgc_theory.cli.demo_plug_ins import Effort, demo_plug_ins
from jscgc_theory.cli.notices import collect_notices
from jscgc_theory.cli.results import documented_results
from jscgc_theory.cli.running import Outcome, Run
from jscgc_theory.errors import MissingExtraError
from jscgc_theory.records import Estimate, RunRecord
from jscgc_theory.records.whole_files import written_whole_file
from jscgc_theory.report import Section, write_report_sections

TITLE = "What generative communication can and cannot do: a demonstration"
INTRO = (
    "A receiver that generates instead of decoding can still miss the original. How far, no "
    "matter how good it is? The answer needs the shape of the data (dimension d and constant C) "
    "and the information I that reaches the receiver.\n\n"
    "Each part says what is known to be true, so that the answer can be judged."
)


def demonstrate(run: Run, folder: Path, effort: Effort) -> Outcome:
    """Run the demonstration and write each part as soon as it is finished.

    Args:
        run: The run.
        folder: Where to write.
        effort: How long it may take.

    Returns:
        The last part: the measured radius against every bound over the SNR.
    """
    is_quick, progress = effort == "quick", run.progress("theory")
    _write_points(shared_points(quick=is_quick, seed=run.seed), folder)
    parts = list(_kept(run, folder, run_demo(quick=is_quick, seed=run.seed, progress=progress)))
    left_out: list[str] = []
    for further_parts in demo_plug_ins():
        try:
            parts.extend(_kept(run, folder, further_parts(run, folder, effort)))
        except MissingExtraError as error:
            left_out.append(f"Left out: {error}.")
    answer = parts[-1]
    outcome = Outcome(answer.result, _with_information(answer), dict(answer.settings))
    record = run.record(outcome, {"effort": effort})
    sections = [
        *(Section(heading=part.heading, text=part.text, result=part.result) for part in parts),
        *(Section(heading="What was left out", text=reason) for reason in left_out),
    ]
    page = write_report_sections(TITLE, INTRO, sections, folder, run_record=record)
    record.to_json(folder / "demo.json")
    n_figures = len(list(folder.glob("*.pdf")))
    closing = (
        f"Results lie in {folder}: open {page}; {n_figures} figures (.pdf), "
        f"{len(parts) + 1} records (.json), and points to try the commands on (.npy)."
    )
    closing = "\n".join([*left_out, closing])
    return Outcome(outcome.result, outcome.results, outcome.settings, closing)


def _kept(run: Run, folder: Path, parts: Iterator[DemoPart]) -> Iterator[DemoPart]:
    """Yield parts, the record of each written as soon as it is finished."""
    for part in parts:
        _part_record(run, part).to_json(folder / f"{part.name}.json")
        yield part


def _part_record(run: Run, part: DemoPart) -> RunRecord:
    return RunRecord(
        kind=part.kind,
        seed=run.seed,
        settings=part.settings,
        results=_results(part),
        warnings=collect_notices(part.result),
    )


def _results(part: DemoPart) -> dict[str, Any]:
    return documented_results(part.kind, part.result) if part.results is None else part.results


def _with_information(answer: DemoPart) -> dict[str, Any]:
    """Return the results with the information as an estimate, as every sweep over SNR has it."""
    if answer.results is not None:
        return answer.results
    results = _results(answer)
    for row in results["rows"]:
        bits = float(row["mi_bits"])
        exact = Estimate(value=bits, interval=(bits, bits), method="quadrature, exact")
        row["mi_bits"] = exact.to_dict()
    return results


def _write_points(points: SharedPoints, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in points._asdict().items():
        _save_whole(folder / f"{name}.npy", array)


def _save_whole(path: Path, array: ArrayLike) -> None:
    with written_whole_file(path) as partial, partial.open("wb") as stream:
        np.save(stream, array)
