"""Up to which number of coordinates does a k-d tree beat the full distance matrix?

Times both exact searches for 20 neighbours on random linear images of min(D, 5)-dimensional
normal clouds in D coordinates, float32:

    python benchmarks/neighbour_backends.py --out benchmarks/results/neighbour_backends.json
"""

import argparse
import json
import os
import platform
import time
from pathlib import Path
from typing import Literal

import numpy as np

from jscgc_theory.neighbours import nearest_neighbours
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

SIZES = (2000, 20_000)
AMBIENT_DIMS = (2, 4, 6, 8, 10, 12, 16, 32)
INTRINSIC_DIMS = (5, 32)
N_NEIGHBOURS = 20


def main() -> None:
    """Time every cell and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    seconds(np.eye(200, 3), "flat", 1)
    rows = []
    for n_points in SIZES:
        for ambient_dim in AMBIENT_DIMS:
            for intrinsic_dim in sorted({min(ambient_dim, dim) for dim in INTRINSIC_DIMS}):
                points = cloud(n_points, ambient_dim, intrinsic_dim)
                row: dict[str, float] = {
                    "n_points": n_points,
                    "ambient_dim": ambient_dim,
                    "intrinsic_dim": intrinsic_dim,
                    "tree_s": seconds(points, "tree", arguments.repeats),
                    "flat_s": seconds(points, "flat", arguments.repeats),
                }
                rows.append(row)
                print(json.dumps(row), flush=True)
    record = {
        "question": (__doc__ or "").splitlines()[0],
        "n_neighbours": N_NEIGHBOURS,
        "machine": {
            "architecture": platform.machine(),
            "n_cpus": os.cpu_count(),
            "omp_num_threads": os.environ.get("OMP_NUM_THREADS"),
        },
        "versions": installed_versions(),
        "rows": rows,
    }
    write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")


def cloud(n_points: int, ambient_dim: int, intrinsic_dim: int) -> np.ndarray:
    """Return a normal cloud of some dimension in a space of another."""
    rng = np.random.default_rng([n_points, ambient_dim, intrinsic_dim])
    basis, _ = np.linalg.qr(rng.standard_normal((ambient_dim, intrinsic_dim)))
    points: np.ndarray = rng.standard_normal((n_points, intrinsic_dim)) @ basis.T
    return points.astype(np.float32)


def seconds(points: np.ndarray, backend: Literal["tree", "flat"], repeats: int) -> float:
    """Return the best time of a search."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        nearest_neighbours(points, N_NEIGHBOURS, backend=backend)
        best = min(best, time.perf_counter() - start)
    return round(best, 4)


if __name__ == "__main__":
    main()
