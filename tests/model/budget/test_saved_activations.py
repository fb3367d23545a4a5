"""Kept activations against what can be listed by hand."""

import pytest
import torch
from torch import nn

from jscgc_model.budget.saved_activations import SavedActivations
from jscgc_model.generator import ZImageSizes
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_model.training.activation_recomputation import (
    checkpoint_gradients,
    checkpointed_blocks,
)


def kept(module, *inputs, blocks=()):
    saved = SavedActivations(module, blocks)
    with saved.watched():
        # The result is held: what it needs must be alive when it is counted.
        output = module(*inputs)
        assert output.requires_grad
        return saved


def test_a_perceptron_keeps_the_inputs_of_its_layers():
    with torch.device("meta"):
        network = nn.Sequential(nn.Linear(5, 7), nn.SiLU(), nn.Linear(7, 3))
        saved = kept(network, torch.zeros(2, 5))
    assert saved.total == 4 * 2 * (5 + 7 + 7)


def test_what_two_layers_share_is_kept_once():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList(nn.Linear(5, 5) for _ in range(2))

        def forward(self, x):
            return sum(layer(x) for layer in self.layers)

    with torch.device("meta"):
        assert kept(Twice(), torch.zeros(3, 5)).total == 4 * 3 * 5


def test_the_largest_block_is_found():
    with torch.device("meta"):
        network = nn.Sequential(nn.Linear(4, 8), nn.SiLU(), nn.Linear(8, 16), nn.SiLU())
        saved = kept(network, torch.zeros(2, 4), blocks={"SiLU", "Linear"})
    # Linear and SiLU of the second half keep 8 and 16 numbers a row.
    assert saved.largest_block == 4 * 2 * 16


def kept_by_backbone(is_checkpointed, n_layers=4):
    made = ZImageBackbone.from_sizes(ZImageSizes(dim=64, n_layers=n_layers))
    checkpoint_gradients(made, is_checkpointed)
    noisy = torch.zeros(2, 1, 16, 16)
    return kept(made, noisy, torch.full((2,), 0.5), blocks=checkpointed_blocks(made))


@pytest.mark.parametrize("is_checkpointed", [True, False])
def test_layers_keep_alike(is_checkpointed):
    totals = [kept_by_backbone(is_checkpointed, n_layers=count).total for count in (3, 4, 5)]
    assert totals[2] - totals[1] == totals[1] - totals[0] > 0


def test_a_checkpointed_layer_keeps_its_input():
    three, four = (kept_by_backbone(True, n_layers=count).total for count in (3, 4))
    assert four - three == 4 * 2 * 16 * 64


def test_the_largest_block_is_what_one_more_layer_keeps():
    three, four = (kept_by_backbone(False, n_layers=count) for count in (3, 4))
    # The output of a block belongs to what comes behind it.
    assert abs(four.total - three.total - four.largest_block) <= 4 * 2 * 16 * 64
