"""Progress of work in several stages."""

from collections.abc import Callable

Progress = Callable[[float], None]
"""Called with the finished fraction, from 0 to 1."""


def stage(progress: Progress | None, start: float, stop: float) -> Progress | None:
    """Return a progress callback for a part of the work.

    Args:
        progress: Callback of the whole, or None.
        start: Fraction of the whole finished when the part begins.
        stop: Fraction finished when it ends.

    Returns:
        Callback of the part, or None.
    """
    if progress is None:
        return None
    return lambda fraction: progress(start + (stop - start) * fraction)
