"""Where does the time of a complete ``delta-star`` go, and what do its products alone take?

The parts of one answer are timed in turn in one process, after a first answer that loads the
compiled loops; the middle of several repeats is kept. Beside them stand the products of half the
matrix of distances in the tiles of the search, which no exact search that multiplies all can
undercut:

    OMP_NUM_THREADS=2 python benchmarks/answer_parts.py
"""

import argparse
import importlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from theory_speed import curved, machine, normal

from jscgc_theory import delta_star
from jscgc_theory.neighbours import in_threads
from jscgc_theory.neighbours.threads import matrix_threads
from jscgc_theory.neighbours.tile_search import rows_per_block
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

RECORD = Path(__file__).parent / "results" / "answer_parts.json"
PARTS = {
    "repeated rows": ("intrinsic_dimension.sample.settle_duplicates",),
    "neighbours": ("intrinsic_dimension.sample.nearest_neighbours",),
    "tangent directions": ("intrinsic_dimension.corrected_likelihood.one_sidedness",),
    "calibrated reading": ("intrinsic_dimension.calibrated.shape_statistics",),
    "errors of pairs that share points": (
        "intrinsic_dimension.distance_ratios.dyadic_covariance",
        "covering_numbers.coincidence_fit.dyadic_covariance",
        "covering_numbers.pair_tail.dyadic_covariance",
    ),
    "first limit of the closest pairs": ("neighbours.pair_scan.row_histograms",),
    "pairs counted": ("neighbours.pair_scan.summed_histogram",),
    "closest pairs": ("neighbours.listed_pairs.close_pairs",),
    "densest places": ("analysis.dataset_bound.fit_small_ball",),
}
"""Names of the parts to the functions that do them, where they are called from."""
REST, WHOLE = "all else", "whole answer"
CELLS = ((20_000, 784), (100_000, 20))


def main() -> None:
    """Time the parts in every cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RECORD)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    rows = []
    for n_points, ambient_dim in CELLS:
        for cloud in (normal, curved):
            points = cloud(n_points, ambient_dim)
            named = {"cloud": cloud.__name__, "n_points": n_points, "ambient_dim": ambient_dim}
            rows.append(named | cell(points, arguments.repeats))
            print(json.dumps(rows[-1]), flush=True)
    with matrix_threads() as threads:
        settings = {"threads": threads, "repeats": arguments.repeats, "machine": machine()}
    record = {"question": (__doc__ or "").splitlines()[0], **settings}
    record |= {"versions": installed_versions(), "rows": rows}
    write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")


def cell(points: np.ndarray, repeats: int) -> dict[str, Any]:
    """Return the middle seconds of every part and of the bare products."""
    delta_star(points, mi_bits=20.0, rng=0)
    found = [parts_of_one_answer(points) for _ in range(repeats)]
    products = [products_alone(points) for _ in range(repeats)]
    middle = {name: round(float(np.median([one[name] for one in found])), 3) for name in found[0]}
    seconds = float(np.median(products))
    gflops = len(points) ** 2 * points.shape[1] / seconds / 1e9
    return {
        "parts_s": middle,
        "half_matrix_products_s": round(seconds, 3),
        "products_gflops": round(gflops, 1),
    }


def parts_of_one_answer(points: np.ndarray) -> dict[str, float]:
    """Return the seconds of every part of one answer."""
    spent: dict[str, float] = defaultdict(float)
    with timed_parts(spent):
        start = time.perf_counter()
        delta_star(points, mi_bits=20.0, rng=0)
        whole = time.perf_counter() - start
    parts = {name: spent[name] for name in PARTS}
    return parts | {REST: whole - sum(parts.values()), WHOLE: whole}


@contextmanager
def timed_parts(spent: dict[str, float]) -> Iterator[None]:
    """Put clocks around the functions of the parts."""
    with ExitStack() as stack:
        for name, places in PARTS.items():
            for place in places:
                module, function = f"jscgc_theory.{place}".rsplit(".", 1)
                # The module may be hidden behind a function of its name.
                owner = importlib.import_module(module)
                timed = clocked(getattr(owner, function), name, spent)
                stack.enter_context(patch.object(owner, function, timed))
        yield


def clocked(
    function: Callable[..., Any], name: str, spent: dict[str, float]
) -> Callable[..., Any]:
    """Return the function with its seconds added to those of its part."""

    def call(*arguments: Any, **settings: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*arguments, **settings)
        finally:
            spent[name] += time.perf_counter() - start

    return call


def products_alone(points: np.ndarray) -> float:
    """Return the seconds of the products of half the matrix, tile by tile, on all threads."""
    step = rows_per_block(points.shape[1])
    starts = range(0, len(points), step)

    def multiply(start: int) -> None:
        rows = points[start : start + step]
        room = np.empty((len(rows), step), dtype=np.float32)
        for left in range(start, len(points), step):
            columns = points[left : left + step]
            np.matmul(rows, columns.T, out=room[:, : len(columns)])

    start = time.perf_counter()
    in_threads(multiply, starts)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
