"""The budget of a recipe, from its own classes, with nothing read or allocated."""

from collections.abc import Iterable
from math import prod

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from jscgc_model.budget.memory import ActivationBytes, MemoryNeeds, memory_plans
from jscgc_model.budget.records import ParameterCount, TrainingBudget
from jscgc_model.budget.step_count import DryRun, StepCount
from jscgc_model.budget.unallocated import built_without_memory, pretend_on_cpu
from jscgc_model.budget.unchecked_channel import UncheckedChannel
from jscgc_model.channel import capacity_bits
from jscgc_model.recipes import Recipe, build_source, build_system, system_shape
from jscgc_model.system import CommunicationSystem
from jscgc_model.training.activation_recomputation import (
    checkpoint_gradients,
    checkpointed_blocks,
)
from jscgc_model.training.optimisers import make_optimisers
from jscgc_model.training.run_state import learning_parameters
from jscgc_theory.validation import check_count

_SNRS_DB = (-5.0, 0.0, 5.0, 10.0)
_N_COUNTED = 2
"""Samples of a step that is counted; tensors of a single one share storages that others do not."""


def training_budget(recipe: Recipe, *, n_gpus: int = 4) -> TrainingBudget:
    """Count parameters, memory and operations of a recipe.

    Memory is what is kept at the end of a forward pass, by autograd's own account, without the
    workspace of kernels. Operations are those of matrix products, convolutions and attention.

    Args:
        recipe: The recipe.
        n_gpus: GPUs of the plans that share states.

    Returns:
        The budget.

    Raises:
        InputError: If the parts of the recipe do not fit, or the number of GPUs is no count.
    """
    check_count(n_gpus, name="n_gpus")
    recipe = recipe.model_copy(update={"architecture": recipe.architecture.without_files()})
    system = built_without_memory(lambda: build_system(recipe))
    system.train_backbone(recipe.training.train_backbone)
    run = _dry_run(system, recipe)
    checkpoint_gradients(system, is_on=False)
    plain = _two_steps(run)
    checkpoint_gradients(system, is_on=True)
    checkpointed = _two_steps(run)
    parameters = count_parameters(system)
    needs = MemoryNeeds(
        parameters=parameters,
        n_moments=_count_moments(system, recipe),
        largest_block_weights=_largest_block_weights(system),
        activations=_line(one.kept_bytes for one in plain),
        checkpointed_activations=_with_a_block_computed_again(plain, checkpointed),
        batch_size=recipe.training.batch_size,
    )
    return TrainingBudget(
        recipe=recipe.name,
        parameters=parameters,
        memory=memory_plans(needs, n_gpus),
        batch_size=recipe.training.batch_size,
        n_steps=recipe.training.n_steps,
        step_flops=recipe.training.batch_size * plain[0].flops // _N_COUNTED,
        checkpointed_step_flops=recipe.training.batch_size * checkpointed[0].flops // _N_COUNTED,
        sample_flops=run.sample_flops(recipe.sampler),
        n_velocity_calls=recipe.sampler.n_velocity_calls,
        n_symbols=run.n_symbols,
        bandwidth_ratio=run.n_symbols / prod(build_source(recipe).sample_shape),
        capacity_bits={
            f"{snr_db:g}": capacity_bits(recipe.channel, snr_db=snr_db, n_symbols=run.n_symbols)
            for snr_db in _SNRS_DB
        },
    )


def count_parameters(system: nn.Module) -> tuple[ParameterCount, ...]:
    """Count the parameters of each component.

    Args:
        system: The system, on any device.

    Returns:
        One count for each of its children.
    """
    counts = []
    for name, part in system.named_children():
        learning = [one for one in part.parameters() if one.requires_grad]
        frozen = [one for one in part.parameters() if not one.requires_grad]
        counts.append(
            ParameterCount(
                component=name,
                n_trainable=sum(one.numel() for one in learning),
                n_frozen=sum(one.numel() for one in frozen),
                frozen_bytes=sum(one.nbytes for one in frozen),
            )
        )
    return tuple(counts)


def _dry_run(system: CommunicationSystem, recipe: Recipe) -> DryRun:
    system.channel = UncheckedChannel(system.channel.settings)
    # The draw of a step holds numbers; they are taken for fake ones where they meet the system.
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    pretend_on_cpu(system, mode)
    return DryRun(system, mode, system_shape(recipe), recipe.training)


def _two_steps(run: DryRun) -> tuple[StepCount, StepCount]:
    """Count steps of n and 2 n samples; all others lie on the line through them."""
    return (
        run.training_step(_N_COUNTED),
        run.training_step(2 * _N_COUNTED, has_backward=False),
    )


def _with_a_block_computed_again(
    plain: tuple[StepCount, ...], checkpointed: tuple[StepCount, ...]
) -> ActivationBytes:
    """Return the bytes at the moment when the largest block has been computed again."""
    return _line(
        kept.kept_bytes + whole.largest_block_bytes
        for kept, whole in zip(checkpointed, plain, strict=True)
    )


def _line(n_bytes: Iterable[int]) -> ActivationBytes:
    once, twice = n_bytes
    per_sample = (twice - once) // _N_COUNTED
    return ActivationBytes(fixed=once - _N_COUNTED * per_sample, per_sample=per_sample)


def _count_moments(system: nn.Module, recipe: Recipe) -> int:
    return sum(
        one.numel() * (1 if isinstance(optimiser, torch.optim.Muon) else 2)
        for optimiser in make_optimisers(learning_parameters(system), recipe.training)
        for group in optimiser.param_groups
        for one in group["params"]
    )


def _largest_block_weights(system: nn.Module) -> int:
    names = checkpointed_blocks(system)
    blocks = [one for one in system.modules() if type(one).__name__ in names]
    return max((sum(one.nbytes for one in block.parameters()) for block in blocks), default=0)
