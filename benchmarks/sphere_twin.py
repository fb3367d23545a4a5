"""Does the trained system on spheres do what the exact posterior sampler does?

Trains the recipe ``tiny_sphere`` on S^2 and S^8 and holds it, at each SNR, against the closed-form
channel: radii at P_e = .1 and .01 against the exact sampler's, E|X_hat - X|^2 against twice the
mmse, the velocity gap against I, and every bound against the radii:

    OMP_NUM_THREADS=1 python benchmarks/sphere_twin.py --out benchmarks/results/sphere_twin.json
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from jscgc_model.data import numpy_stream
from jscgc_model.recipes import build_source, train_recipe
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.run_folder import load_run
from jscgc_model.recipes.tiny_sphere import tiny_sphere
from jscgc_model.verification import sweep
from jscgc_theory.records.whole_files import write_text_atomically
from jscgc_theory.sources import SphereChannel

SNR_DB = (-5.0, 0.0, 5.0, 10.0)
OUTAGES = (0.1, 0.01)


def main() -> None:
    """Train and judge each sphere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dims", type=int, nargs="*", default=[2, 8])
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = {}
    for dim in arguments.dims:
        recipe = tiny_sphere(dim).changed(arguments.set)
        found[f"S^{dim}"] = judged(recipe, dim, arguments.samples)
        if arguments.out:
            write_text_atomically(arguments.out, json.dumps(found, indent=1) + "\n")


def judged(recipe: Recipe, dim: int, n_samples: int) -> dict[str, Any]:
    """Train one system and return its numbers beside the exact ones."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        summary = train_recipe(recipe, Path(folder))
        spent = time.process_time() - started
        pipeline = load_run(Path(folder))
    samples = build_source(recipe).draw(n_samples, numpy_stream(1, "held out"))
    least = recipe.training.least_time
    result = sweep(
        pipeline,
        samples,
        SNR_DB,
        t_range=(least, 1.0 - least),
        outage_probability=OUTAGES,
        n_information_samples=4000,
        seed=1,
    )
    rows = []
    for information in result.information:
        snr_db = information.snr_db
        exact = SphereChannel(dim=dim, snr_db=snr_db)
        generator = torch.Generator().manual_seed(2)
        output = pipeline(samples, snr_db, generator=generator, batch_size=4096)
        miss = (output.samples[:, 0] - samples).double().norm(dim=1).numpy()
        row: dict[str, Any] = {
            "snr_db": snr_db,
            "exact_bits": exact.mutual_information_bits(),
            "velocity_gap_bits": information.velocity.mi_bits.value,
            "chosen_bits": information.mi_bits.value,
            "chosen_interval_bits": information.mi_bits.interval,
            "mean_square": float(np.square(miss).mean()),
            "twice_mmse": 2.0 * exact.mmse(),
        }
        for outage in OUTAGES:
            row[f"radius_{outage:g}"] = float(np.quantile(miss, 1.0 - outage))
            row[f"exact_radius_{outage:g}"] = exact.radius_posterior(outage)
        row["verdicts"] = {
            f"{one.outage_probability:g}": {
                bound: verdict.verdict for bound, verdict in one.verdicts.items()
            }
            for one in result.rows
            if one.snr_db == snr_db
        }
        rows.append(row)
        print(_line(dim, row), flush=True)
    return {
        "processor_s": spent,
        "samples_per_second": summary.n_samples_per_second,
        "n_steps": summary.n_steps_done,
        "rows": rows,
    }


def _line(dim: int, row: dict[str, Any]) -> str:
    shares = {
        "I": row["velocity_gap_bits"] / row["exact_bits"],
        "chosen I": row["chosen_bits"] / row["exact_bits"],
        "mean square": row["mean_square"] / row["twice_mmse"],
        **{f"radius {p:g}": row[f"radius_{p:g}"] / row[f"exact_radius_{p:g}"] for p in OUTAGES},
    }
    told = ", ".join(f"{name} {100.0 * (share - 1.0):+.1f} %" for name, share in shares.items())
    return f"S^{dim} at {row['snr_db']:g} dB: {told}; {row['verdicts']}"


if __name__ == "__main__":
    main()
