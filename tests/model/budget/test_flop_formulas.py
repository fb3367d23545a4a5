"""Counted operations against closed forms, and against torch's own counts of the same products."""

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from jscgc_model.budget.flop_formulas import FLOP_FORMULAS
from jscgc_model.generator import ZImageSizes
from jscgc_model.generator.z_image_backbone import ZImageBackbone


def counted(work, formulas=FLOP_FORMULAS):
    with FlopCounterMode(display=False, custom_mapping=formulas) as counter:
        work()
    return counter.get_total_flops()


def attention(batch=2, heads=3, length=5, width=8, *, learns):
    made = [torch.zeros(batch, heads, length, width, requires_grad=learns) for _ in range(3)]
    found = nn.functional.scaled_dot_product_attention(*made)
    if learns:
        found.sum().backward()


@pytest.mark.parametrize("learns", [False, True])
def test_fused_attention_costs_what_its_products_cost(learns):
    fused = counted(lambda: attention(learns=learns))
    with sdpa_kernel(SDPBackend.MATH):
        products = counted(lambda: attention(learns=learns), formulas={})
    assert fused == products == (3 if learns else 1) * 4 * 2 * 3 * 5 * 5 * 8


def convolved(groups, transposed=False):
    kind = nn.ConvTranspose2d if transposed else nn.Conv2d
    layer = kind(8, 12, 3, groups=groups, device="meta")
    layer(torch.zeros(2, 8, 6, 5, requires_grad=True, device="meta")).sum().backward()


@pytest.mark.parametrize("transposed", [False, True])
def test_a_full_convolution_costs_what_torch_says(transposed):
    ours = counted(lambda: convolved(1, transposed))
    assert ours == counted(lambda: convolved(1, transposed), formulas={}) > 0


@pytest.mark.parametrize("transposed", [False, True])
def test_a_grouped_convolution_costs_what_its_groups_cost_one_by_one(transposed):
    def one_by_one():
        for _ in range(4):
            kind = nn.ConvTranspose2d if transposed else nn.Conv2d
            image = torch.zeros(2, 2, 6, 5, requires_grad=True, device="meta")
            kind(2, 3, 3, device="meta")(image).sum().backward()

    assert counted(lambda: convolved(4, transposed)) == counted(one_by_one, formulas={})


def z_image_products(sizes, n_tokens):
    """Return the operations of a pad-free Z-Image without caption for one image.

    The pairs are (products with weights that are given hidden states, with weights that are given
    inputs, attention).
    """
    dim, patch_values = sizes.dim, sizes.in_channels * sizes.patch_size**2
    told, waves, middle = min(dim, 256), 256, 1024
    hidden = 2 * n_tokens * dim * (4 * dim + 3 * int(dim / 3 * 8)) + 2 * told * 4 * dim
    whole = sizes.n_layers * hidden + 2 * told * dim + 2 * n_tokens * dim * patch_values
    whole += 2 * middle * told
    inputs = 2 * n_tokens * patch_values * dim + 2 * waves * middle
    return whole, inputs, sizes.n_layers * 4 * n_tokens**2 * dim


@pytest.mark.parametrize(("learns", "passes"), [(False, (1, 1, 1)), (True, (3, 2, 3))])
@pytest.mark.parametrize("patch_size", [2, 4])
def test_z_image_costs_its_closed_form(learns, passes, patch_size):
    sizes = ZImageSizes(dim=96, n_heads=2, n_layers=3, patch_size=patch_size, in_channels=3)
    backbone = ZImageBackbone.from_sizes(sizes)

    def work():
        with torch.set_grad_enabled(learns):
            velocity = backbone(torch.zeros(1, 3, 16, 8), torch.full((1,), 0.5))
        if learns:
            velocity.square().mean().backward()

    products = z_image_products(sizes, 16 * 8 // patch_size**2)
    assert counted(work) == sum(times * one for times, one in zip(passes, products, strict=True))
