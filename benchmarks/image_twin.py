r"""Do generations of the trained image system stay real while their meaning degrades?

Sweeps a system of drawn images, trained by the recipe ``tiny_images``, and keeps what the table in
docs/training.md says: radii, with y_hat shuffled too, factor errors, distances to the manifold of
generations and reconstructions, information, bounds, verdicts:

    jscgc train --recipe tiny_images --out runs/images --processes 2
    OMP_NUM_THREADS=1 python benchmarks/image_twin.py runs/images \
        --out benchmarks/results/image_twin.json
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from jscgc_model.data import numpy_stream
from jscgc_model.recipes import build_source
from jscgc_model.recipes.run_folder import load_recipe, load_run
from jscgc_model.verification import SystemSweep, sweep
from jscgc_theory.analysis.bound_check import CheckRow
from jscgc_theory.records.whole_files import write_text_atomically

SNR_DB = (-5.0, 0.0, 5.0, 10.0)


def main() -> None:
    """Sweep the system and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the training run")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    recipe = load_recipe(arguments.run)
    source = build_source(recipe)
    least = recipe.training.least_time
    result = sweep(
        load_run(arguments.run),
        source.draw(arguments.samples, numpy_stream(1, "held out")),
        SNR_DB,
        t_range=(least, 1.0 - least),
        drawing=source.drawing,
        n_information_samples=128,
        seed=1,
    )
    found = {"recipe": recipe.identity(), "rows": rows(result)}
    print(json.dumps(found["rows"], indent=1))
    if arguments.out:
        write_text_atomically(arguments.out, json.dumps(found, indent=1) + "\n")


def rows(result: SystemSweep) -> list[dict[str, Any]]:
    """Return one row an SNR."""
    found = []
    for information, images in zip(result.information, result.drawn_images.rows, strict=True):
        snr_db = information.snr_db
        found.append(
            {
                "snr_db": snr_db,
                "radius_0.1": images.radius.value,
                "shuffled_ratio": images.radius_ratio,
                "generated_distance": images.generated_distance.value,
                "reconstructed_distance": images.reconstructed_distance.value,
                "factor_errors": {
                    name: error.value for name, error in images.factor_errors.items()
                },
                "mi_bits": information.mi_bits.value,
                "mi_interval_bits": information.mi_bits.interval,
                "velocity_gap_bits": information.velocity.mi_bits.value,
                "outages": {
                    f"{row.outage_probability:g}": against_bounds(row)
                    for row in result.rows
                    if row.snr_db == snr_db
                },
            }
        )
    return found


def against_bounds(row: CheckRow) -> dict[str, Any]:
    """Return measured radius and bounds, each with its interval, and the verdicts."""
    found = {"measured_radius": row.measured_radius}
    found |= {bound: getattr(row, bound) for bound in row.verdicts}
    numbers = {name: {"value": one.value, "interval": one.interval} for name, one in found.items()}
    verdicts = {bound: verdict.verdict for bound, verdict in row.verdicts.items()}
    return {**numbers, "verdicts": verdicts}


if __name__ == "__main__":
    main()
