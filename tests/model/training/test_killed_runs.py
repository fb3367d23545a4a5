"""A run that is killed, again and again, ends as if it had never been."""

import os
import signal
import time

import numpy as np
import pytest
from safetensors.torch import load_file

from tests.model.training.child_processes import (
    run_command,
    started,
    train,
    train_and_die_while_saving,
    wait_for_steps,
)
from tests.model.training.small_runs import (
    RECONSTRUCTIONS,
    SPHERE,
    as_options,
    small_images,
    small_reconstruction,
    small_sphere,
)

N_STEPS, LAST_KILL = 150, 60
CHANGES = (f"training.n_steps={N_STEPS}", "training.save_every=7")
RECIPE = small_sphere(*CHANGES)
COMMAND = ["train", "--recipe", "tiny_sphere", *as_options([*SPHERE, *CHANGES])]
LONGER = ("training.n_steps=120", "training.save_every=5", "training.optimiser=muon")
KINDS = {
    "jscgc": small_images(*LONGER),
    **{kind: small_reconstruction(kind, *LONGER) for kind in RECONSTRUCTIONS},
}


def finish(recipe, folder):
    process = started(train, recipe.to_json(), folder)
    process.join()
    assert process.exitcode == 0
    return folder


def assert_same_run(folder, other):
    """Assert that log, weights, averages and optimiser states are the same bit for bit."""
    assert (folder / "steps.jsonl").read_bytes() == (other / "steps.jsonl").read_bytes()
    files = sorted(path.relative_to(other) for path in other.rglob("*.safetensors"))
    assert len(files) > 6
    for file in files:
        stored, expected = load_file(folder / file), load_file(other / file)
        assert stored.keys() == expected.keys()
        for name, tensor in expected.items():
            assert stored[name].equal(tensor), f"{name} of {file} differs"


def kill(recipe, folder, n_steps, delay_s):
    """Go on with a run and kill it some time after it has logged so many steps."""
    process = started(train, recipe.to_json(), folder)
    wait_for_steps(folder, n_steps, process)
    time.sleep(delay_s)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    return finish(RECIPE, tmp_path_factory.mktemp("whole"))


def test_three_kills_change_nothing(tmp_path, whole_run):
    rng = np.random.default_rng(0)
    for n_steps in np.sort(rng.integers(1, LAST_KILL, size=3)):
        kill(RECIPE, tmp_path, n_steps, 0.005 * rng.random())
    assert_same_run(finish(RECIPE, tmp_path), whole_run)
    assert (whole_run / "steps.jsonl").read_text().count("\n") == N_STEPS


@pytest.mark.slow
def test_ten_kills_change_nothing(tmp_path, whole_run):
    rng = np.random.default_rng(1)
    for n_steps in np.sort(rng.integers(1, LAST_KILL, size=10)):
        kill(RECIPE, tmp_path, n_steps, 0.005 * rng.random())
    assert_same_run(finish(RECIPE, tmp_path), whole_run)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_kills_change_nothing_in_a_system_of_images(tmp_path, kind):
    rng = np.random.default_rng(2)
    for n_steps in np.sort(rng.integers(1, 60, size=5)):
        kill(KINDS[kind], tmp_path / "killed", n_steps, 0.02 * rng.random())
    whole = finish(KINDS[kind], tmp_path / "whole")
    assert_same_run(finish(KINDS[kind], tmp_path / "killed"), whole)


@pytest.mark.parametrize("kind", RECONSTRUCTIONS)
def test_a_kill_changes_nothing_in_a_system_that_reconstructs(tmp_path, kind):
    recipe = small_reconstruction(kind, "training.n_steps=12", "training.save_every=3")
    kill(recipe, tmp_path / "killed", 5, 0.0)
    whole = finish(recipe, tmp_path / "whole")
    assert_same_run(finish(recipe, tmp_path / "killed"), whole)


@pytest.mark.parametrize("n_files", [0, 2])
def test_a_kill_in_the_middle_of_a_checkpoint_loses_only_that(tmp_path, whole_run, n_files):
    process = started(train_and_die_while_saving, RECIPE.to_json(), tmp_path, 21, n_files)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    left = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert left == [".step_00000021.partial", "step_00000007", "step_00000014"]
    assert_same_run(finish(RECIPE, tmp_path), whole_run)
    assert not list((tmp_path / "checkpoints").glob(".*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_going_on_changes_nothing(tmp_path, whole_run, number):
    folder = tmp_path / "run"
    command = [*COMMAND, "--out", str(folder)]
    process = started(run_command, command, tmp_path)
    wait_for_steps(folder, 5, process)
    os.kill(process.pid, number)
    process.join()
    assert process.exitcode == 130
    said = (tmp_path / "stderr.txt").read_text()
    assert said == "error: interrupted; what was finished is kept\n"
    n_steps = (folder / "steps.jsonl").read_text().count("\n")
    assert (folder / "checkpoints" / f"step_{n_steps:08d}").is_dir()
    assert not (folder / "pipeline").exists()
    process = started(run_command, [*command, "--resume"], tmp_path)
    process.join()
    assert (process.exitcode, (tmp_path / "stderr.txt").read_text()) == (0, "")
    assert_same_run(folder, whole_run)
