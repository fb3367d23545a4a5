"""Perceptrons whose first weights come from a generator."""

import itertools
import math
from collections.abc import Sequence

import torch
from torch import nn


def perceptron(widths: Sequence[int], generator: torch.Generator) -> nn.Sequential:
    """Return linear layers with SiLU between them.

    Args:
        widths: Columns of the input, of each hidden layer and of the output.
        generator: Draws the weights; the biases are zero.

    Returns:
        The layers, on the CPU.
    """
    layers: list[nn.Module] = []
    for n_in, n_out in itertools.pairwise(widths):
        # A layer made in memory at once would draw from torch's global generator.
        layer = nn.Linear(n_in, n_out, device="meta").to_empty(device="cpu")
        nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5.0), generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.SiLU()]
    return nn.Sequential(*layers[:-1])
