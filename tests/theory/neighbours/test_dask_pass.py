"""The neighbour search on a Dask cluster: the same table, whatever happens to workers."""

import importlib.util
import os
import signal
import socket

import numpy as np
import pytest

from jscgc_theory import dimension
from jscgc_theory.cli import main
from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.neighbours import dask_pass, nearest_neighbours, worker_task
from jscgc_theory.neighbours.digest import digest_of
from jscgc_theory.neighbours.worker_task import DamagedError, Task, work
from jscgc_theory.records import RunRecord

N_NEIGHBOURS = 12


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=":0",
        silence_logs=60,
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2)
        yield client


def cloud(ambient_dim, n_points=5000):
    points = np.random.default_rng(ambient_dim).standard_normal((n_points, ambient_dim))
    return points.astype(np.float32)


def assert_same(table, expected):
    np.testing.assert_array_equal(table.distances, expected.distances)
    np.testing.assert_array_equal(table.indices, expected.indices)


def kill_a_worker(client):
    pid = next(iter(client.run(os.getpid).values()))
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("ambient_dim", [3, 12])
def test_the_table_is_that_of_one_process(client, ambient_dim):
    points = cloud(ambient_dim)
    heard = []
    found = nearest_neighbours(points, N_NEIGHBOURS, dask=client, progress=heard.append)
    assert_same(found, nearest_neighbours(points, N_NEIGHBOURS))
    assert heard == sorted(heard)
    assert len(heard) == 3
    assert heard[-1] == 1.0


def test_rows_that_float32_cannot_rank_are_the_same_too(client):
    points = 1e-3 * np.random.default_rng(0).standard_normal((3000, 10))
    points[1500:] += 1e5
    assert_same(
        nearest_neighbours(points, 5, backend="flat", dask=client),
        nearest_neighbours(points, 5, backend="flat"),
    )


@pytest.mark.parametrize("ambient_dim", [3, 12])
def test_a_worker_killed_in_mid_run_costs_its_tasks_only(client, ambient_dim):
    points = cloud(ambient_dim, 9000)
    killed = []

    def kill_once(fraction):
        if not killed:
            kill_a_worker(client)
            killed.append(fraction)

    found = nearest_neighbours(points, N_NEIGHBOURS, dask=client, progress=kill_once)
    assert killed[0] < 1.0
    assert_same(found, nearest_neighbours(points, N_NEIGHBOURS))


def test_the_last_copy_of_the_cloud_may_be_lost(client):
    points = cloud(12, 9000)
    killed = []

    def kill_all_once(fraction):
        if not killed:
            killed.append(fraction)
            for pid in client.run(os.getpid).values():
                os.kill(pid, signal.SIGKILL)

    found = nearest_neighbours(points, N_NEIGHBOURS, dask=client, progress=kill_all_once)
    assert_same(found, nearest_neighbours(points, N_NEIGHBOURS))


def test_the_whole_answer_is_the_same(client):
    points = cloud(9, 3000)
    repeated = np.concatenate([points, points[:30]])
    alone, spread = dimension(repeated), dimension(repeated, dask=client)
    assert spread == alone
    assert spread.n_duplicates == 30


def test_a_dask_array_is_gathered_first(client):
    import dask.array

    points = cloud(3, 600)
    spread = dask.array.from_array(points, chunks=(200, 3))
    assert dimension(spread, dask=client) == dimension(points)


def test_command(capsys, tmp_path, cluster):
    np.save(tmp_path / "x.npy", cloud(9, 2500))
    results = []
    for extra in ([], ["--dask", cluster.scheduler_address]):
        assert main(["dimension", f"{tmp_path}/x.npy", "--json", "-", *extra]) == 0
        results.append(RunRecord.from_json(capsys.readouterr().out).results)
    assert results[0] == results[1]


def test_an_interrupted_search_leaves_nothing_on_the_cluster(client):
    def interrupt(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nearest_neighbours(cloud(12), N_NEIGHBOURS, dask=client, progress=interrupt)
    assert not client.futures


def test_an_array_that_changed_on_its_way_is_sent_again(client, monkeypatch):
    points, spoilt = cloud(12), []

    def spoil_once(status, result, rows):
        if not spoilt:
            distances, indices, digest = result
            spoilt.append(digest)
            result = distances, indices[::-1], digest
        return whole(status, result, rows)

    whole = dask_pass._whole
    monkeypatch.setattr(dask_pass, "_whole", spoil_once)
    found = nearest_neighbours(points, N_NEIGHBOURS, dask=client)
    assert spoilt
    assert_same(found, nearest_neighbours(points, N_NEIGHBOURS))


def test_a_worker_refuses_a_cloud_that_is_not_the_one_sent(monkeypatch):
    monkeypatch.setattr(worker_task, "_HELD", worker_task._HeldIndex())
    points = cloud(3, 100)
    task = Task(digest_of(points), "tree", 4)
    rows = np.arange(10)
    with pytest.raises(DamagedError, match="did not arrive as it was sent"):
        work(points + 1.0, task, rows)
    distances, indices, digest = work(points, task, rows)
    assert digest == digest_of(rows, distances, indices)
    np.testing.assert_array_equal(indices, nearest_neighbours(points, 4).indices[:10])
    assert dask_pass._whole("error", (None, DamagedError(), None), rows) is None


def test_a_digest_tells_shapes_and_types_apart():
    values = np.arange(12.0)
    others = (values.reshape(3, 4), values.reshape(4, 3), values.view(np.int64), values[::-1])
    assert len({digest_of(values), *map(digest_of, others)}) == 5


def test_blocks_that_never_come_back_end_the_search(client, monkeypatch):
    monkeypatch.setattr(dask_pass, "_whole", lambda status, result, rows: None)
    with pytest.raises(RuntimeError, match="1 blocks of the neighbour search were lost"):
        nearest_neighbours(cloud(3, 200), 4, dask=client)


class TestRefusals:
    @pytest.mark.parametrize("address", ["nonsense", "", "foo://host:1", "tcp://127.0.0.1:1"])
    def test_no_scheduler(self, address):
        with pytest.raises(InputError, match=r"no Dask scheduler answers at .*; start one with"):
            nearest_neighbours(np.eye(5), 2, dask=address)

    def test_no_scheduler_on_the_command_line(self, capsys, tmp_path):
        np.save(tmp_path / "x.npy", np.eye(9))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
            assert main(["dimension", f"{tmp_path}/x.npy", "--dask", address]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"error: no Dask scheduler answers at '{address}'")
        assert error.count("\n") == 1

    def test_no_workers(self, monkeypatch):
        from distributed import LocalCluster

        monkeypatch.setattr(dask_pass, "_SECONDS_TO_CONNECT", 1)
        with (
            LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=60) as empty,
            pytest.raises(InputError, match="has no workers; start some with `dask worker tcp"),
        ):
            nearest_neighbours(np.eye(5), 2, dask=empty.scheduler_address)

    def test_gpu(self):
        with pytest.raises(InputError, match="backend = 'torch' cannot search block by block"):
            nearest_neighbours(np.eye(5), 2, backend="torch", dask="tcp://127.0.0.1:1")

    def test_without_dask(self, monkeypatch):
        find_spec = importlib.util.find_spec

        def without_dask(name, package=None):
            return None if name == "distributed" else find_spec(name, package)

        monkeypatch.setattr(dask_pass, "find_spec", without_dask)
        with pytest.raises(MissingExtraError, match=r"Dask cluster needs .*jscgc\[dask\]"):
            nearest_neighbours(np.eye(5), 2, dask="tcp://127.0.0.1:1")
