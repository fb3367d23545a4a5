"""Checkpoints that are whole or absent: safetensors and JSON in a folder renamed into place."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from jscgc_theory.errors import InputError

_PREFIX = "step_"
_MANIFEST = "checkpoint.json"
_FORMAT = "jscgc training checkpoint"
_VERSION = 1
_N_KEPT = 2

Tensors = dict[str, Tensor]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training run after a number of steps."""

    step: int
    """Steps done."""
    tensors: Mapping[str, Tensors]
    """Groups of named tensors: weights, averages, optimiser states."""
    details: Mapping[str, Any]
    """What else must be known, as JSON."""


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint; if the process is killed, it is there whole or not at all.

    The two newest are kept.

    Args:
        folder: Where checkpoints lie.
        checkpoint: The state.

    Returns:
        The folder of this checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{_PREFIX}{checkpoint.step:08d}"
    partial = folder / f".{final.name}.{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for group, tensors in checkpoint.tensors.items():
        save_file({key: one.contiguous() for key, one in tensors.items()}, partial / _file(group))
    manifest = {
        "format": _FORMAT,
        "version": _VERSION,
        "step": checkpoint.step,
        "details": dict(checkpoint.details),
        "sha256": {_file(group): _digest(partial / _file(group)) for group in checkpoint.tensors},
    }
    (partial / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    for path in [*partial.iterdir(), partial]:
        _flush(path)
    if final.exists():
        shutil.rmtree(final)
    partial.rename(final)
    _flush(folder)
    _remove_old(folder)
    return final


def checkpoint_folders(folder: Path) -> list[Path]:
    """Return the checkpoints in a folder, the oldest first.

    Args:
        folder: Where checkpoints lie.

    Returns:
        Their folders; none if the folder does not exist.
    """
    return sorted(path for path in folder.glob(f"{_PREFIX}*") if path.is_dir())


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
    for name, digest in manifest["sha256"].items():
        file = path / name
        if not file.is_file():
            raise _unusable(path, f"{name} is missing")
        if _digest(file) != digest:
            raise _unusable(path, f"{name} is not what was written")
        try:
            groups[file.stem] = load_file(file)
        except (SafetensorError, OSError, ValueError) as error:
            raise _unusable(path, f"{name} cannot be read ({error})") from error
    return Checkpoint(int(manifest["step"]), groups, manifest["details"])


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _unusable(path, f"it holds no {_MANIFEST}") from None
    except (OSError, ValueError) as error:
        raise _unusable(path, f"{_MANIFEST} cannot be read ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise _unusable(path, f"{_MANIFEST} is of another kind")
    if manifest.get("version") != _VERSION:
        raise _unusable(path, f"its version is {manifest.get('version')}, not {_VERSION}")
    if not {"sha256", "step", "details"} <= set(manifest):
        raise _unusable(path, f"{_MANIFEST} is incomplete")
    return manifest


def _unusable(path: Path, problem: str) -> InputError:
    return InputError(
        f"checkpoint {path} cannot be used: {problem}; move it away to go on from the one before"
    )


def _file(group: str) -> str:
    return f"{group}.safetensors"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_old(folder: Path) -> None:
    for old in checkpoint_folders(folder)[:-_N_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    # What a killed run left half written.
    for partial in folder.glob(f".{_PREFIX}*"):
        shutil.rmtree(partial, ignore_errors=True)
