"""Does the default dimension's 95 % interval cover the truth, or does a notice say it may not?

Samples of sources of known dimension, 200 of each: how often the interval holds d, how often a
notice says that it is not promised, and how often it holds d where none does. Finished cells are
kept, so the run can be stopped and resumed:

    OMP_NUM_THREADS=1 python benchmarks/dimension_coverage.py --out RECORD.json
    python benchmarks/dimension_coverage.py --out RECORD.json --table docs/dimension_coverage.md
"""

import argparse
import json
import math
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from interval_coverage import SOURCES, WARNINGS

from jscgc_theory.intrinsic_dimension import RecommendedDimension
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.records.whole_files import write_text_atomically

RECORD = Path(__file__).parent / "results" / "dimension_coverage.json"
DIMS = range(1, 21)
SIZES = (500, 1000, 2000, 5000)


def main() -> None:
    """Fill the map cell by cell, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--sources", nargs="+", choices=SOURCES, default=list(SOURCES))
    parser.add_argument("--dims", nargs="+", type=int, default=DIMS)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RECORD)
    parser.add_argument("--table", type=Path, help="only write the page from the record")
    arguments = parser.parse_args()
    done: dict[str, Any] = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    if arguments.table is not None:
        write_text_atomically(arguments.table, page(done))
        return
    cells = product(arguments.sizes, arguments.sources, arguments.dims)
    todo = [cell for cell in cells if key_of(*cell) not in done]
    with ProcessPoolExecutor(arguments.processes) as pool:
        jobs = {pool.submit(measure, *cell, arguments.seeds): key_of(*cell) for cell in todo}
        for job in as_completed(jobs):
            done[jobs[job]] = job.result()
            write_text_atomically(arguments.out, json.dumps(done, indent=0) + "\n")
            print(jobs[job], done[jobs[job]], flush=True)


def key_of(n_points: int, source: str, dim: int) -> str:
    """Name a cell in the record."""
    return f"{source} d={dim} N={n_points}"


def measure(n_points: int, source: str, dim: int, n_seeds: int) -> dict[str, Any]:
    """Return how often the interval held d in one cell, and how often it was promised."""
    estimator, law = RecommendedDimension(), SOURCES[source](dim)
    values, widths, held, promised = [], [], [], []
    warned: dict[str, int] = {}
    for seed in range(n_seeds):
        points = law.sample(n_points, np.random.default_rng([seed, dim, n_points]))
        found = estimator.estimate(Sample.from_points(points, estimator.n_neighbours_needed))
        codes = {notice.code for notice in found.notices}
        values.append(found.value)
        widths.append(found.half_width / found.value)
        held.append(found.covers(dim))
        promised.append(not codes & WARNINGS)
        for code in codes:
            warned[code] = warned.get(code, 0) + 1
    sure = [hit for hit, promise in zip(held, promised, strict=True) if promise]
    return {
        "seeds": n_seeds,
        "covered": round(float(np.mean(held)), 4),
        "promised": round(float(np.mean(promised)), 4),
        "covered_where_promised": round(float(np.mean(sure)), 4) if sure else None,
        "mean": round(float(np.mean(values)), 4),
        "relative_half_width": round(float(np.mean(widths)), 4),
        "notices": {code: round(count / n_seeds, 4) for code, count in sorted(warned.items())},
    }


PREAMBLE = """# Does the default dimension's interval cover the truth?

Written by `benchmarks/dimension_coverage.py --table` from
`benchmarks/results/dimension_coverage.json`: the share of 200 samples whose 95 % interval of d
holds the truth; with so many a true 95 % is read as 92 to 98 %. In brackets, where notices say
that the interval is not promised in some samples, the share of samples in which none does;
*slanted*, where every sample has such a notice. **Bold**: outside 90 to 99 % among the samples
without a notice, if these are 20 or more.

With a notice the interval is that of the calibrated reading (see [estimation](estimation.md)): it
holds for 95 % of manifolds of many kinds, so on these regular ones it may hold the truth more
often. Some of the cells also stand beside
[the intervals of the bounds](interval_coverage.md).
"""


def page(done: dict[str, Any]) -> str:
    """Return the map as a Markdown page, one table for each number of points."""
    lines = [PREAMBLE]
    for n_points in sorted({int(key.split("N=")[1]) for key in done}):
        dims = sorted(
            {int(k.split("d=")[1].split()[0]) for k in done if k.endswith(f"={n_points}")}
        )
        lines += [f"## N = {n_points}", ""]
        lines.append("| d | " + " | ".join(SOURCES) + " |")
        lines.append("|---" * (len(SOURCES) + 1) + "|")
        for dim in dims:
            shown = [_shown(done.get(key_of(n_points, source, dim))) for source in SOURCES]
            lines.append(f"| {dim} | " + " | ".join(shown) + " |")
        lines.append("")
    return "\n".join(lines)


def _shown(cell: dict[str, Any] | None) -> str:
    if cell is None:
        return ""
    text, promised = f"{cell['covered']:.1%}", cell["promised"]
    sure = cell["covered_where_promised"]
    if promised * cell["seeds"] >= 20.0 and not 0.90 <= sure <= 0.99:
        text = f"**{text}**"
    if promised == 0.0:
        return f"*{text}*"
    share = f"{math.floor(100.0 * promised)}%" if promised >= 0.01 else "under 1%"
    return text if promised == 1.0 else f"{text} ({share} promised)"


if __name__ == "__main__":
    main()
