"""Several processes of one machine that share each batch."""

import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import distributed
from torch.multiprocessing.spawn import (
    ProcessContext,
    ProcessExitedException,
    ProcessRaisedException,
    start_processes,
)

from jscgc_model.training.interruption import Interruption
from jscgc_model.training.trainer import TrainingSummary
from jscgc_theory.errors import InputError

Progress = Callable[[float], None]
Work = Callable[[Progress], TrainingSummary]
"""Training, told whom to tell the finished fraction."""
_POLL_S = 0.1
_GRACE_S = 30.0
"""What the other processes are given to end after one has failed."""


def run_together(work: Work, n_processes: int, progress: Progress) -> TrainingSummary:
    """Do the same work in several processes that find each other through torch.distributed.

    A signal to stop is passed on to them; each ends if this process dies.

    Args:
        work: What each does; it is sent to them by pickling.
        n_processes: How many.
        progress: Told the finished fraction of the first process.

    Returns:
        The summary of the first process.

    Raises:
        InputError: If the work raises it, as it does in all processes alike.
        KeyboardInterrupt: If a signal came before training had begun.
    """
    events = multiprocessing.get_context("spawn").SimpleQueue()
    with TemporaryDirectory() as folder, Interruption() as interruption:
        arguments = (work, n_processes, Path(folder) / "meeting", events)
        processes = start_processes(
            _take_part, arguments, n_processes, join=False, start_method="spawn"
        )
        try:
            ended = _wait(processes, events, progress, interruption)
        except (ProcessRaisedException, ProcessExitedException):
            if interruption.asked:
                raise KeyboardInterrupt from None
            raise
    if isinstance(ended, TrainingSummary):
        return ended
    raise ended or KeyboardInterrupt


def _wait(
    processes: ProcessContext,
    events: "SimpleQueue[Any]",
    progress: Progress,
    interruption: Interruption,
) -> TrainingSummary | InputError | None:
    """Pass on progress and signals until all processes have ended; return the last event."""
    last, was_passed_on, has_ended = None, False, False
    while not has_ended:
        has_ended = processes.join(_POLL_S, _GRACE_S)
        while not events.empty():
            last = events.get()
            if isinstance(last, float):
                progress(last)
        if interruption.asked and not was_passed_on:
            _pass_on(processes)
            was_passed_on = True
    return None if isinstance(last, float) else last


def _pass_on(processes: ProcessContext) -> None:
    for process in processes.processes:
        if process.is_alive():
            os.kill(process.pid, signal.SIGTERM)


def _take_part(
    rank: int, work: Work, n_processes: int, meeting: Path, events: "SimpleQueue[Any]"
) -> None:
    # What accelerate reads; it complains if the number of threads is left open.
    places = {"RANK": rank, "LOCAL_RANK": rank}
    sizes = {"WORLD_SIZE": n_processes, "LOCAL_WORLD_SIZE": n_processes}
    os.environ |= {name: str(value) for name, value in {**places, **sizes}.items()}
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Libraries warn in every process, and the first process's filters do not reach here.
    warnings.simplefilter("ignore")
    distributed.init_process_group(
        "nccl" if torch.cuda.is_available() else "gloo",
        init_method=meeting.as_uri(),
        rank=rank,
        world_size=n_processes,
    )
    tell = events.put if rank == 0 else _tell_nobody
    try:
        tell(work(tell))
    except InputError as error:
        tell(error)
    distributed.destroy_process_group()


def _tell_nobody(event: object) -> None:
    """Keep the progress of all but the first process to themselves."""
