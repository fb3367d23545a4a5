"""A neighbour search that was killed goes on from its finished blocks, and from nothing else."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from jscgc_theory import dimension
from jscgc_theory.cli import main
from jscgc_theory.errors import InputError
from jscgc_theory.neighbours import block_pass, nearest_neighbours
from jscgc_theory.records import RunRecord

# The first block is finished, then the process dies without a chance to clean up.
KILLED = """
import os, signal, sys
from jscgc_theory.cli import main, running
def die(run, description):
    return lambda fraction: os.kill(os.getpid(), signal.SIGKILL) if fraction > 0.0 else None
running.Run.progress = die
main(sys.argv[1:])
"""


def cloud(seed=0):
    return np.random.default_rng(seed).standard_normal((5000, 3))


def assert_same(table, expected):
    np.testing.assert_array_equal(table.distances, expected.distances)
    np.testing.assert_array_equal(table.indices, expected.indices)


@pytest.fixture
def searched(monkeypatch):
    """Blocks that are searched, in order."""
    blocks = []

    def listening(search, index, block):
        blocks.append(block.start)
        return search_block(search, index, block)

    search_block = block_pass.search_block
    monkeypatch.setattr(block_pass, "search_block", listening)
    return blocks


def test_the_same_command_goes_on_after_it_was_killed(capsys, tmp_path, searched):
    np.save(tmp_path / "x.npy", cloud())
    line = ["dimension", f"{tmp_path}/x.npy", "--json", "-"]
    resuming = [*line, "--resume", f"{tmp_path}/blocks"]
    died = subprocess.run([sys.executable, "-c", KILLED, *resuming], check=False, timeout=60)
    assert died.returncode < 0
    assert main(resuming) == 0
    resumed = RunRecord.from_json(capsys.readouterr().out).results
    assert searched == [2048, 4096]
    assert main(line) == 0
    assert RunRecord.from_json(capsys.readouterr().out).results == resumed
    assert not [name for name in os.listdir(tmp_path) if name not in {"x.npy", "blocks"}]


@pytest.mark.parametrize("backend", ["tree", "flat"])
def test_a_finished_search_is_read(tmp_path, searched, backend):
    expected = nearest_neighbours(cloud(), 6, backend=backend)
    for _ in range(2):
        heard = []
        table = nearest_neighbours(
            cloud(), 6, backend=backend, resume=tmp_path, progress=heard.append
        )
        assert_same(table, expected)
        assert heard[-1] == 1.0
    assert searched == [0, 2048, 4096]


@pytest.mark.parametrize("harm", ["cut short", "other bytes", "empty", "of other rows"])
def test_a_damaged_block_is_searched_again(tmp_path, searched, harm):
    expected = nearest_neighbours(cloud(), 6, resume=tmp_path)
    block, other = (next(tmp_path.glob(f"*/rows-{start}-*.npz")) for start in (2048, 0))
    content = bytearray(block.read_bytes())
    if harm == "of other rows":
        shutil.copyfile(other, block)
    elif harm == "other bytes":
        content[len(content) // 2] ^= 1
        block.write_bytes(content)
    else:
        block.write_bytes(content[: len(content) // 2] if harm == "cut short" else b"")
    searched.clear()
    assert_same(nearest_neighbours(cloud(), 6, resume=tmp_path), expected)
    assert searched == [2048]


@pytest.mark.parametrize("harm", ["lost", "cut short"])
def test_blocks_of_an_order_that_is_lost_are_not_taken(tmp_path, searched, harm):
    expected = nearest_neighbours(cloud(), 6, backend="flat", resume=tmp_path)
    (order,) = tmp_path.glob("*/order.npz")
    if harm == "lost":
        order.unlink()
    else:
        order.write_bytes(order.read_bytes()[:-40])
    searched.clear()
    assert_same(nearest_neighbours(cloud(), 6, backend="flat", resume=tmp_path), expected)
    assert searched == [0, 2048, 4096]


def test_blocks_keep_the_order_they_were_cut_from(tmp_path, monkeypatch, searched):
    expected = nearest_neighbours(cloud(), 6, backend="flat", resume=tmp_path)
    other = np.random.default_rng(0).permutation(5000)
    monkeypatch.setattr(block_pass, "_order", lambda points, kind: other)
    next(tmp_path.glob("*/rows-2048-*.npz")).unlink()
    searched.clear()
    assert_same(nearest_neighbours(cloud(), 6, backend="flat", resume=tmp_path), expected)
    assert searched == [2048]


def test_blocks_of_other_points_are_not_taken(tmp_path, searched):
    nearest_neighbours(cloud(), 6, resume=tmp_path)
    (foreign,) = tmp_path.iterdir()
    searched.clear()
    assert_same(nearest_neighbours(cloud(1), 6, resume=tmp_path), nearest_neighbours(cloud(1), 6))
    assert searched == [0, 2048, 4096]
    # Even where they lie under the names of its own blocks.
    (own,) = set(tmp_path.iterdir()) - {foreign}
    shutil.copytree(foreign, own, dirs_exist_ok=True)
    assert_same(nearest_neighbours(cloud(1), 6, resume=tmp_path), nearest_neighbours(cloud(1), 6))
    assert len(searched) == 6


def test_blocks_of_other_settings_are_not_taken(tmp_path):
    nearest_neighbours(cloud(), 6, resume=tmp_path)
    assert_same(nearest_neighbours(cloud(), 7, resume=tmp_path), nearest_neighbours(cloud(), 7))


def test_the_whole_answer_is_the_same(tmp_path):
    points = cloud()[:700]
    assert dimension(points, resume=tmp_path) == dimension(points)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match=r"file cannot be made: .*; give a folder"):
        nearest_neighbours(cloud(), 6, resume=tmp_path / "file")
