"""The last layer of an adapter: its residuals begin small, but not at zero."""

from torch import nn

_FIRST_RESIDUAL = 0.1


def small_projection(dim: int, backbone_dim: int) -> nn.Sequential:
    """Return a projection whose outputs begin with a root mean square of 0.1.

    A pretrained backbone is hardly disturbed at first. At zero the encoder behind the adapter
    would have no gradient at the first step.

    Args:
        dim: Width of the adapter.
        backbone_dim: Width of the backbone.

    Returns:
        The projection; its initial weights come from torch's global generator.
    """
    linear = nn.Linear(dim, backbone_dim)
    nn.init.normal_(linear.weight, std=_FIRST_RESIDUAL * dim**-0.5)
    nn.init.zeros_(linear.bias)
    return nn.Sequential(nn.LayerNorm(dim), linear)
