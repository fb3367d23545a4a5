"""Checkpoints that are whole or absent: safetensors and a JSON manifest in one folder."""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from jscgc_model.training.whole_folder import remove_unfinished, written_whole
from jscgc_theory.errors import InputError
from jscgc_theory.records import Record

_PREFIX = "step_"
_MANIFEST = "checkpoint.json"
_N_KEPT = 2

Tensors = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training run after a number of steps."""

    step: int
    """Steps done."""
    tensors: Mapping[str, Tensors]
    """Groups of named tensors: weights, averages, optimiser states."""
    details: Mapping[str, Any]
    """What else must be known, as JSON."""


class _Manifest(Record):
    """What a checkpoint says of itself."""

    format: Literal["jscgc training checkpoint"] = "jscgc training checkpoint"
    version: Literal[1] = 1
    step: int
    details: dict[str, Any]
    sha256: dict[str, str]
    """Digest of each file."""


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint; if the process is killed, it is there whole or not at all.

    The two newest are kept.

    Args:
        folder: Where checkpoints lie.
        checkpoint: The state.

    Returns:
        The folder of this checkpoint.
    """
    final = folder / _name(checkpoint.step)
    with written_whole(final) as partial:
        digests = {}
        for group, tensors in checkpoint.tensors.items():
            file = partial / f"{group}.safetensors"
            save_file({name: one.contiguous() for name, one in tensors.items()}, file)
            digests[file.name] = _digest(file)
        manifest = _Manifest(
            step=checkpoint.step, details=dict(checkpoint.details), sha256=digests
        )
        manifest.to_json(partial / _MANIFEST)
    for old in checkpoint_folders(folder)[:-_N_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    remove_unfinished(folder)
    return final


def checkpoint_folders(folder: Path) -> list[Path]:
    """Return the checkpoints in a folder, the oldest first.

    Args:
        folder: Where checkpoints lie.

    Returns:
        What bears the name of a checkpoint; nothing if the folder does not exist.
    """
    return sorted(folder.glob(f"{_PREFIX}*"))


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint and check that it is what was written.

    Args:
        path: Folder of one checkpoint.

    Returns:
        The state, on the CPU.

    Raises:
        InputError: If a file is missing, truncated, changed or of another kind.
    """
    manifest = _read_manifest(path)
    groups: dict[str, Tensors] = {}
    for name, digest in manifest.sha256.items():
        try:
            if _digest(path / name) != digest:
                raise _unusable(path, f"{name} is not what was written")
            groups[Path(name).stem] = load_file(path / name)
        except (SafetensorError, OSError) as error:
            raise _unusable(path, f"{name} cannot be read ({error})") from error
    return Checkpoint(manifest.step, groups, manifest.details)


def _read_manifest(path: Path) -> _Manifest:
    try:
        manifest = _Manifest.from_json(path / _MANIFEST)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, f"its {_MANIFEST} cannot be read ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "it"
        raise _unusable(
            path, f"its {_MANIFEST} is of another kind ({place}: {first['msg']})"
        ) from error
    if path.name != _name(manifest.step):
        raise _unusable(path, f"it is the checkpoint of step {manifest.step}")
    return manifest


def _unusable(path: Path, problem: str) -> InputError:
    return InputError(
        f"checkpoint {path} cannot be used: {problem}; move it away to go on from the one before"
    )


def _name(step: int) -> str:
    return f"{_PREFIX}{step:08d}"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
