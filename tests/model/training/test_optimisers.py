"""Which parameters learn by which rule, and how fast."""

import math
from itertools import pairwise

import pytest
import torch
from torch import nn

from jscgc_model.training.optimisers import learning_rate, make_optimisers
from jscgc_model.training.settings import TrainingSettings


@pytest.fixture
def parameters():
    shapes = {"hidden": (32, 40), "narrow": (31, 64), "bias": (64,), "kernel": (32, 32, 3, 3)}
    shapes["time_embedding"] = (64, 64)
    made = {name: nn.Parameter(torch.ones(shape)) for name, shape in shapes.items()}
    made["frozen"] = nn.Parameter(torch.ones(64, 64), requires_grad=False)
    return made


def names_of(optimiser, parameters):
    taken = {id(one) for group in optimiser.param_groups for one in group["params"]}
    return {name for name, one in parameters.items() if id(one) in taken}


def test_muon_takes_the_hidden_matrices_alone(parameters):
    settings = TrainingSettings(optimiser="muon", weight_decay=0.1)
    muon, adamw = make_optimisers(parameters, settings)
    assert isinstance(muon, torch.optim.Muon)
    assert names_of(muon, parameters) == {"hidden"}
    assert names_of(adamw, parameters) == {"narrow", "bias", "kernel", "time_embedding"}
    assert {one.param_groups[0]["weight_decay"] for one in (muon, adamw)} == {0.1}


def test_adamw_takes_all_that_learn(parameters):
    (adamw,) = make_optimisers(parameters, TrainingSettings())
    assert isinstance(adamw, torch.optim.AdamW)
    assert names_of(adamw, parameters) == {"hidden", "narrow", "bias", "kernel", "time_embedding"}


def test_the_learning_rate_warms_up_and_falls_along_a_cosine():
    settings = TrainingSettings(
        n_steps=101, n_warmup_steps=9, learning_rate=2.0, final_learning_rate_share=0.1
    )
    rates = [learning_rate(step, settings) for step in range(101)]
    assert math.isclose(rates[0], 2.0 / 10)
    assert math.isclose(rates[50], 2.0 * 0.55)
    assert math.isclose(rates[100], 2.0 * 0.1)
    assert all(later < earlier for earlier, later in pairwise(rates[9:]))
    one_step = TrainingSettings(n_steps=1, n_warmup_steps=0, learning_rate=2.0)
    assert learning_rate(0, one_step) == 2.0
