"""Where the output of a decoder begins."""

import torch
from torch import nn

_MIDDLE_GREY = 0.5


def begin_grey(last: nn.Conv2d) -> nn.Conv2d:
    """Let a decoder begin in the middle of the range of pixels.

    Args:
        last: Its last layer, changed in place.

    Returns:
        The layer.
    """
    if last.bias is not None:
        with torch.no_grad():
            last.bias.fill_(_MIDDLE_GREY)
    return last
