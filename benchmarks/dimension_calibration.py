"""Calibrate the dimension of samples too small for their dimension, on simulated manifolds.

Draws random manifolds of known dimension, describes their neighbourhoods, and fits the networks of
``CalibratedDimension``. Simulations are kept, so the run can be stopped and resumed; they take
half an hour of one core, the fit three minutes:

    OMP_NUM_THREADS=1 python benchmarks/dimension_calibration.py simulate --out SIMULATIONS.npz
    OMP_NUM_THREADS=1 python benchmarks/dimension_calibration.py fit --simulations SIMULATIONS.npz
"""

import argparse
import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from jscgc_theory import intrinsic_dimension
from jscgc_theory.intrinsic_dimension.calibrated import LEAST_POINTS, Calibration
from jscgc_theory.intrinsic_dimension.shape_statistics import shape_statistics
from jscgc_theory.records.whole_files import write_text_atomically
from jscgc_theory.sources.random_manifolds import random_manifold

CALIBRATION = Path(intrinsic_dimension.__file__).parent / "calibration.json"
RECORD = Path(__file__).parent / "results" / "dimension_calibration.json"
LARGEST_DIM, MOST_POINTS, N_CENTRES = 110, 12_000, 400
BASE = "ratio 2:4"
N_NETWORKS, WIDTH, EPOCHS, BATCH = 5, 64, 240, 128
FREEDOM = 4.0
"""Degrees of freedom of the Student law of the error of ln d: few simulations err by much."""
LEAST_VARIANCE = 1e-3
"""Directions in which statistics vary less are not told apart from rounding and chance."""
HELD_OUT = 6
"""One simulation in so many is not trained on; it sets the half width of the interval."""
BINS = (1, 2, 5, 10, 20, 40, LARGEST_DIM + 1)


def main() -> None:
    """Simulate or fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    simulating = commands.add_parser("simulate")
    simulating.add_argument("--count", type=int, default=16_000)
    simulating.add_argument("--seed", type=int, default=2)
    simulating.add_argument("--out", type=Path, required=True)
    simulating.set_defaults(run=simulate)
    fitting = commands.add_parser("fit")
    fitting.add_argument("--simulations", type=Path, required=True)
    fitting.add_argument("--out", type=Path, default=CALIBRATION)
    fitting.add_argument("--record", type=Path, default=RECORD)
    fitting.set_defaults(run=fit)
    arguments = parser.parse_args()
    arguments.run(arguments)


def simulate(arguments: argparse.Namespace) -> None:
    """Draw manifolds and keep their statistics."""
    kept: list[tuple[int, str, list[float]]] = []
    start, names = 0, [""]
    if arguments.out.exists():
        stored = np.load(arguments.out)
        start, names = int(stored["next"]), stored["names"].tolist()
        kept = list(
            zip(stored["dims"], stored["makes"], stored["statistics"].tolist(), strict=True)
        )
    for index in range(start, arguments.count):
        rng = np.random.default_rng([arguments.seed, index])
        dim, make, statistics = simulate_one(rng)
        if np.isfinite(list(statistics.values())).all():
            names = list(statistics)
            kept.append((dim, make, list(statistics.values())))
        if index % 100 == 99 or index + 1 == arguments.count:
            dims, makes, rows = zip(*kept, strict=True)
            np.savez(
                arguments.out, dims=dims, makes=makes, statistics=rows, names=names, next=index + 1
            )
            print(f"{index + 1} of {arguments.count}", flush=True)


def simulate_one(rng: np.random.Generator) -> tuple[int, str, dict[str, float]]:
    """Return a dimension, how its manifold was made, and the statistics of a sample."""
    dim = int(math.exp(rng.uniform(0.0, math.log(LARGEST_DIM))))
    n_points = round(math.exp(rng.uniform(math.log(LEAST_POINTS), math.log(MOST_POINTS))))
    drawn = random_manifold(n_points, dim, rng)
    make = f"{drawn.law}, {', then '.join(drawn.charts)}"
    return dim, make, shape_statistics(drawn.points, N_CENTRES)


def fit(arguments: argparse.Namespace) -> None:
    """Fit the networks, set the half width on what was held out, and record how they do."""
    stored = np.load(arguments.simulations)
    rows, dims = stored["statistics"], stored["dims"].astype(float)
    names = tuple(str(name) for name in stored["names"])
    held_out = np.arange(len(rows)) % HELD_OUT == 0
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    standardised = (rows - mean) / deviation
    entering = np.clip(standardised, -4.0, 4.0)
    wanted = np.log(dims) - rows[:, names.index(BASE)]
    networks = [train(entering[~held_out], wanted[~held_out], seed) for seed in range(N_NETWORKS)]
    shown: dict[str, Any] = {
        "names": names,
        "base": BASE,
        "mean": _rounded(mean),
        "deviation": _rounded(deviation),
        "networks": [list(layers_of(network)) for network in networks],
        "half_width": 1.0,
        "most_points": MOST_POINTS,
    }
    shown |= likeness(standardised, held_out)
    answers = predict(shown, rows)
    scaled = np.abs(answers[:, 0] - np.log(dims)) / answers[:, 1]
    shown["half_width"] = float(f"{np.quantile(scaled[held_out], 0.95):.4g}")
    write_text_atomically(arguments.out, json.dumps(shown) + "\n")
    record = judge(rows, dims, names, answers, shown["half_width"], held_out)
    write_text_atomically(arguments.record, json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))


def train(entering: NDArray[np.float64], wanted: NDArray[np.float64], seed: int) -> nn.Sequential:
    """Fit one network by the likelihood of a Student law with its own scale everywhere."""
    draw = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(entering.shape[1], WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, 2),
        )
    x, y = (torch.tensor(part, dtype=torch.float32) for part in (entering, wanted))
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    n_batches = -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=EPOCHS * n_batches)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x), generator=draw).split(BATCH):
            shift, log_scale = network(x[batch]).unbind(1)
            scaled = (y[batch] - shift) / log_scale.exp()
            loss = log_scale + 0.5 * (FREEDOM + 1.0) * torch.log1p(scaled**2 / FREEDOM)
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.step()
            schedule.step()
    return network


def likeness(standardised: NDArray[np.float64], held_out: NDArray[np.bool_]) -> dict[str, Any]:
    """Return what whitens the statistics, and the squared length that 1 % of held-out exceed.

    Outliers are clipped before the covariance is taken, lest they hide others.
    """
    clipped = np.clip(standardised, -4.0, 4.0)
    variances, axes = np.linalg.eigh(np.cov(clipped[~held_out].T))
    whitening = (axes / np.sqrt(np.maximum(variances, LEAST_VARIANCE))).T
    squares = np.square(standardised[held_out] @ whitening.T).sum(axis=1)
    limit = float(f"{np.quantile(squares, 0.99):.4g}")
    return {"whitening": [_rounded(row) for row in whitening], "largest_square": limit}


def layers_of(network: nn.Sequential) -> Iterator[dict[str, Any]]:
    """Yield the layers of a network as numbers of five digits."""
    for layer in network:
        if isinstance(layer, nn.Linear):
            weights, biases = layer.weight.detach().numpy(), layer.bias.detach().numpy()
            yield {"weights": [_rounded(row) for row in weights], "biases": _rounded(biases)}


def predict(shown: dict[str, Any], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ln d and its scale for every simulation, as the package computes them."""
    calibration = Calibration.from_json(json.dumps(shown))
    return np.array(
        [calibration.log_dimension(dict(zip(calibration.names, row, strict=True))) for row in rows]
    )


def judge(
    rows: NDArray[np.float64],
    dims: NDArray[np.float64],
    names: tuple[str, ...],
    answers: NDArray[np.float64],
    half_width: float,
    held_out: NDArray[np.bool_],
) -> dict[str, Any]:
    """Return the errors on what was held out, by dimension, beside those of the base."""
    error = np.abs(np.exp(answers[:, 0]) / dims - 1.0)
    plain = np.abs(np.exp(rows[:, names.index(BASE)]) / dims - 1.0)
    covered = np.abs(answers[:, 0] - np.log(dims)) <= half_width * answers[:, 1]
    table = {}
    for low, high in itertools.pairwise(BINS):
        here = held_out & (dims >= low) & (dims < high)
        table[f"{low} <= d < {high}"] = {
            "simulations": int(here.sum()),
            "mean_relative_error": round(float(error[here].mean()), 4),
            "of_ratio_alone": round(float(plain[here].mean()), 4),
            "covered": round(float(covered[here].mean()), 4),
        }
    return {"trained_on": int((~held_out).sum()), "half_width": half_width, "held_out": table}


def _rounded(values: NDArray[Any]) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


if __name__ == "__main__":
    main()
