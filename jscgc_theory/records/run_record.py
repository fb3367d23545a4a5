"""What every command writes: inputs, settings, results and warnings of one run."""

import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from pydantic import Field

from jscgc_theory.records.json_object import JsonObject
from jscgc_theory.records.record import Notice, Record

SCHEMA_VERSION = 1
_REPORTED_PACKAGES = (
    "jscgc",
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "scikit-dimension",
    "torch",
)


class InputFile(Record):
    """One input of a run, identified by its content."""

    path: str
    sha256: str
    n_points: int
    ambient_dim: int


class RunRecord(Record):
    """One command, from what went in to what came out."""

    kind: str
    """Name of the command, such as ``delta-star``."""
    schema_version: int = SCHEMA_VERSION
    created: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    elapsed_s: float = 0.0
    seed: int | None = None
    versions: dict[str, str] = Field(default_factory=lambda: installed_versions())
    inputs: tuple[InputFile, ...] = ()
    settings: JsonObject = Field(default_factory=dict)
    results: JsonObject
    warnings: tuple[Notice, ...] = ()


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that shape the numbers.

    Returns:
        Package name to version, packages that are not installed left out.
    """
    found = {"python": platform.python_version()}
    for name in _REPORTED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
