"""Work for processes of its own, forked from a server that has imported torch once."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

from jscgc_model.recipes import Recipe, train_recipe
from jscgc_model.training import checkpoints
from jscgc_theory.cli import main

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
os.environ.setdefault("OMP_NUM_THREADS", "1")


def started(work, *arguments):
    """Start a function of this module in a process of its own."""
    process = PROCESSES.Process(target=work, args=arguments)
    process.start()
    return process


def run_command(arguments, folder):
    """Run ``jscgc``; what it says on stderr goes to a file."""
    # A shell may start tests in the background with the interrupt ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with (Path(folder) / "stderr.txt").open("w", buffering=1) as stderr:
        sys.stderr = stderr
        code = main([*arguments, "--json", f"{folder}/record.json"])
    os._exit(code)


def train(recipe, folder):
    """Train to the end, from the newest checkpoint if there is one."""
    train_recipe(Recipe.from_json(recipe), Path(folder), resume=True)


def train_share(recipe, folder, progress):
    """Train with others, as each of them does."""
    return train_recipe(Recipe.from_json(recipe), Path(folder), progress=progress)


def go_on_together(recipe, folder, progress):
    """Go on with others from the newest checkpoint."""
    return train_recipe(Recipe.from_json(recipe), Path(folder), resume=True, progress=progress)


def train_and_die_while_saving(recipe, folder, step, n_files):
    """Train, and be killed in the checkpoint of a step when some of its files are written."""
    write, written = checkpoints.save_file, []

    def write_or_die(tensors, path):
        if f"{step:08d}" in str(path):
            if len(written) == n_files:
                path.write_bytes(b"half of a file")
                os.kill(os.getpid(), signal.SIGKILL)
            written.append(path)
        write(tensors, path)

    checkpoints.save_file = write_or_die
    train(recipe, folder)


def wait_for_steps(folder, n_steps, process):
    """Wait until a run has logged so many steps."""
    log = Path(folder) / "steps.jsonl"
    deadline = time.monotonic() + 120.0
    while not log.exists() or log.read_text().count("\n") < n_steps:
        assert process.is_alive(), "the run ended early"
        assert time.monotonic() < deadline, "the run does not get on"
        time.sleep(0.002)
