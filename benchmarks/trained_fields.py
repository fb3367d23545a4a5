"""Do small velocity fields, trained on one core, read I within 5 % and know their error?

Trains :class:`TrainedVelocityGap` on sphere channels whose information is known, over many seeds,
and counts how often its interval holds the truth; then on other pairs, one seed each. Finished
cells are kept, so the run can be stopped and resumed:

    OMP_NUM_THREADS=1 python benchmarks/trained_fields.py --seeds 20
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from jscgc_theory.mutual_information.fields import (
    TrainedField,
    TrainedVelocityGap,
    train_velocity_field,
)
from jscgc_theory.mutual_information.velocity import manifold_law
from jscgc_theory.records import Estimate
from jscgc_theory.records.whole_files import write_text_atomically
from jscgc_theory.sources import Sphere, SphereChannel
from jscgc_theory.sources.information_pairs import PairSource, information_benchmark

RECORD = Path(__file__).parent / "results" / "trained_fields.json"
SPHERES = tuple((dim, snr_db) for snr_db in (-5.0, 5.0, 15.0) for dim in (2, 8))


def main() -> None:
    """Fill the table cell by cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--others", nargs="*", default=[], help="names in information_benchmark")
    parser.add_argument("--laws", type=int, default=0, help="seeds for d and h_d of spheres")
    parser.add_argument("--only", default="", help="part of the names of the cells to run")
    parser.add_argument("--out", type=Path, default=RECORD)
    arguments = parser.parse_args()
    done: dict[str, Any] = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    for key, measure in cells(arguments):
        if key not in done and arguments.only in key:
            keep(done, key, measure(), arguments.out)
    print_summary(done)


def cells(arguments: argparse.Namespace) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield the name of every cell and the function that measures it."""
    n_pairs: int = arguments.pairs
    for seed, (dim, snr_db) in product(range(arguments.seeds), SPHERES):
        key = f"S^{dim} {snr_db:g} dB, n = {n_pairs}, seed {seed}"
        yield key, partial(sphere_row, dim, snr_db, n_pairs, seed)
    for seed, dim in product(range(arguments.laws), (2, 4, 8)):
        key = f"law of S^{dim}, n = {n_pairs}, seed {seed}"
        yield key, partial(law_row, dim, n_pairs, seed)
    for source in information_benchmark():
        if source.name in arguments.others:
            yield f"{source.name}, n = {n_pairs}, seed 0", partial(pair_row, source, n_pairs)


def pair_row(source: PairSource, n_pairs: int) -> dict[str, Any]:
    """Read I of a pair of the benchmark set, the side to generate chosen by rule."""
    rng = np.random.default_rng(0)
    x, y = source.sample(n_pairs, rng)
    return estimated(x, y, source.mutual_information_bits(), rng)


def sphere_row(dim: int, snr_db: float, n_pairs: int, seed: int) -> dict[str, Any]:
    """Train a field of x given y_hat on a sphere channel and read I."""
    channel = SphereChannel(dim, snr_db)
    rng = np.random.default_rng([seed, dim, round(snr_db) + 100])
    x, y_hat = channel.sample(n_pairs, rng)
    return estimated(x, y_hat, channel.mutual_information_bits(), rng, generated="x")


def estimated(
    x: np.ndarray, y: np.ndarray, exact: float, rng: np.random.Generator, **settings: Any
) -> dict[str, Any]:
    """Return what the estimator says beside the truth."""
    wall, processor = time.perf_counter(), time.process_time()
    estimate: Estimate = TrainedVelocityGap(rng=rng, **settings).fit(x, y).estimate_
    names = ("loss_gap_bits", "squared_form_bits", "disagreement_bits", "change_by_training_bits")
    return {
        "exact_bits": exact,
        "value_bits": estimate.value,
        "standard_error_bits": estimate.standard_error,
        "interval_bits": estimate.interval,
        "error_share": estimate.value / exact - 1.0,
        "covered": estimate.covers(exact),
        **{name: estimate.details[name] for name in (*names, "generated")},
        "notices": [notice.code for notice in estimate.notices],
        "processor_s": time.process_time() - processor,
        "wall_s": time.perf_counter() - wall,
    }


def law_row(dim: int, n_points: int, seed: int) -> dict[str, Any]:
    """Read d and h_d of a sphere from a field trained at -5 to 15 dB's noise levels."""
    channel = SphereChannel(dim, 15.0)
    rng = np.random.default_rng([seed, dim])
    x, y_hat = channel.sample(n_points, rng)
    cut = 3 * n_points // 4
    field: TrainedField = train_velocity_field(x[:cut], y_hat[:cut], rng=rng)
    law = manifold_law(field, x[cut:], rng=rng, t_range=field.t_range)
    return {
        "intrinsic_dim": law.intrinsic_dim.value,
        "intrinsic_dim_interval": law.intrinsic_dim.interval,
        "entropy_nats": law.differential_entropy_nats.value,
        "entropy_interval": law.differential_entropy_nats.interval,
        "exact_dim": dim,
        "exact_entropy_nats": float(np.log(Sphere(dim).volume)),
        "notices": [notice.code for notice in law.notices],
    }


def keep(done: dict[str, Any], key: str, row: dict[str, Any], path: Path) -> None:
    """Add a row to the record and write it whole."""
    done[key] = row
    write_text_atomically(path, json.dumps(done, indent=1) + "\n")
    print(key, json.dumps(row), flush=True)


def print_summary(done: dict[str, Any]) -> None:
    """Print a line for each case, its seeds together."""
    cases: dict[str, list[dict[str, Any]]] = {}
    for key, row in done.items():
        if "exact_bits" in row:
            cases.setdefault(key.rsplit(", seed", 1)[0], []).append(row)
    print("case | exact | loss gap | squared | value | worst error | covered | notices | s")
    for case, rows in cases.items():
        means = [
            float(np.mean([row[name] for row in rows]))
            for name in ("exact_bits", "loss_gap_bits", "squared_form_bits", "value_bits")
        ]
        worst = max((row["error_share"] for row in rows), key=abs)
        covered = sum(row["covered"] for row in rows)
        warned = sum(bool(row["notices"]) for row in rows)
        seconds = np.mean([row["processor_s"] for row in rows])
        print(
            f"{case} | {' | '.join(f'{value:.3f}' for value in means)} | {worst:+.1%} | "
            f"{covered}/{len(rows)} | {warned} | {seconds:.0f}"
        )


if __name__ == "__main__":
    main()
