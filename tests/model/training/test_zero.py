"""Configurations of DeepSpeed; that they train like one process is in benchmarks/results."""

import json
from pathlib import Path

import pytest
import torch

from jscgc_model.training.settings import TrainingSettings
from jscgc_model.training.zero import ZERO_STAGES, deepspeed_config, zero_engine
from jscgc_theory.errors import InputError

RESULTS = Path(__file__).resolve().parents[3] / "benchmarks" / "results"


@pytest.mark.parametrize("stage", ZERO_STAGES)
def test_a_configuration_follows_the_settings(stage):
    settings = TrainingSettings(batch_size=24, largest_gradient_norm=0.5, precision="bf16")
    config = deepspeed_config(stage, settings, n_processes=4)
    assert config["zero_optimization"]["stage"] == stage
    assert config["train_micro_batch_size_per_gpu"] == 6
    assert config["gradient_clipping"] == 0.5
    assert config["torch_autocast"] == {"enabled": True, "dtype": "bfloat16"}
    assert "torch_autocast" not in deepspeed_config(stage, TrainingSettings(), n_processes=1)


def test_other_stages_are_refused():
    with pytest.raises(InputError, match="stage = 1 of ZeRO"):
        deepspeed_config(1, TrainingSettings(), n_processes=1)


def test_uneven_shares_are_refused():
    with pytest.raises(InputError, match="batch_size = 64 cannot be shared by 3"):
        deepspeed_config(3, TrainingSettings(), n_processes=3)


def test_muon_is_refused():
    with pytest.raises(InputError, match="'muon' needs whole matrices"):
        zero_engine(torch.nn.Identity(), TrainingSettings(optimiser="muon"), stage=3)


def test_the_recorded_losses_are_those_of_one_process():
    record = json.loads((RESULTS / "zero_equality.json").read_text(encoding="utf-8"))
    differences = record["largest_relative_difference"]
    assert differences.keys() == {"fsdp2", "zero2", "zero3"}
    assert max(differences.values()) <= 1e-5
