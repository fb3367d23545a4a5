"""Threads that work side by side on parts of a pass, each with a matrix library of one thread."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TypeVar, cast

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")


@contextmanager
def matrix_threads(n_threads: int | None = None) -> Iterator[int]:
    """Give the number of threads that may work side by side.

    Args:
        n_threads: Threads; None for as many as the matrix library has, which then keeps to one:
            each thread multiplies its own tiles, and a product shared between threads would wait
            for both.

    Yields:
        The number.
    """
    if n_threads is not None:
        yield n_threads
        return
    from threadpoolctl import ThreadpoolController

    blas = ThreadpoolController().select(user_api="blas")
    # A matrix library that cannot be asked, such as Apple's, uses what there is.
    found = max((one["num_threads"] for one in blas.info()), default=os.cpu_count() or 1)
    with blas.limit(limits=1):
        yield found


def finished_in_threads(
    task: Callable[[_Part], _Result], parts: Iterable[_Part]
) -> Generator[_Result, None, None]:
    """Do a task for every part, several at a time, and give each result when it is its turn.

    Args:
        task: What to do; it holds the interpreter's lock for little of its time.
        parts: What to do it for.

    Yields:
        The results in the order of the parts. Closed early, parts that still wait are left undone.
    """
    with matrix_threads() as n_threads, ThreadPoolExecutor(n_threads) as pool:
        results = cast("Generator[_Result, None, None]", pool.map(task, parts))
        with closing(results):
            yield from results


def in_threads(task: Callable[[_Part], _Result], parts: Iterable[_Part]) -> list[_Result]:
    """Do a task for every part, several at a time.

    Args:
        task: What to do; it holds the interpreter's lock for little of its time.
        parts: What to do it for.

    Returns:
        The results in the order of the parts.
    """
    # The list waits for all and raises what a thread has raised.
    return list(finished_in_threads(task, parts))
