"""Does weighting the loss by likelihood transmit more and stray less than the paper's weight?

Trains the same system with ``training.loss_weight=uniform`` and ``likelihood``, the weight
(1 - s)/s under which the loss counts lost bits, from the same seeds: the same initial weights,
data, SNRs and channel noise. Information and radii on held-out samples are compared in pairs, with
Student's intervals. Finished trainings are kept, so that the run can be stopped and resumed:

    OMP_NUM_THREADS=1 python benchmarks/loss_weighting.py
"""

import argparse
import json
import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.stats import t as student_t

from jscgc_model.data import numpy_stream, torch_stream
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.recipes import Recipe, build_source, make_recipe, train_recipe
from jscgc_model.recipes.run_folder import load_run
from jscgc_model.training.draws import draw_transmission, loss_weights
from jscgc_model.verification import system_information
from jscgc_theory.errors import InputError
from jscgc_theory.records.whole_files import write_text_atomically
from jscgc_theory.sources import SphereChannel
from jscgc_theory.units import nats_to_bits

RECORD = Path(__file__).parent / "results" / "loss_weighting.json"
WEIGHTS = ("uniform", "likelihood")
SNR_DB = (-5.0, 0.0, 5.0, 10.0)
OUTAGES = (0.5, 0.1)
CONFIDENCE = 0.95
LOSSES = ("uniform_loss", "likelihood_loss_bits")
RADII = tuple(f"radius_{p:g}" for p in OUTAGES)
FIELD = ("loss_gap_bits", "squared_form_bits")
CHANNEL = ("channel_lower_bits", "channel_upper_bits")
QUANTITIES = (*RADII, *FIELD, *CHANNEL, *LOSSES)
INFORMATION = {"S^2": FIELD, "drawn images": CHANNEL}
"""Which to believe: spheres are sent uncoded, and fields of images take longer to learn."""


class Case(NamedTuple):
    """What is trained, on how many samples it is judged, d where it is a sphere."""

    recipe: Recipe
    n_samples: int
    n_information_samples: int
    dim: int | None = None


CASES = {
    "S^2": Case(make_recipe("tiny_sphere").changed(["training.n_steps=1500"]), 5000, 2000, 2),
    "drawn images": Case(make_recipe("tiny_images").changed(["training.n_steps=600"]), 1000, 64),
}


def main() -> None:
    """Fill the record training by training, then compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=RECORD)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    record = opened(arguments.out)
    trainings = record["trainings"]
    done = {(one["case"], one["weight"], one["seed"]) for one in trainings}
    for seed, name, weight in product(range(arguments.seeds), CASES, WEIGHTS):
        if (name, weight, seed) not in done:
            found = trained(CASES[name], weight, seed)
            trainings.append({"case": name, "weight": weight, "seed": seed, **found})
            keep(record, arguments.out)
            print(json.dumps(trainings[-1]), flush=True)
    keep(record, arguments.out)
    for name in CASES:
        print(name, *table(record["comparison"], name), sep="\n")


def opened(path: Path) -> dict[str, Any]:
    """Return the record as far as it goes."""
    own = {name: settings(case) for name, case in CASES.items()}
    record: dict[str, Any] = {"confidence": CONFIDENCE, "settings": own, "trainings": []}
    if path.exists():
        record = json.loads(path.read_text(encoding="utf-8"))
    if record["settings"] != own:
        raise InputError(f"{path} was made with other settings; give another --out")
    return record


def keep(record: dict[str, Any], path: Path) -> None:
    """Compare what there is, and write the record whole."""
    record["comparison"] = comparison(record["trainings"])
    write_text_atomically(path, json.dumps(record, indent=1) + "\n")


def settings(case: Case) -> dict[str, Any]:
    """Return what both trainings share, as JSON gives it back."""
    shared = {
        "recipe": case.recipe.identity(),
        "snr_db": SNR_DB,
        "n_samples": case.n_samples,
        "n_information_samples": case.n_information_samples,
    }
    del shared["recipe"]["training.seed"], shared["recipe"]["training.loss_weight"]
    return dict(json.loads(json.dumps(shared)))


def trained(case: Case, weight: str, seed: int) -> dict[str, Any]:
    """Train one system and return what it does on held-out samples."""
    recipe = case.recipe.changed([f"training.loss_weight={weight}", f"training.seed={seed}"])
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        train_recipe(recipe, Path(folder))
        pipeline = load_run(Path(folder))
    samples = build_source(recipe).draw(case.n_samples, numpy_stream(seed, "held out"))
    rows = [
        {
            "snr_db": snr_db,
            **held_out_losses(recipe, pipeline, samples, snr_db),
            **information_and_radii(case, pipeline, samples, place, seed),
            **exact_numbers(case, snr_db),
        }
        for place, snr_db in enumerate(SNR_DB)
    ]
    return {"rows": rows, "processor_s": time.process_time() - started}


@torch.no_grad()
def held_out_losses(
    recipe: Recipe, pipeline: JSCGCPipeline, samples: torch.Tensor, snr_db: float
) -> dict[str, float]:
    """Return the conditional loss under each weight, on the same draws for every system.

    That of the likelihood weight is given in bits a sample: a system's smaller by b bits has
    gained b bits of likelihood.
    """
    latents = pipeline.to_latents(samples)
    shape = tuple(latents.shape[1:])
    n_symbols = pipeline.encoder(latents[:1], latents.new_full((1,), snr_db)).shape[1]
    units, losses = (1.0, nats_to_bits(math.prod(shape))), {}
    asked = {"condition_dropout": 0.0, "batch_size": len(latents), "snr_db": (snr_db, snr_db)}
    for weight, name, unit in zip(WEIGHTS, LOSSES, units, strict=True):
        judged = replace(recipe.training, loss_weight=weight, **asked)
        draw = draw_transmission(judged, pipeline.system.channel, shape, n_symbols, judged.n_steps)
        found = pipeline.system(latents, draw) * loss_weights(draw.time, judged)
        losses[name] = unit * float(found.mean())
    return losses


def information_and_radii(
    case: Case, pipeline: JSCGCPipeline, samples: torch.Tensor, place: int, seed: int
) -> dict[str, Any]:
    """Return what the fields and the channel say of I, and how far generations stray."""
    output = pipeline(
        samples, SNR_DB[place], generator=torch_stream(seed, "judged", place), batch_size=4096
    )
    least = case.recipe.training.least_time
    information, _ = system_information(
        pipeline.system,
        pipeline.to_latents(samples),
        output.received,
        t_range=(least, 1.0 - least),
        rng=numpy_stream(seed, "information", place),
        n_samples=case.n_information_samples,
    )
    known = information.channel
    miss = (output.samples[:, 0] - samples).double().flatten(1).norm(dim=1).numpy()
    return {
        "loss_gap_bits": information.velocity.loss_gap_bits.value,
        "squared_form_bits": information.velocity.squared_form_bits.value,
        "channel_lower_bits": known.details["parts"]["codebook"]["lower_bits"],
        "channel_upper_bits": min(known.value, information.capacity_bits),
        "channel_side": known.details["side"],
        "fields_agree": information.fields_agree,
        **{f"radius_{p:g}": float(np.quantile(miss, 1.0 - p)) for p in OUTAGES},
    }


def exact_numbers(case: Case, snr_db: float) -> dict[str, float]:
    """Return the truth where it is known."""
    if case.dim is None:
        return {}
    channel = SphereChannel(case.dim, snr_db)
    radii = {f"exact_radius_{p:g}": channel.radius_posterior(p) for p in OUTAGES}
    return {"exact_bits": channel.mutual_information_bits(), **radii}


def comparison(trainings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each quantity at each SNR under both weights, over the seeds that have both."""
    of = {(one["case"], one["seed"], one["weight"]): one["rows"] for one in trainings}
    found = []
    for name, place, quantity in product(CASES, range(len(SNR_DB)), QUANTITIES):
        seeds = [seed for case, seed, weight in of if (case, weight) == (name, WEIGHTS[1])]
        if len(seeds) > 1:
            uniform, likelihood = (
                np.array([of[name, seed, weight][place][quantity] for seed in seeds])
                for weight in WEIGHTS
            )
            which = {"case": name, "snr_db": SNR_DB[place], "quantity": quantity}
            found.append(which | compared(uniform, likelihood))
    return found


def compared(uniform: np.ndarray, likelihood: np.ndarray) -> dict[str, Any]:
    """Return means over the seeds, difference and ratio with Student's intervals."""
    return {
        "n_seeds": len(uniform),
        "uniform": float(uniform.mean()),
        "likelihood": float(likelihood.mean()),
        "difference": mean_with_interval(likelihood - uniform),
        "ratio": mean_with_interval(likelihood / uniform),
    }


def mean_with_interval(paired: np.ndarray) -> dict[str, Any]:
    """Return the mean over seeds and Student's interval for it."""
    mean, error = float(paired.mean()), float(paired.std(ddof=1)) / math.sqrt(len(paired))
    reach = float(student_t.ppf(0.5 + 0.5 * CONFIDENCE, len(paired) - 1)) * error
    return {"value": mean, "interval": [mean - reach, mean + reach]}


def table(rows: Sequence[dict[str, Any]], case: str) -> list[str]:
    """Return the rows of a table in docs/training.md."""
    found = {(row["snr_db"], row["quantity"]): row for row in rows if row["case"] == case}
    columns = (*RADII, *INFORMATION[case], *LOSSES)
    return [
        " | ".join([f"| {level:g} dB", *(told(found[level, one]) for one in columns)]) + " |"
        for level in dict.fromkeys(level for level, _ in found)
    ]


def told(row: dict[str, Any]) -> str:
    """Return a difference in bits, or a ratio as per cent, with its interval."""
    if row["quantity"].endswith("_bits"):
        ends = [row["difference"]["value"], *row["difference"]["interval"]]
        return "{:+.2f} ({:+.2f} to {:+.2f})".format(*ends)
    ends = [100.0 * (end - 1.0) for end in (row["ratio"]["value"], *row["ratio"]["interval"])]
    return "{:+.1f} % ({:+.1f} to {:+.1f})".format(*ends)


if __name__ == "__main__":
    main()
