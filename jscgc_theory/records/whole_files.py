"""Files that are whole or absent, whenever the process is killed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERYBODY_READS = 0o644


@contextmanager
def written_whole_file(final: Path) -> Iterator[Path]:
    """Give the path of a file to write; it takes its place when it is on the disk.

    Args:
        final: Where the file is to lie; its folder is made, one that lies there is replaced.

    Yields:
        Where to write it.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    # Hidden, so that nobody takes what a killed process leaves for the file.
    handle, name = tempfile.mkstemp(dir=final.parent, prefix=f".{final.name}.")
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        _flush(partial)
        partial.chmod(_EVERYBODY_READS)
        os.replace(partial, final)
    finally:
        partial.unlink(missing_ok=True)


def write_text_atomically(path: Path, text: str) -> None:
    """Write a file so that it is either whole or absent, whatever interrupts the process.

    Args:
        path: Destination; its folder is made if missing.
        text: Content, written as UTF-8.
    """
    with written_whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
