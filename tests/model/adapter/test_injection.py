"""Adapter and backbone together: the gradient that trains an encoder, through both."""

import pytest
import torch

from jscgc_model.adapter import AdapterSettings, VectorAdapterSettings
from jscgc_model.adapter.communication_adapter import CommunicationAdapter
from jscgc_model.adapter.vector_adapter import VectorAdapter
from jscgc_model.generator import MLPSettings, ZImageSizes
from jscgc_model.generator.mlp_backbone import MLPBackbone
from jscgc_model.generator.z_image_backbone import ZImageBackbone


def image_pair(block, is_padded):
    sizes = ZImageSizes(patch_size=2, dim=32, n_layers=3)
    adapter = AdapterSettings(
        noisy_channels=1, layers=(0, 2), backbone_dim=32, dim=16, n_heads=2, block=block
    )
    backbone = ZImageBackbone(
        sizes.transformer_config(), n_caption_rows=32, is_padded=is_padded, seed=1
    )
    return CommunicationAdapter(adapter), backbone, (1, 4, 6), 12


def vector_pair():
    adapter = VectorAdapterSettings(n_symbols=4, n_values=3, backbone_dim=16, dim=16)
    backbone = MLPBackbone(MLPSettings(n_values=3, dim=16))
    return VectorAdapter(adapter), backbone, (3,), 4


PAIRS = {
    "s3_dit": lambda: image_pair("s3_dit", is_padded=False),
    "s3_dit padded": lambda: image_pair("s3_dit", is_padded=True),
    "local": lambda: image_pair("local", is_padded=False),
    "vector": vector_pair,
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_gradient_with_respect_to_the_received_signal(name):
    adapter, backbone, shape, n_symbols = PAIRS[name]()
    backbone.requires_grad_(False)
    generator = torch.Generator().manual_seed(0)
    draw = lambda *size: torch.randn(*size, generator=generator, dtype=torch.float64)
    adapter, backbone = adapter.double(), backbone.double()
    noisy, target = draw(2, 2, *shape)
    time = torch.rand(2, generator=generator, dtype=torch.float64)
    features, direction = draw(2, 2, n_symbols, 3)

    def loss(signal):
        return (backbone(noisy, time, adapter(signal, noisy, time)) - target).square().sum()

    leaf = features.requires_grad_()
    (gradient,) = torch.autograd.grad(loss(leaf), leaf)
    with torch.no_grad():
        slope = difference_quotient(lambda step: loss(features + step * direction), 1e-2)
    # diffusers computes rotations and root mean squares in single precision.
    torch.testing.assert_close((gradient * direction).sum(), slope, rtol=1e-4, atol=0.0)


def difference_quotient(function, step):
    """The slope at 0 by central differences, their error of order step^6 after Richardson."""
    one, two, three = (
        (function(n * step) - function(-n * step)) / (2 * n * step) for n in (1, 2, 3)
    )
    return 1.5 * one - 0.6 * two + 0.1 * three


@pytest.mark.parametrize("name", PAIRS)
def test_the_adapter_holds_nothing_of_the_backbone(name):
    adapter, backbone, _, _ = PAIRS[name]()
    own, others = ({id(one) for one in model.parameters()} for model in (adapter, backbone))
    assert own.isdisjoint(others)
    assert not any(isinstance(module, type(backbone)) for module in adapter.modules())
