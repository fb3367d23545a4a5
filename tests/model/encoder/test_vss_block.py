"""The parts of the encoder: scans in two orders, blocks, merging."""

import pytest
import torch
from torch import nn

from jscgc_model.encoder.gssm import S6StateSpace, SsdStateSpace
from jscgc_model.encoder.patch_merging import PatchMerging
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
from jscgc_model.encoder.vss_block import VSSBlock
from tests.model.encoder.scan_cases import normal_numbers


def built(make):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return make().double()


def one_scan_slowly(model, x, index):
    """Return one scan of the state space along x, from its weights, by the sequential form."""
    step_features, b, c = (
        model.project(x).unflatten(-1, (2, -1))[:, :, index].split(model.split, dim=-1)
    )
    rates, bias = (v.unflatten(0, (2, -1))[index] for v in (model.log_rates, model.step_bias))
    if isinstance(model, SsdStateSpace):
        columns = model.heads[1]
        dt = nn.functional.softplus(step_features + bias).repeat_interleave(columns, dim=2)
        a = -rates.exp().repeat_interleave(columns)[:, None].expand(-1, b.shape[-1])
    else:
        dt = nn.functional.softplus(step_features @ model.step_weight[index] + bias)
        a = -rates.exp()
    return sequential_scan(x, dt, a, b[:, :, None], c[:, :, None])[0]


@pytest.mark.parametrize("state_space", [SsdStateSpace, S6StateSpace])
def test_two_scans_one_along_the_reversed_sequence(state_space):
    model = built(lambda: state_space(64, 4))
    x = normal_numbers(0)(2, 37, 64)
    backwards = one_scan_slowly(model, x.flip(1), 1).flip(1)
    expected = one_scan_slowly(model, x, 0) + backwards + model.skip * x
    torch.testing.assert_close(model(x, None), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("state_space", [SsdStateSpace, S6StateSpace])
def test_steps_begin_between_their_limits(state_space):
    model = built(lambda: state_space(128, 4))
    steps = nn.functional.softplus(model.step_bias).unflatten(0, (2, -1))
    torch.testing.assert_close(steps[0], steps[1])
    torch.testing.assert_close(steps[0, [0, -1]], torch.tensor([1e-3, 0.1]).double())
    assert (steps[0].diff() > 0).all()


@pytest.mark.parametrize("scan", ["ssd", "s6"])
def test_a_block_lets_every_token_see_every_other(scan):
    block = built(lambda: VSSBlock(16, 4, scan))
    tokens = normal_numbers(1)(1, 5, 4, 16).requires_grad_()
    for corner in ((0, 0), (4, 3)):
        (seen,) = torch.autograd.grad(block(tokens, None)[0, *corner].square().sum(), tokens)
        assert (seen.abs().amax(dim=-1) > 0).all()


@pytest.mark.parametrize("scan", ["ssd", "s6"])
def test_a_block_is_differentiable(scan):
    block = built(lambda: VSSBlock(4, 2, scan))
    tokens = normal_numbers(2)(2, 2, 3, 4).requires_grad_()
    snr_db = torch.tensor([-4.0, 9.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(block, (tokens, snr_db))


def test_a_block_without_output_is_the_identity():
    block = built(lambda: VSSBlock(4, 2, "ssd"))
    nn.init.zeros_(block.out_proj.weight)
    tokens = normal_numbers(3)(2, 2, 3, 4)
    assert torch.equal(block(tokens, None), tokens)


def test_merging_joins_the_cells_of_a_square():
    merging = built(lambda: PatchMerging(3, 5, 2))
    tokens = normal_numbers(4)(1, 4, 6, 3)
    found = merging(tokens)
    assert found.shape == (1, 2, 3, 5)
    square = torch.cat([tokens[0, 2, 4], tokens[0, 2, 5], tokens[0, 3, 4], tokens[0, 3, 5]])
    torch.testing.assert_close(found[0, 1, 2], merging.project(merging.norm(square)))


def test_merging_single_cells_changes_the_width_alone():
    assert built(lambda: PatchMerging(3, 5, 1))(normal_numbers(5)(2, 3, 5, 3)).shape == (
        2,
        3,
        5,
        5,
    )
