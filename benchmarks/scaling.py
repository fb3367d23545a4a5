"""How do time and memory of the default answer of ``dimension`` grow with the number of points?

Each size runs in a process of its own on a memory-mapped file of 16 coordinates: a normal cloud of
full rank, the hard case, and a curved torus of 4 dimensions. Rows that are in the record are kept,
so that the run can be stopped and gone on with; a figure is drawn beside the record:

    python benchmarks/scaling.py --out benchmarks/results/scaling.json
    python benchmarks/scaling.py --out benchmarks/results/scaling.json --figure scaling.pdf
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

SIZES = (1000, 10_000, 100_000, 1_000_000)
"""The time of the first is that of imports and of what does not grow."""
AMBIENT_DIM = 16
TORUS_DIM = 4
CLOUDS = ("torus", "normal")


def main() -> None:
    """Measure what is missing, fit the slopes, write the record, draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--clouds", nargs="*", default=CLOUDS, choices=CLOUDS)
    parser.add_argument("--figure", type=Path)
    arguments = parser.parse_args()
    rows = json.loads(arguments.out.read_text())["rows"] if arguments.out.exists() else []
    for n_points in arguments.sizes:
        for cloud in arguments.clouds:
            if not any((row["cloud"], row["n_points"]) == (cloud, n_points) for row in rows):
                rows.append(measured(cloud, n_points))
                print(json.dumps(rows[-1]), flush=True)
                write_text_atomically(arguments.out, json.dumps(record_of(rows), indent=1) + "\n")
    if arguments.figure is not None:
        draw(record_of(rows), arguments.figure)


def points_of(cloud: str, n_points: int) -> np.ndarray:
    """Return a cloud in 16 coordinates, float32."""
    rng = np.random.default_rng([n_points, len(cloud)])
    if cloud == "normal":
        return rng.standard_normal((n_points, AMBIENT_DIM)).astype(np.float32)
    angles = 2.0 * np.pi * rng.random((n_points, TORUS_DIM))
    torus = np.hstack([np.cos(angles), np.sin(angles)])
    turned, _ = np.linalg.qr(rng.standard_normal((AMBIENT_DIM, 2 * TORUS_DIM)))
    return np.asarray((torus @ turned.T).astype(np.float32))


def measured(cloud: str, n_points: int) -> dict[str, Any]:
    """Run one size in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.npy"
        np.save(path, points_of(cloud, n_points))
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
        )
    return {"cloud": cloud, "n_points": n_points, **json.loads(done.stdout)}


_MEASURE = """
import json, resource, sys, time
started = time.perf_counter()
from jscgc_theory import dimension
from jscgc_theory.points_io import load_points
heard = [(0.0, started)]
def listen(fraction):
    # Seven tenths of the progress are the search for neighbours.
    if fraction < 0.7 + 1e-9:
        heard[-1] = (fraction, time.perf_counter())
found = dimension(load_points(sys.argv[1]).array, progress=listen).intrinsic_dim
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "wall_s": round(time.perf_counter() - started, 2),
    "search_s": round(heard[-1][1] - started, 2),
    "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
    "peak_rss_gb": round(usage.ru_maxrss * 1024 / 1e9, 3),
    "intrinsic_dim": round(found.value, 3),
    "interval": [round(end, 3) for end in found.interval],
}))
"""


def record_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the record: rows, and the slope of log time over log N for each cloud."""
    return {
        "question": (__doc__ or "").splitlines()[0],
        "ambient_dim": AMBIENT_DIM,
        "machine": {
            "architecture": platform.machine(),
            "n_cpus": os.cpu_count(),
            "omp_num_threads": os.environ.get("OMP_NUM_THREADS"),
        },
        "versions": installed_versions(),
        "slopes": {cloud: slope_of(rows, cloud) for cloud in CLOUDS},
        "rows": sorted(rows, key=lambda row: (row["cloud"], row["n_points"])),
    }


def slope_of(rows: list[dict[str, Any]], cloud: str) -> float | None:
    """Return the power in start + a N^power, fitted to the processor's time in relative error."""
    times = {row["n_points"]: row["cpu_s"] for row in rows if row["cloud"] == cloud}
    if len(times) < 3:
        return None
    log_sizes = np.log(sorted(times))
    log_times = np.log([times[size] for size in sorted(times)])

    def misfit(unknown: np.ndarray) -> np.ndarray:
        start, largest, power = unknown
        growth = largest + power * (log_sizes - log_sizes[-1])
        return np.asarray(np.logaddexp(start, growth) - log_times)

    first_guess = (log_times[0], log_times[-1], 1.2)
    return round(float(least_squares(misfit, first_guess).x[2]), 2)


def draw(record: dict[str, Any], path: Path) -> None:
    """Draw time (left) and memory (right) over N."""
    from functools import partial

    from jscgc_theory.plotting.canvas import save_figure
    from jscgc_theory.plotting.panels import panels_with_one_legend

    draws = [
        partial(_panel, record=record, key="cpu_s", label="processor time (s)"),
        partial(_panel, record=record, key="peak_rss_gb", label="peak memory (GB)"),
    ]
    save_figure(panels_with_one_legend(draws, panels_a_row=2, legend_columns=2), path)


def _panel(ax: Any, record: dict[str, Any], key: str, label: str) -> None:
    from jscgc_theory.plotting.canvas import use_log_scale
    from jscgc_theory.plotting.style import SERIES_LOOKS

    use_log_scale(ax, "x", [row["n_points"] for row in record["rows"]])
    use_log_scale(ax, "y", [row[key] for row in record["rows"]])
    for cloud, (color, linestyle, marker) in zip(CLOUDS, SERIES_LOOKS, strict=False):
        rows = [row for row in record["rows"] if row["cloud"] == cloud]
        ax.plot(
            [row["n_points"] for row in rows],
            [row[key] for row in rows],
            color=color,
            linestyle=linestyle,
            marker=marker,
            label=f"{cloud}, time grows as $N^{{{record['slopes'][cloud]}}}$",
        )
    ax.set_xlabel("number of points")
    ax.set_ylabel(label)


if __name__ == "__main__":
    main()
