"""Files that are whole or absent, whenever the process is killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole_file(final: Path) -> Iterator[Path]:
    """Give the path of a file to write; it takes its place when it is on the disk.

    Args:
        final: Where the file is to lie; its folder is made, one that lies there is replaced.

    Yields:
        Where to write it.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    # Hidden, so that nobody takes what a killed process leaves for the file; its own per process.
    partial = final.with_name(f".{final.name}.{os.getpid()}.partial")
    try:
        yield partial
        handle = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)
