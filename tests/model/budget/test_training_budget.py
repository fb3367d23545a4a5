"""Budgets against real steps, against known sizes of published models, and against arithmetic."""

import functools
import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from jscgc_model.adapter.communication_adapter import CommunicationAdapter
from jscgc_model.adapter.settings import AdapterSettings
from jscgc_model.budget import ParameterCount, TrainingBudget, training_budget
from jscgc_model.budget.flop_formulas import FLOP_FORMULAS
from jscgc_model.budget.memory import ActivationBytes, MemoryNeeds, memory_plans
from jscgc_model.budget.saved_activations import SavedActivations
from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_model.recipes import build_source, build_system, make_recipe
from jscgc_model.training.draws import draw_transmission
from jscgc_theory.cli import main
from jscgc_theory.errors import InputError
from jscgc_theory.units import db_to_power_ratio
from tests.model.training.small_runs import IMAGES, as_options

FROZEN = "training.train_backbone=false"
SMALL = [*IMAGES, "training.batch_size=6", "training.optimiser=adamw"]


def small_recipe(*changes):
    return make_recipe("tiny_images").changed([*SMALL, *changes])


@functools.cache
def small_budget(*changes, n_gpus=2):
    return training_budget(small_recipe(*changes), n_gpus=n_gpus)


def n_parameters(module):
    return sum(one.numel() for one in module.parameters())


def test_published_sizes():
    with torch.device("meta"):
        assert n_parameters(ZImageBackbone({})) == 6_154_908_736
        # Six blocks and two refiners of the public ControlNet of Z-Image: 1.55 billion.
        assert n_parameters(CommunicationAdapter(AdapterSettings())) == pytest.approx(
            1.55e9, rel=0.02
        )
        mamba = MambaEncoder(in_channels=3, merge_sizes=(2, 2, 2), scan="s6")
        assert n_parameters(mamba) == pytest.approx(5.85e6, rel=0.01)


def real_step(recipe):
    """Make a step with numbers; return its operations and the bytes it keeps."""
    system = build_system(recipe)
    system.train_backbone(recipe.training.train_backbone)
    shape = build_source(recipe).sample_shape
    x = torch.zeros(recipe.training.batch_size, *shape)
    n_symbols = system.encoder(x, x.new_zeros(len(x))).shape[1]
    draw = draw_transmission(recipe.training, system.channel, shape, n_symbols, step=0)
    kept = SavedActivations(system, ())
    is_mixed = recipe.training.precision == "bf16"
    with FlopCounterMode(display=False, custom_mapping=FLOP_FORMULAS) as counter:
        with kept.watched(), torch.autocast("cpu", torch.bfloat16, enabled=is_mixed):
            losses = system(x, draw)
        n_kept = kept.total
        losses.mean().backward()
    return counter.get_total_flops(), n_kept


@pytest.mark.parametrize("changes", [(), (FROZEN, "training.precision=bf16")])
def test_a_step_without_numbers_is_counted_like_a_real_one(changes):
    budget = small_budget(*changes)
    flops, n_kept = real_step(small_recipe(*changes))
    assert budget.step_flops == flops
    # In half precision some kernels keep statistics in single, which they do not tell beforehand.
    assert budget.memory[0].activations == pytest.approx(n_kept, rel=4e-3)


def test_frozen_layers_before_the_first_residual_need_no_backward_pass():
    frozen, free = small_budget(FROZEN, "training.precision=bf16"), small_budget()
    assert frozen.step_flops < free.step_flops
    assert frozen.sample_flops == free.sample_flops
    backbone = frozen.parameters[-1]
    assert (backbone.component, backbone.n_trainable) == ("backbone", 0)
    assert backbone.frozen_bytes == 4 * backbone.n_frozen


def test_checkpointing_keeps_less_and_computes_more():
    budget = small_budget()
    plan = budget.memory[0]
    assert plan.checkpointed_activations < plan.activations
    again = budget.checkpointed_step_flops - budget.step_flops
    # A forward pass is a third of a step; encoder and embeddings are not computed again.
    assert 0 < again < budget.step_flops / 3


def test_a_generated_sample_costs_its_calls_of_the_field():
    three, one = small_budget(), small_budget("sampler.n_steps=1")
    assert (three.n_velocity_calls, one.n_velocity_calls) == (3, 1)
    assert 2.5 < three.sample_flops / one.sample_flops < 3.0


def test_the_channel_of_a_budget():
    recipe = small_recipe()
    budget = small_budget()
    n_values = torch.Size(build_source(recipe).sample_shape).numel()
    assert budget.bandwidth_ratio == budget.n_symbols / n_values
    for snr_db, bits in budget.capacity_bits.items():
        ratio = db_to_power_ratio(float(snr_db))
        assert bits == pytest.approx(budget.n_symbols * torch.tensor(1 + ratio).log2().item())


def test_a_budget_survives_json():
    budget = small_budget()
    assert TrainingBudget.from_json(budget.to_json()) == budget
    assert [plan.sharding for plan in budget.memory] == ["none", "zero2", "zero3", "fsdp2"]


def test_vectors_have_a_budget_too():
    budget = training_budget(make_recipe("tiny_sphere"), n_gpus=2)
    assert budget.n_velocity_calls == 64
    assert budget.n_symbols == 2
    assert budget.memory[1].gathered_weights == 0


def test_no_gpus_are_refused():
    with pytest.raises(InputError, match="n_gpus"):
        training_budget(small_recipe(), n_gpus=0)


COUNTS = st.integers(0, 10**10)


@given(COUNTS, COUNTS, COUNTS, st.integers(2, 64), st.integers(1, 64))
def test_shares_add_up(n_trainable, frozen_bytes, per_sample, n_gpus, batch_size):
    line = ActivationBytes(fixed=7, per_sample=per_sample)
    needs = MemoryNeeds(
        parameters=[
            ParameterCount(
                component="all", n_trainable=n_trainable, n_frozen=0, frozen_bytes=frozen_bytes
            )
        ],
        n_moments=2 * n_trainable,
        largest_block_weights=3,
        activations=line,
        checkpointed_activations=line,
        batch_size=batch_size,
    )
    alone, zero2, zero3, fsdp2 = memory_plans(needs, n_gpus)
    assert alone.total == 20 * n_trainable + frozen_bytes + line.of(batch_size)
    assert zero3.model_copy(update={"sharding": "fsdp2"}) == fsdp2
    assert zero2.weights == alone.weights
    for name in ("gradients", "optimiser", "average"):
        whole = getattr(alone, name)
        for plan in (zero2, zero3):
            assert 0 <= n_gpus * getattr(plan, name) - whole < n_gpus
    assert 0 <= n_gpus * zero3.weights - alone.weights < n_gpus
    assert zero3.gathered_weights == 6


def test_dry_run_of_the_command(tmp_path, capsys):
    record = tmp_path / "record.json"
    options = as_options(SMALL)
    line = ["train", "--recipe", "tiny_images", *options, "--dry-run", "--gpus", "2"]
    out = tmp_path / "run"
    assert main([*line, "--out", str(out), "--json", str(record)]) == 0
    said = capsys.readouterr().out
    assert "TFLOP a step of 6 samples" in said
    assert "zero3" in said
    assert not out.exists()
    found = json.loads(record.read_text())
    assert found["results"] == small_budget().to_dict()
