"""The next batch is made while this one is in use."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

_Batch = TypeVar("_Batch")


class ReadAhead(Generic[_Batch]):
    """A function of steps that begins to work out step k + 1 once it is asked for step k.

    The values are those of the function itself, in whatever order steps are asked for.

    Args:
        batch_of: From the number of a step to its batch; must depend on nothing else.
        n_steps: Steps there are; nothing is made ahead for those after the last.
    """

    def __init__(self, batch_of: Callable[[int], _Batch], *, n_steps: int | None = None) -> None:
        self._batch_of = batch_of
        self._n_steps = n_steps
        self._worker = ThreadPoolExecutor(1)
        self._next: tuple[int, Future[_Batch]] | None = None

    def __call__(self, step: int) -> _Batch:
        """Return the batch of a step.

        Args:
            step: Number of the step.

        Returns:
            The batch.
        """
        if self._next is not None and self._next[0] == step:
            batch = self._next[1].result()
        else:
            batch = self._batch_of(step)
        self._next = None
        if self._n_steps is None or step + 1 < self._n_steps:
            self._next = (step + 1, self._worker.submit(self._batch_of, step + 1))
        return batch
