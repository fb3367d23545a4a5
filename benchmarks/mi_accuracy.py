"""How far from the truth is each estimate of mutual information, and does it say so?

Draws n pairs of every case of the benchmark set, whose information is known exactly, asks for the
recommended estimate and for every other one that applies, and runs scikit-learn and, if it is
installed, infomeasure on the same pairs. An estimate that errs by more than 5 % and 0.05 bit
without a warning is silent; there should be none. What is finished is kept, and the same call
adds what is missing; networks take minutes a case, so they may be left for a second call:

    python benchmarks/mi_accuracy.py --out RECORD.json --without infonce nwj smile
    python benchmarks/mi_accuracy.py --out RECORD.json
    python benchmarks/mi_accuracy.py --out RECORD.json --table docs/mi_accuracy.md
"""

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory import mi
from jscgc_theory.mutual_information.catalogue import names_that_apply
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.selection import side_of
from jscgc_theory.records import Estimate
from jscgc_theory.records.whole_files import write_text_atomically
from jscgc_theory.sources.information_pairs import (
    KnownChannelPair,
    PairSource,
    information_benchmark,
)

SHARE, BITS = 0.05, 0.05
Rows = NDArray[np.float64]
_PEER_DIMS = 12
"""Columns up to which nearest-neighbour peers are run; they take minutes beyond."""


def main() -> None:
    """Fill the record case by case, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="part of the names of the cases to run")
    parser.add_argument("--quick", action="store_true", help="the recommended estimate alone")
    parser.add_argument(
        "--without", nargs="*", default=[], help="estimators run only to find the recommended one"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--table", type=Path, help="only write the page from the record")
    arguments = parser.parse_args()
    done = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    if arguments.table is not None:
        write_text_atomically(arguments.table, page(done))
        return
    for case in information_benchmark():
        if arguments.only not in case.name:
            continue
        measured = False
        for row in measure(case, done.get(case.name), arguments):
            done[case.name], measured = row, True
            known = {
                one.name: done[one.name] for one in information_benchmark() if one.name in done
            }
            write_text_atomically(arguments.out, json.dumps(known, indent=1) + "\n")
        if measured:
            print(_line(case.name, done[case.name]), flush=True)


def measure(
    case: PairSource, row: dict[str, Any] | None, arguments: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    """Yield the row of a case each time that something missing has been added to it."""
    x, y, known = _draw(case, arguments.pairs, np.random.default_rng(arguments.seed))
    if row is None:
        row = recommended_row(case, x, y, known, arguments.seed)
        yield row
    if arguments.quick:
        return
    sample = PairedSample.from_arrays(x, y)
    for name in names_that_apply(sample, channel_is_known=bool(known)):
        if name not in row["estimates"] and name not in arguments.without:
            started = time.perf_counter()
            estimate = mi(x, y, estimators=[name], rng=arguments.seed, **known).mi_bits
            row["estimates"][name] = _kept(estimate)
            row["seconds"][name] = round(time.perf_counter() - started, 1)
            yield row
    missing = [name for name in PEERS if name not in row["peers"]]
    if found := ask_peers(x, y, missing):
        row["peers"] |= found
        row["peer_versions"] = row.get("peer_versions", {}) | {n: version(n) for n in found}
        yield row


def recommended_row(
    case: PairSource, x: Rows, y: Rows, known: dict[str, Any], seed: int
) -> dict[str, Any]:
    """Return the truth and what a call with no name of an estimator says."""
    started = time.perf_counter()
    report = mi(x, y, rng=seed, **known)
    return {
        "group": case.group,
        "x_dim": case.x_dim,
        "y_dim": case.y_dim,
        "n_pairs": len(x),
        "truth_bits": case.mutual_information_bits(),
        "recommended": report.recommended,
        "estimates": {name: _kept(one) for name, one in report.estimates.items()},
        "peers": {},
        "seconds": {"recommended": round(time.perf_counter() - started, 1)},
    }


def _draw(
    case: PairSource, n_pairs: int, rng: np.random.Generator
) -> tuple[Rows, Rows, dict[str, Any]]:
    if not isinstance(case, KnownChannelPair):
        return *case.sample(n_pairs, rng), {}
    drawn = case.sample_channel(n_pairs, rng)
    return drawn.x, drawn.y, {"noise_variance": case.noise_variance, "gains": drawn.gains}


def _kept(estimate: Estimate) -> dict[str, Any]:
    return {
        "value": estimate.value,
        "standard_error": estimate.standard_error,
        "interval": estimate.interval,
        "side": side_of(estimate),
        "notices": [notice.code for notice in estimate.notices],
    }


def tolerance(truth_bits: float) -> float:
    """Return the error in bits that is borne."""
    return max(SHARE * truth_bits, BITS)


def is_silent(truth_bits: float, one: dict[str, Any]) -> bool:
    """Tell whether an estimate is out of range and neither warns nor claims only its side."""
    error, borne = one["value"] - truth_bits, tolerance(truth_bits)
    if one["notices"]:
        return False
    wrong_side = {"lower_bound": error > borne, "upper_bound": -error > borne}
    return wrong_side.get(one["side"], abs(error) > borne)


def _sklearn(x: Rows, y: Rows) -> float | None:
    if x.shape[1] + y.shape[1] > 2:
        return None  # it takes one column at a time
    from sklearn.feature_selection import mutual_info_regression

    found = mutual_info_regression(x, y[:, 0], n_neighbors=5, random_state=0)
    return float(found[0]) / math.log(2.0)


def _infomeasure(x: Rows, y: Rows) -> float | None:
    if find_spec("infomeasure") is None or x.shape[1] + y.shape[1] > _PEER_DIMS:
        return None
    import infomeasure

    return float(infomeasure.mutual_information(x, y, approach="ksg", k=5, base=2))


PEERS: dict[str, Callable[[Rows, Rows], float | None]] = {
    "scikit-learn": _sklearn,
    "infomeasure": _infomeasure,
}


def ask_peers(x: Rows, y: Rows, names: list[str]) -> dict[str, float]:
    """Return what each of these peers that can take such pairs says of them, in bits."""
    return {name: value for name in names if (value := PEERS[name](x, y)) is not None}


def _line(name: str, case: dict[str, Any]) -> str:
    best = case["estimates"][case["recommended"]]
    error = best["value"] - case["truth_bits"]
    within = "ok " if abs(error) <= tolerance(case["truth_bits"]) else "OUT"
    silent = [key for key, one in case["estimates"].items() if is_silent(case["truth_bits"], one)]
    return (
        f"{within} {name}: truth {case['truth_bits']:.3f}, {case['recommended']} "
        f"{best['value']:.3f} ({best['side']}, {','.join(best['notices'])}), "
        f"{case['seconds']['recommended']} s; silent: {','.join(silent) or 'none'}; "
        + ", ".join(f"{key} {one['value']:.3f}" for key, one in case["estimates"].items())
    )


PAGE_HEAD = """# How accurate are the estimates of mutual information?

Measured by `benchmarks/mi_accuracy.py` on pairs whose information is known exactly
(`jscgc_theory.sources.information_benchmark`). An answer is good if it is within 5 % or 0.05 bit
of the truth, whichever is larger; recommended answers that are not are in bold. In the columns of
single estimators `!` marks an answer that carries a warning, `>=` and `<=` bounds that claim only
their side. A number that is wrong and neither warns nor claims a side is marked `SILENT`. Cases
and estimators that are not listed have not been measured; one draw of each case is.

"""


def page(done: dict[str, dict[str, Any]]) -> str:
    """Return the record as a Markdown page."""
    text = PAGE_HEAD
    for group in dict.fromkeys(case["group"] for case in done.values()):
        text += f"## {group.capitalize()}\n\n{_table(group, done)}\n"
    return text + _footer(done)


def _table(group: str, done: dict[str, dict[str, Any]]) -> str:
    cases = {name: case for name, case in done.items() if case["group"] == group}
    names = list(dict.fromkeys(key for case in cases.values() for key in case["estimates"]))
    peers = list(dict.fromkeys(key for case in cases.values() for key in case["peers"]))
    head = ["case", "columns", "truth (bits)", "recommended", *names, *peers]
    lines = [" | ".join(head), " | ".join(["---"] * len(head))]
    for name, case in cases.items():
        truth = case["truth_bits"]
        best = case["estimates"][case["recommended"]]
        told = f"{best['value']:.3f} ({case['recommended']})"
        if abs(best["value"] - truth) > tolerance(truth):
            told = f"**{told}**"
        cells = [_cell(truth, case["estimates"].get(key)) for key in names]
        others = [f"{case['peers'][key]:.3f}" if key in case["peers"] else "" for key in peers]
        columns = f"{case['x_dim']} + {case['y_dim']}"
        lines.append(" | ".join([name, columns, f"{truth:.3f}", told, *cells, *others]))
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _cell(truth: float, one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    mark = {"lower_bound": ">= ", "upper_bound": "<= "}.get(one["side"], "")
    silent = " SILENT" if is_silent(truth, one) else ""
    return f"{mark}{one['value']:.3f}{'!' if one['notices'] else ''}{silent}"


def _footer(done: dict[str, dict[str, Any]]) -> str:
    good = sum(
        abs(case["estimates"][case["recommended"]]["value"] - case["truth_bits"])
        <= tolerance(case["truth_bits"])
        for case in done.values()
    )
    silent = sum(
        is_silent(case["truth_bits"], one)
        for case in done.values()
        for one in case["estimates"].values()
    )
    made = sum(len(case["estimates"]) for case in done.values())
    asked = {
        f"{name} {number}"
        for case in done.values()
        for name, number in case.get("peer_versions", {}).items()
    }
    versions = ", ".join(sorted(asked))
    return (
        f"The recommended answer is good in {good} of {len(done)} cases; {silent} of {made} "
        f"single estimates are silent. Peers: {versions}.\n"
    )


if __name__ == "__main__":
    main()
