"""How many samples a second does each recipe train and generate, and which block takes the time?

Each part of a training step is timed by itself, forward and backward, on one thread: encoder,
channel, what stands at the receiver, optimiser with the moving average, and the draws. Their
shares are of their sum; the whole step is timed beside it. Recipes on files of images are timed
on uniform pixels of the same shape: reading is left out.

    OMP_NUM_THREADS=1 python benchmarks/model_rates.py --out benchmarks/results/model_rates.json
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.training_utils import EMAModel
from torch import Tensor

from jscgc_model.baselines.reconstruction_system import ReconstructionSystem
from jscgc_model.data import numpy_stream
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.recipes import RECIPES, Recipe, build_source, build_system, make_recipe
from jscgc_model.recipes.image_sources import ImageFiles
from jscgc_model.system import CommunicationSystem, JSCGCSystem, TransmissionDraw
from jscgc_model.training.draws import draw_transmission
from jscgc_model.training.optimisers import make_optimisers
from jscgc_model.training.run_state import learning_parameters
from jscgc_theory.records.whole_files import write_text_atomically


def main() -> None:
    """Time every recipe and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", action="append", choices=list(RECIPES))
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found: dict[str, Any] = {"machine": platform.processor() or platform.machine()}
    for name in arguments.recipe or RECIPES:
        found[name] = rates(name, arguments.repeats, torch.device(arguments.device))
        print(name, json.dumps(found[name]), flush=True)
    if arguments.out:
        write_text_atomically(arguments.out, json.dumps(found, indent=1) + "\n")


def rates(name: str, repeats: int, device: torch.device) -> dict[str, Any]:
    """Return the rates of one recipe and the share of each block in a training step."""
    recipe = make_recipe(name)
    batch, system = recipe.training.batch_size, build_system(recipe).to(device)
    x = ((_samples(recipe) - recipe.latent_shift) * recipe.latent_scale).to(device)
    n_symbols = system.encoder(x[:1], x.new_zeros(1)).shape[1]

    def draw(step: int = 0) -> Any:
        shape = tuple(x.shape[1:])
        made = draw_transmission(recipe.training, system.channel, shape, n_symbols, step)
        return made.to(device)

    fixed = draw()
    with torch.no_grad():
        symbols = system.encoder(x, fixed.snr_db)
        features = system.channel.transmit(symbols, fixed.snr_db, fixed.channel).features()
    learning = learning_parameters(system)
    parameters = list(learning.values())
    optimisers = make_optimisers(learning, recipe.training)
    average = EMAModel(parameters, decay=recipe.training.ema_decay, foreach=True)

    def update() -> None:
        for optimiser in optimisers:
            optimiser.step()
        average.step(parameters)

    def whole() -> None:
        system(x, fixed).mean().backward()

    def sent() -> Tensor:
        leaf = symbols.clone().requires_grad_()
        return system.channel.transmit(leaf, fixed.snr_db, fixed.channel).features()

    has_encoder = any(one.requires_grad for one in system.encoder.parameters())
    whole()
    parts: dict[str, Callable[[], object]] = {
        "draws": lambda: (_samples(recipe), draw(1)),
        "channel": lambda: sent().sum().backward(),
        **_receiver_blocks(system, features, x, fixed),
        "update": update,
    }
    if has_encoder:
        parts["encoder"] = lambda: (
            torch.view_as_real(system.encoder(x, fixed.snr_db)).sum().backward()
        )
    seconds = {part: _best(work, repeats, device) for part, work in parts.items()}
    step = _best(whole, repeats, device) + seconds["update"] + seconds["draws"]
    sampler = recipe.sampler

    def generated() -> None:
        with torch.no_grad():
            system.generate(features, torch.zeros_like(x), sampler)

    sampling = _best(generated, max(3, repeats // 5), device)
    return {
        "batch_size": batch,
        "n_parameters": sum(one.numel() for one in parameters),
        "training_samples_per_second": batch / step,
        "sampling_samples_per_second": batch / sampling,
        "sampler": _told(sampler),
        "seconds_of_a_step": step,
        "seconds_of_blocks": seconds,
        "share_of_blocks": {
            part: spent / sum(seconds.values()) for part, spent in seconds.items()
        },
    }


def _samples(recipe: Recipe) -> Tensor:
    source, batch = build_source(recipe), recipe.training.batch_size
    if isinstance(source, ImageFiles):
        pixels = numpy_stream(0, "rates").random((batch, *source.sample_shape), dtype=np.float32)
        return torch.from_numpy(pixels)
    return source.draw(batch, numpy_stream(0, "rates"))


def _receiver_blocks(
    system: CommunicationSystem, features: Tensor, x: Tensor, fixed: TransmissionDraw
) -> dict[str, Callable[[], object]]:
    """Return what stands at the receiver, block by block; nothing for kinds not taken apart."""
    if isinstance(system, ReconstructionSystem):
        return {"decoder": lambda: system.decoder(features, *x.shape[2:]).sum().backward()}
    if not isinstance(system, JSCGCSystem):
        return {}
    with torch.no_grad():
        residuals = system.adapter(features, x, fixed.time)
    return {
        "adapter": lambda: sum(
            one.sum() for one in system.adapter(features, x, fixed.time).values()
        ).backward(),
        "backbone": lambda: system.backbone(x, fixed.time, residuals).sum().backward(),
    }


def _best(work: Callable[[], object], repeats: int, device: torch.device) -> float:
    spent = []
    for _ in range(repeats + 1):
        _wait(device)
        started = time.perf_counter()
        work()
        _wait(device)
        spent.append(time.perf_counter() - started)
    return float(np.min(spent[1:]))


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _told(sampler: SamplerSettings) -> str:
    return f"{sampler.method}, {sampler.n_steps} steps, {sampler.n_velocity_calls} calls"


if __name__ == "__main__":
    main()
