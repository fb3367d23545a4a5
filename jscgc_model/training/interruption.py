"""Ctrl-C and SIGTERM, noted until a step is finished."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self


class Interruption:
    """A context in which a signal to stop is remembered instead of raised.

    Outside the main thread signals cannot be caught; then the context changes nothing.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                self._before[number] = signal.signal(number, self._note)
            except ValueError:
                break
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
