"""Evaluations that were kept as records of the command, by the set of images they are of."""

from pathlib import Path

from pydantic import ValidationError

from jscgc_model.evaluation.evaluation_report import EvaluationReport
from jscgc_theory.errors import InputError
from jscgc_theory.records import RunRecord

_BEGINNING = "evaluation_"


def read_evaluations(folder: Path) -> dict[str, EvaluationReport]:
    """Read the records ``evaluation_<set>.json`` of a folder.

    Args:
        folder: Where ``jscgc evaluate --json`` wrote them.

    Returns:
        Reports by the name of the set; none if there is no such file.

    Raises:
        InputError: If one of the files is no record of an evaluation.
    """
    found = {}
    for path in sorted(folder.glob(f"{_BEGINNING}*.json")):
        try:
            record = RunRecord.from_json(path)
            report = EvaluationReport.model_validate(record.results)
        except (ValidationError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())[:200]
            raise InputError(
                f"{path} is no record of jscgc evaluate ({reason}); write it anew"
            ) from error
        found[path.stem.removeprefix(_BEGINNING)] = report
    return found
