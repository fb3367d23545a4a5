"""Do ZeRO-2, ZeRO-3 and FSDP2 in two processes make the losses of one?

A small JSCGC with a frozen generator and gradient checkpointing, trained by AdamW at a gentle
rate. DeepSpeed must be installed; its own parser reads the configurations.

    OMP_NUM_THREADS=1 torchrun --nproc_per_node 2 --standalone benchmarks/zero_equality.py \
        --out benchmarks/results/zero_equality.json
"""

import argparse
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed, nn

from jscgc_model.data import torch_stream
from jscgc_model.recipes import Recipe, build_system, make_recipe
from jscgc_model.training.activation_recomputation import checkpoint_gradients
from jscgc_model.training.draws import draw_transmission
from jscgc_model.training.optimisers import make_optimisers
from jscgc_model.training.run_state import learning_parameters
from jscgc_model.training.shards import shard
from jscgc_model.training.zero import ZERO_STAGES, zero_engine
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

_N_STEPS = 20
_SHAPE, _N_SYMBOLS = (1, 16, 16), 16
_CHANGES = (
    "training.batch_size=8",
    "training.optimiser=adamw",
    "training.learning_rate=1e-4",
    "training.train_backbone=false",
    "training.gradient_checkpointing=true",
    "architecture.adapter_block=s3_dit",
)

Step = Callable[[Tensor, Any], Tensor]


def main() -> None:
    """Train in every way and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    distributed.init_process_group("gloo")
    recipe = make_recipe("tiny_images").changed(_CHANGES)
    expected = losses(recipe, plain_step(recipe), is_shared=False)
    ways: dict[str, Step] = {"fsdp2": plain_step(recipe, is_sharded=True)}
    ways |= {f"zero{stage}": zero_step(recipe, stage) for stage in ZERO_STAGES}
    found = {name: losses(recipe, step, is_shared=True) for name, step in ways.items()}
    record = {
        "question": (__doc__ or "").splitlines()[0],
        "changes_of_tiny_images": _CHANGES,
        "n_steps": _N_STEPS,
        "n_processes": distributed.get_world_size(),
        "versions": installed_versions() | {"deepspeed": version("deepspeed")},
        "losses_of_one_process": expected,
        "largest_relative_difference": {
            name: max(abs(a - b) / b for a, b in zip(one, expected, strict=True))
            for name, one in found.items()
        },
    }
    if distributed.get_rank() == 0:
        write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")
        print(json.dumps(record["largest_relative_difference"]))
    distributed.destroy_process_group()


def losses(recipe: Recipe, step: Step, *, is_shared: bool) -> list[float]:
    """Return the loss of every step, the mean over processes if they share each batch."""
    n_processes = distributed.get_world_size() if is_shared else 1
    each = recipe.training.batch_size // n_processes
    start = each * distributed.get_rank() if is_shared else 0
    rows, found = slice(start, start + each), []
    channel = build_system(recipe).channel
    for number in range(_N_STEPS):
        draw = draw_transmission(recipe.training, channel, _SHAPE, _N_SYMBOLS, number)
        images = torch.randn(
            recipe.training.batch_size, *_SHAPE, generator=torch_stream(0, "images", number)
        )
        loss = step(images[rows], draw.take(rows)).clone()
        if is_shared:
            distributed.all_reduce(loss)
        found.append(float(loss) / n_processes)
    return found


def plain_step(recipe: Recipe, *, is_sharded: bool = False) -> Step:
    """Return a step by torch alone."""
    system = system_of(recipe)
    checkpoint_gradients(system, recipe.training.gradient_checkpointing)
    if is_sharded:
        shard(system)
    (optimiser,) = make_optimisers(learning_parameters(system), recipe.training)

    def step(x: Tensor, draw: Any) -> Tensor:
        optimiser.zero_grad()
        loss = system(x, draw).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(system.parameters(), recipe.training.largest_gradient_norm)
        optimiser.step()
        return loss.detach()

    return step


def zero_step(recipe: Recipe, stage: int) -> Step:
    """Return a step by DeepSpeed."""
    engine = zero_engine(system_of(recipe), recipe.training, stage=stage)

    def step(x: Tensor, draw: Any) -> Tensor:
        loss = engine(x, draw).mean()
        engine.backward(loss)
        engine.step()
        return loss.detach()

    return step


def system_of(recipe: Recipe) -> nn.Module:
    """Return the system of a recipe, its generator frozen."""
    system = build_system(recipe)
    system.train_backbone(recipe.training.train_backbone)
    return system


if __name__ == "__main__":
    main()
