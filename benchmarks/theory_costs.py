"""Write the page of what the theory toolkit costs, from the records of four benchmarks.

python benchmarks/theory_costs.py --table docs/theory_costs.md
"""

import argparse
import json
from pathlib import Path
from typing import Any

from jscgc_theory.records.whole_files import write_text_atomically

RESULTS = Path(__file__).parent / "results"
OWN = "jscgc"
HEAD = """# What the theory toolkit costs

Written by `benchmarks/theory_costs.py`. *normal* has full rank, *curved* is a manifold of four
dimensions bent into all coordinates; points are float32.

"""
NEIGHBOURS_HEAD = """## Ten exact nearest neighbours

Seconds on {threads} threads of one machine ({architecture}; `theory_speed.py`); in brackets what
was estimated from one query in a hundred. The ratio is our time over that of the fastest other.

"""
NEIGHBOURS_FOOT = """
Each tile of the matrix of distances is computed once for its rows and its columns, so a search
needs half the products of the others; choosing neighbours takes the rest, which at 50 coordinates
is most of the time. Where the data are a manifold, boxes leave most tiles out. In one process with
faiss, scikit-learn's matrix search keeps to one thread; on both it takes half as long, which is
still longer than faiss. The last columns are the largest relative errors of a distance.

"""
ANSWERS_HEAD = """## Whole answers

Seconds of a complete `delta-star` (neighbours, dimension, all pairs, densest places, every bound)
beside what others need for a part of it (`answer_speed.py`).

"""
ANSWERS_FOOT = """
A complete answer multiplies half of the matrix of distances once, for neighbours and for the
histogram of all pairs; tangent directions or the calibrated reading of the dimension, and the
densest places, are the rest. Of more than 32 768 points the pairs of 8192 are counted. On 100 000
points a whole answer takes less than the peers' TwoNN alone.

"""
PARTS_HEAD = """## Where the time goes

Seconds of the parts of a complete `delta-star` on {threads} threads (`answer_parts.py`), and below
them what the products of half the matrix of distances take alone, in the tiles of the search: the
least that an exact search which multiplies all can take.

"""
PARTS_FOOT = """
On 100 000 points of full rank the search multiplies every tile; the products of 20 coordinates are
so short that testing each against what its row and its column still seek, and keeping the better
ones, takes longer than the products do. So a third of the time of the peers' TwoNN, which would be
{third} s, is not reached: of a whole answer of {normal} s the search is {search} s.

"""
SCALE_HEAD = """## A million points

The default answer of `jscgc dimension` on points of {ambient_dim} coordinates that lie in a file
(`scaling.py`): a curved torus of four dimensions, and a normal cloud of full rank. Start-up taken
off, the processor's time grows as N^{torus} and N^{normal}.

"""


SCALE_FOOT = """
![Processor time and peak memory over the number of points](images/scaling.svg)
"""


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", type=Path, required=True)
    arguments = parser.parse_args()
    write_text_atomically(arguments.table, page())


def page() -> str:
    """Return the page."""
    speed, answers, parts_of_answers, scaling = (
        json.loads((RESULTS / f"{name}.json").read_text())
        for name in ("theory_speed", "answer_speed", "answer_parts", "scaling")
    )
    machine = {"threads": speed["threads"], "architecture": speed["machine"]["architecture"]}
    slopes = {"ambient_dim": scaling["ambient_dim"], **scaling["slopes"]}
    parts = [
        HEAD,
        NEIGHBOURS_HEAD.format(**machine),
        neighbours(speed["rows"]),
        NEIGHBOURS_FOOT,
        ANSWERS_HEAD,
        whole_answers(answers["rows"]),
        ANSWERS_FOOT,
        PARTS_HEAD.format(threads=parts_of_answers["threads"]),
        parts_of_time(parts_of_answers["rows"]),
        PARTS_FOOT.format(**limits(parts_of_answers["rows"], answers["rows"])),
        SCALE_HEAD.format(**slopes),
        scale(scaling["rows"]),
        SCALE_FOOT,
    ]
    return "".join(parts)


def neighbours(rows: list[dict[str, Any]]) -> str:
    """Return the table of searches."""
    peers = list(
        dict.fromkeys(name for row in rows for name in (*row["searches"], *row["estimated_s"]))
    )
    headings = [name.replace("_", " ") for name in peers]
    lines = [["cloud", "N", "D", *headings, "ratio", "runs", "our error", "faiss's error"]]
    for row in rows:
        shown = [_seconds(row, name) for name in peers]
        errors = [
            f"{row['searches'][name]['largest_relative_error']:.0e}".replace("-", "&#8209;")
            for name in (OWN, "faiss")  # a hyphen would let the number break over lines
        ]
        lines.append([*_named(row), *shown, row["ratio_of_medians"], row["repeats"], *errors])
    return _table(lines)


def _seconds(row: dict[str, Any], name: str) -> str:
    if name in row["searches"]:
        return f"{row['searches'][name]['wall_median_s']:.2f}"
    return f"({row['estimated_s'][name]:.0f})" if name in row["estimated_s"] else ""


def whole_answers(rows: list[dict[str, Any]]) -> str:
    """Return the table of answers."""
    lines = [["cloud", "N", "D", "answer", "seconds", "processor's seconds"]]
    for row in rows:
        for name, cost in row["answers"].items():
            lines.append([*_named(row), name, f"{cost['wall_s']:.1f}", f"{cost['cpu_s']:.1f}"])
    return _table(lines)


def parts_of_time(rows: list[dict[str, Any]]) -> str:
    """Return the table of parts."""
    clouds = [f"{row['cloud']} {_spaced(row['n_points'])} x {row['ambient_dim']}" for row in rows]
    lines = [["part", *clouds]]
    for part in rows[0]["parts_s"]:
        lines.append([part, *(f"{row['parts_s'][part]:.2f}" for row in rows)])
    products = [
        f"{row['half_matrix_products_s']:.2f} ({row['products_gflops']:.0f} GFLOP/s)"
        for row in rows
    ]
    return _table([*lines, ["products alone", *products]])


def limits(parts: list[dict[str, Any]], answers: list[dict[str, Any]]) -> dict[str, str]:
    """Return what the goal of a third is held against, on the larger cloud of full rank."""
    sought = {"cloud": "normal", "n_points": 100_000}
    spent = next(row["parts_s"] for row in parts if sought.items() <= row.items())
    answer = next(row["answers"] for row in answers if sought.items() <= row.items())
    peers = min(cost["wall_s"] for name, cost in answer.items() if not name.startswith(OWN))
    return {
        "third": f"{peers / 3.0:.1f}",
        "normal": f"{spent['whole answer']:.1f}",
        "search": f"{spent['neighbours']:.1f}",
    }


def scale(rows: list[dict[str, Any]]) -> str:
    """Return the table of sizes."""
    lines = [["cloud", "N", "processor's seconds", "peak memory (GB)"]]
    for row in rows:
        size, cost = _spaced(row["n_points"]), f"{row['cpu_s']:.1f}"
        lines.append([row["cloud"], size, cost, f"{row['peak_rss_gb']:.2f}"])
    return _table(lines)


def _named(row: dict[str, Any]) -> list[Any]:
    return [row["cloud"], _spaced(row["n_points"]), row["ambient_dim"]]


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "&nbsp;")


def _table(lines: list[list[Any]]) -> str:
    whole = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in whole)


if __name__ == "__main__":
    main()
