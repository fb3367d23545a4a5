"""Blocks of a neighbour search as tasks of a Dask cluster."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.neighbours.block_pass import Search, Table
from jscgc_theory.neighbours.digest import digest_of
from jscgc_theory.neighbours.worker_task import DamagedError, Task, work

_SECONDS_TO_CONNECT = 10
_RETRIES = 5
_BARREN_ROUNDS = 5


class DaskRunner:
    """Searches blocks on the workers of a cluster.

    The cloud is sent to every worker once. Tasks are pure: those that a worker takes with it when
    it dies are done again elsewhere. What the cluster cannot mend, a cloud whose last copy is
    gone or arrays that changed on their way, is mended by another round over the missing blocks.

    Args:
        cluster: A client, or the address of a scheduler.

    Raises:
        MissingExtraError: If Dask is not installed.
    """

    def __init__(self, cluster: Any) -> None:
        if find_spec("distributed") is None:
            raise MissingExtraError("a search on a Dask cluster", "dask")
        self.cluster = cluster

    def __call__(self, search: Search, blocks: list[range]) -> Iterator[tuple[range, Table]]:
        """Search blocks.

        Args:
            search: What is sought.
            blocks: Places in its order.

        Yields:
            Each block with its distances and row numbers, in the order in which they are done.

        Raises:
            RuntimeError: If round after round no block comes back.
        """
        cloud = np.asarray(search.points)
        task = Task(digest_of(cloud), search.kind, search.n_neighbours)
        missing, barren = set(blocks), 0
        with _connected(self.cluster) as client:
            while missing:
                found = 0
                rows = {block: search.rows(block).copy() for block in sorted(missing, key=min)}
                for block, table in _one_round(client, cloud, task, rows):
                    found += 1
                    missing.remove(block)
                    yield block, table
                barren = 0 if found else barren + 1
                if barren == _BARREN_ROUNDS:
                    raise RuntimeError(
                        f"{len(missing)} blocks of the neighbour search were lost on the cluster "
                        f"{barren} times; see the logs of its workers"
                    )


def _one_round(
    client: Any,
    cloud: NDArray[np.floating],
    task: Task,
    rows_of: dict[range, NDArray[np.int64]],
) -> Iterator[tuple[range, Table]]:
    """Give the blocks that come back whole."""
    from distributed import as_completed

    futures: dict[Any, range] = {}
    sent = _broadcast(client, cloud)
    try:
        for block, rows in rows_of.items():
            futures[client.submit(work, sent, task, rows, retries=_RETRIES, pure=False)] = block
        done = as_completed(futures, loop=client.loop, with_results=True, raise_errors=False)
        for future, result in done:
            block = futures[future]
            table = _whole(future.status, result, rows_of[block])
            if table is not None:
                yield block, table
            future.release()
    finally:
        client.cancel([sent, *futures])


def _broadcast(client: Any, cloud: NDArray[np.floating]) -> Any:
    try:
        # A key of its own: a copy that was damaged on its way must not serve again.
        (sent,) = client.scatter([cloud], broadcast=True, hash=False)
    except TimeoutError as error:
        address = client.scheduler_info()["address"]
        raise InputError(
            f"the Dask scheduler at {address} has no workers; start some with "
            f"`dask worker {address}`"
        ) from error
    return sent


def _whole(status: str, result: Any, rows: NDArray[np.int64]) -> Table | None:
    """Return the table of a task that came back whole; None asks for another round."""
    if status == "error":
        _, error, trace = result
        if isinstance(error, DamagedError):
            return None
        raise error.with_traceback(trace)
    if status != "finished":
        return None
    distances, indices, digest = result
    return (distances, indices) if digest_of(rows, distances, indices) == digest else None


@contextmanager
def _connected(cluster: Any) -> Iterator[Any]:
    """Give a client: the caller's own, or one that lives as long as the context."""
    if not isinstance(cluster, str):
        yield cluster
        return
    from distributed import Client

    try:
        _knock(cluster)
        client = Client(cluster, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {cluster!r}; start one with `dask scheduler` and give "
            "its address, such as tcp://host:8786"
        ) from error
    with client:
        yield client


def _knock(address: str) -> None:
    """Fail at once where nobody listens; a client half made would keep the process waiting."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    scheme, location = parse_address(address)
    get_backend(scheme)
    if scheme in ("tcp", "tls"):
        socket.create_connection(parse_host_port(location), _SECONDS_TO_CONNECT).close()
