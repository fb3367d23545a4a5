"""Are our exact nearest neighbours faster than the fastest exact search one can install?

Times the whole of ``nearest_neighbours`` (centring, ranking in float64 and certificate included)
beside faiss, scikit-learn and SciPy on the same float32 points in the same run, in turns:

    python benchmarks/theory_speed.py --out benchmarks/results/theory_speed.json

Every peer is first timed on one query in a hundred. A tree whose whole search would by that take
over three times as long as another's is not timed in full: its estimate stands in the record.
Cells that are in the record are kept, so that the run can be stopped and gone on with.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from scipy.spatial import cKDTree
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from jscgc_theory.neighbours import nearest_neighbours
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

N_NEIGHBOURS = 10
GOALS = {(20_000, 784): 0.8, (20_000, 50): 0.7, (100_000, 20): 0.4}
"""Points and coordinates to the largest share of the fastest peer's time."""
MANIFOLD_DIM = 4
PILOT_STEP = 100
HOPELESS = 3.0
N_JUDGED = 50
Row = dict[str, Any]
Search = Callable[[np.ndarray, np.ndarray, int], np.ndarray]
"""Points, queries among them and threads to the distances of each query, itself included."""


def main() -> None:
    """Time every search in every cell and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(arguments.threads)
    stored = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    rows: list[Row] = stored.get("rows", [])
    with threadpool_limits(arguments.threads):
        first_call_s = timed(lambda: ours(normal(500, 20), normal(500, 20), 1))[0]
        for (n_points, ambient_dim), cloud in product(GOALS, (normal, curved)):
            named = {"cloud": cloud.__name__, "n_points": n_points, "ambient_dim": ambient_dim}
            if any(named.items() <= row.items() for row in rows):
                continue
            points = cloud(n_points, ambient_dim)
            rows.append(named | cell(points, arguments.threads, arguments.repeats))
            print(json.dumps(rows[-1]), flush=True)
            record = record_of(rows, first_call_s, arguments)
            write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")


def record_of(rows: list[Row], first_call_s: float, arguments: argparse.Namespace) -> Row:
    """Return the rows with what they depend on."""
    return {
        "question": (__doc__ or "").splitlines()[0],
        "n_neighbours": N_NEIGHBOURS,
        "threads": arguments.threads,
        "manifold_dim": MANIFOLD_DIM,
        "first_call_s": round(first_call_s, 2),
        "machine": machine(),
        "versions": installed_versions() | {"faiss-cpu": version("faiss-cpu")},
        "rows": rows,
    }


def normal(n_points: int, ambient_dim: int) -> np.ndarray:
    """Return a normal cloud of full rank."""
    rng = np.random.default_rng([n_points, ambient_dim])
    return rng.standard_normal((n_points, ambient_dim)).astype(np.float32)


def curved(n_points: int, ambient_dim: int) -> np.ndarray:
    """Return random waves of a few coordinates: a manifold that bends into every direction."""
    rng = np.random.default_rng([n_points, ambient_dim, MANIFOLD_DIM])
    places = rng.random((n_points, MANIFOLD_DIM))
    phases = places @ (3.0 * rng.standard_normal((MANIFOLD_DIM, ambient_dim)))
    waves = np.cos(phases + rng.uniform(0.0, 2.0 * np.pi, ambient_dim))
    return waves.astype(np.float32)


def ours(points: np.ndarray, queries: np.ndarray, threads: int) -> np.ndarray:
    """Search with this package, which asks the threads of its matrix library."""
    return nearest_neighbours(points, N_NEIGHBOURS).distances


def by_faiss(points: np.ndarray, queries: np.ndarray, threads: int) -> np.ndarray:
    """Search with faiss's flat index."""
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    square, _ = index.search(queries, N_NEIGHBOURS + 1)
    return np.sqrt(np.maximum(square, 0.0))


def by_sklearn_brute(points: np.ndarray, queries: np.ndarray, threads: int) -> np.ndarray:
    """Search with scikit-learn's fused distance matrix."""
    return by_sklearn(points, queries, threads, "brute")


def by_sklearn_tree(points: np.ndarray, queries: np.ndarray, threads: int) -> np.ndarray:
    """Search with scikit-learn's k-d tree."""
    return by_sklearn(points, queries, threads, "kd_tree")


def by_sklearn(points: np.ndarray, queries: np.ndarray, threads: int, how: str) -> np.ndarray:
    """Search with scikit-learn."""
    model = NearestNeighbors(n_neighbors=N_NEIGHBOURS + 1, algorithm=how, n_jobs=threads)
    distances: np.ndarray = model.fit(points).kneighbors(queries)[0]
    return distances


def by_scipy_tree(points: np.ndarray, queries: np.ndarray, threads: int) -> np.ndarray:
    """Search with SciPy's k-d tree."""
    distances: np.ndarray = cKDTree(points).query(queries, N_NEIGHBOURS + 1, workers=threads)[0]
    return distances


PEERS: dict[str, Search] = {
    "faiss": by_faiss,
    "sklearn_brute": by_sklearn_brute,
    "sklearn_kd_tree": by_sklearn_tree,
    "scipy_kd_tree": by_scipy_tree,
}
TREES = ("sklearn_kd_tree", "scipy_kd_tree")


def cell(points: np.ndarray, threads: int, repeats: int) -> Row:
    """Time every search on one cloud."""
    estimates = {name: pilot(search, points, threads) for name, search in PEERS.items()}
    bar = HOPELESS * min(estimates.values())
    hopeless = {name for name in TREES if estimates[name] > bar}
    searches = {"jscgc": ours} | {n: s for n, s in PEERS.items() if n not in hopeless}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in searches}
    errors: dict[str, float] = {}
    product_s: list[float] = []
    for _ in range(repeats):
        product_s.append(product_seconds())
        for name, search in searches.items():
            wall, cpu, found = timed(lambda search=search: search(points, points, threads))
            times[name].append((wall, cpu))
            errors[name] = largest_error(points, found)
    flops_per_s = 2.0 * 2048**3 / min(product_s)
    row: Row = {"n_points": len(points), "ambient_dim": points.shape[1], "repeats": repeats}
    row["searches"] = {
        name: spread(times[name]) | {"largest_relative_error": errors[name]} for name in searches
    }
    row["estimated_s"] = {n: round(estimates[n], 2) for n in PEERS if n not in searches}
    row["sgemm_gflops"] = round(flops_per_s / 1e9, 1)
    row["half_matrix_at_that_rate_s"] = round(len(points) ** 2 * points.shape[1] / flops_per_s, 3)
    return row | verdict(row)


def verdict(row: Row) -> Row:
    """Compare the medians with the fastest peer's."""
    medians = {name: found["wall_median_s"] for name, found in row["searches"].items()}
    least = {name: found["wall_min_s"] for name, found in row["searches"].items()}
    own, own_least = medians.pop("jscgc"), least.pop("jscgc")
    goal = GOALS[row["n_points"], row["ambient_dim"]]
    ratio = own / min(medians.values())
    return {
        "fastest_peer": min(medians, key=lambda name: medians[name]),
        "ratio_of_medians": round(ratio, 3),
        "ratio_of_minima": round(own_least / min(least.values()), 3),
        "goal": goal,
        "reached": ratio <= goal,
    }


def pilot(search: Search, points: np.ndarray, threads: int) -> float:
    """Guess the seconds of a search of all points from few queries."""
    fixed = timed(lambda: search(points, points[:1], threads))[0]
    some = timed(lambda: search(points, points[::PILOT_STEP], threads))[0]
    return fixed + PILOT_STEP * max(0.0, some - fixed)


def product_seconds() -> float:
    """Time a matrix product that fills the second-level caches."""
    square = np.ones((2048, 2048), dtype=np.float32)
    return timed(lambda: square @ square)[0]


def largest_error(points: np.ndarray, found: np.ndarray) -> float:
    """Compare some rows of distances with float64 differences."""
    worst = 0.0
    for row in range(0, len(points), len(points) // N_JUDGED):
        difference = points.astype(np.float64) - points[row].astype(np.float64)
        true = np.sort(np.linalg.norm(difference, axis=1))[1 : N_NEIGHBOURS + 1]
        error = np.abs(found[row, -N_NEIGHBOURS:] / true - 1.0)
        worst = max(worst, float(error.max()))
    return worst


def timed(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the seconds and the processor seconds of a call, and its result."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = call()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def spread(times: list[tuple[float, float]]) -> Row:
    """Return the least and the middle of repeated times."""
    wall, cpu = np.array(times).T
    return {
        "wall_min_s": round(float(wall.min()), 4),
        "wall_median_s": round(float(np.median(wall)), 4),
        "cpu_min_s": round(float(cpu.min()), 4),
        "cpu_median_s": round(float(np.median(cpu)), 4),
    }


def machine() -> Row:
    """Return what the times depend on."""
    return {
        "architecture": platform.machine(),
        "n_cpus": os.cpu_count(),
        "load_average_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


if __name__ == "__main__":
    main()
