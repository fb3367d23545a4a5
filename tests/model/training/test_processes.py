"""Several processes: the same losses, one exit code, and nobody left behind."""

import os
import signal
import time
from contextlib import suppress
from functools import partial

import numpy as np
import psutil
import pytest

from jscgc_model.recipes import train_recipe
from jscgc_model.training.checkpoints import checkpoint_folders
from jscgc_model.training.processes import run_together
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError
from tests.model.training.child_processes import (
    run_command,
    started,
    train_share,
    wait_for_steps,
)
from tests.model.training.small_runs import IMAGES, as_options, small_images, small_sphere

# Rounding differs between one process and two; fast learning, by Muon above all, magnifies it.
SLOWLY = "training.learning_rate=1e-4"
CHANGES = ("training.n_steps=80", "training.save_every=1000", SLOWLY)
COMMAND = ["train", "--recipe", "tiny_images", *as_options([*IMAGES, *CHANGES])]


def assert_same_losses(folder, other, n_steps):
    """Assert that the first steps of two runs have losses equal to 1e-5."""
    rows, expected = (read_log(one / "steps.jsonl")[:n_steps] for one in (folder, other))
    assert len(rows) == n_steps
    for name in ("step", "loss", "gradient_norm"):
        values = np.array([[row[name] for row in one] for one in (rows, expected)])
        np.testing.assert_allclose(values[0], values[1], rtol=1e-5)


def in_two_processes(folder):
    """Start a command in two processes; return it and its family."""
    run = folder / "run"
    process = started(run_command, [*COMMAND, "--processes", "2", "--out", str(run)], folder)
    wait_for_steps(run, 5, process)
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 2
    return process, family, run


def some_live(family):
    """Tell whether a process still works; one that nobody has asked for its end does not."""
    statuses = set()
    for one in family:
        with suppress(psutil.NoSuchProcess):
            statuses.add(one.status())
    return not statuses <= {psutil.STATUS_ZOMBIE}


def n_saved(folder):
    (saved,) = checkpoint_folders(folder / "checkpoints")
    return int(saved.name.removeprefix("step_"))


def test_two_processes_make_the_steps_of_one_and_stop_together(tmp_path):
    process, family, run = in_two_processes(tmp_path)
    os.kill(process.pid, signal.SIGTERM)
    process.join()
    assert process.exitcode == 130
    said = (tmp_path / "stderr.txt").read_text()
    assert said == "error: interrupted; what was finished is kept\n"
    assert not some_live(family)
    n_steps = n_saved(run)
    assert 5 <= n_steps < 80
    assert len(read_log(run / "steps.jsonl")) == n_steps
    # One process makes the same steps, and goes on where two have stopped.
    alone = small_images(*CHANGES)
    train_recipe(alone, run, resume=True)
    train_recipe(alone, tmp_path / "alone")
    assert_same_losses(run, tmp_path / "alone", n_steps)
    assert len(read_log(run / "steps.jsonl")) == 80


@pytest.mark.slow
def test_processes_do_not_outlive_the_one_that_started_them(tmp_path):
    process, family, run = in_two_processes(tmp_path)
    process.kill()
    process.join()
    deadline = time.monotonic() + 60.0
    while some_live(family):
        assert time.monotonic() < deadline, "processes are left behind"
        time.sleep(0.1)
    assert n_saved(run) < 80


@pytest.mark.slow
@pytest.mark.parametrize("small", [small_sphere, small_images])
def test_progress_and_losses_of_two_processes(tmp_path, small):
    recipe = small("training.n_steps=20", SLOWLY)
    fractions = []
    work = partial(train_share, recipe.to_json(), str(tmp_path / "two"))
    summary = run_together(work, 2, fractions.append)
    assert fractions == [step / 20 for step in range(1, 21)]
    assert (summary.n_steps_done, summary.was_interrupted) == (20, False)
    train_recipe(recipe, tmp_path / "one")
    assert_same_losses(tmp_path / "two", tmp_path / "one", 20)


@pytest.mark.slow
def test_what_processes_refuse_is_refused_once(tmp_path):
    recipe = small_images("training.batch_size=15")
    work = partial(train_share, recipe.to_json(), str(tmp_path))
    with pytest.raises(InputError, match="batch_size = 15 cannot be shared by 2 processes"):
        run_together(work, 2, lambda fraction: None)
