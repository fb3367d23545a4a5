"""Power is exactly one, at any scale and turn of the input."""

import cmath

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.channel import constrain_power
from tests.model.channel.transmissions import draw_symbols

every_constraint = pytest.mark.parametrize("constraint", ["per_sample", "per_batch", "per_symbol"])


def power_over(symbols, constraint):
    power = symbols.abs().square()
    return {
        "per_sample": power.mean(dim=1),
        "per_batch": power.mean(),
        "per_symbol": power,
    }[constraint]


@every_constraint
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.complex64, 1e-6), (torch.complex128, 1e-14)]
)
def test_mean_power_is_one_over_what_the_constraint_names(constraint, dtype, tolerance):
    sent = constrain_power(draw_symbols(5, 64, dtype=dtype), constraint)
    assert sent.dtype == dtype
    power = power_over(sent, constraint)
    torch.testing.assert_close(power, torch.ones_like(power), rtol=0, atol=tolerance)


def test_one_batch_of_three_powers_keeps_their_ratios_per_batch_alone():
    symbols = torch.tensor([[1.0, 1.0j], [2.0, -2.0], [3.0j, 3.0]], dtype=torch.complex128)
    found = power_over(constrain_power(symbols, "per_batch"), "per_sample")
    expected = torch.tensor([1.0, 4.0, 9.0], dtype=torch.float64) * 3.0 / 14.0
    torch.testing.assert_close(found, expected)


@every_constraint
@given(
    seed=st.integers(0, 2**31),
    exponent=st.floats(-36.0, 36.0),
    phase=st.floats(-cmath.pi, cmath.pi),
)
def test_scale_does_not_matter_and_phase_passes_through(constraint, seed, exponent, phase):
    # complex64 squares would overflow beyond 1e19 and vanish below 1e-19.
    symbols = draw_symbols(3, 7, seed, dtype=torch.complex64)
    turned = symbols * (10.0**exponent * cmath.exp(1j * phase))
    torch.testing.assert_close(
        constrain_power(turned, constraint),
        constrain_power(symbols, constraint) * cmath.exp(1j * phase),
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("constraint", ["per_sample", "per_symbol"])
def test_a_sample_does_not_depend_on_its_batch(constraint):
    symbols = draw_symbols(6, 16)
    whole = constrain_power(symbols, constraint)
    torch.testing.assert_close(
        constrain_power(symbols[2:4], constraint), whole[2:4], rtol=0, atol=0
    )


def test_per_batch_a_sample_does_depend_on_its_batch():
    symbols = draw_symbols(6, 16)
    part = constrain_power(symbols[2:4], "per_batch")
    assert (part - constrain_power(symbols, "per_batch")[2:4]).abs().max() > 1e-3


@every_constraint
def test_the_gradient_is_that_of_finite_differences(constraint):
    symbols = draw_symbols(3, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda s: constrain_power(s, constraint), symbols)


def test_the_gradient_has_no_part_along_the_symbols():
    symbols = draw_symbols(3, 8).requires_grad_()
    weights = draw_symbols(3, 8, seed=5)
    (constrain_power(symbols, "per_sample") * weights).real.sum().backward()
    along = (symbols.grad.conj() * symbols.detach()).real.sum(dim=1)
    torch.testing.assert_close(along, torch.zeros_like(along), rtol=0, atol=1e-12)
    assert symbols.grad.abs().max() > 1e-2


@every_constraint
def test_silence_is_sent_as_silence_with_the_gradient_of_the_identity(constraint):
    symbols = torch.zeros(2, 3, dtype=torch.complex64, requires_grad=True)
    sent = constrain_power(symbols, constraint)
    sent.real.sum().backward()
    assert not sent.detach().any()
    torch.testing.assert_close(symbols.grad, torch.ones_like(symbols))


def test_one_silent_sample_leaves_the_others_their_gradient():
    symbols = torch.cat([torch.zeros(1, 4, dtype=torch.complex128), draw_symbols(1, 4)])
    symbols.requires_grad_()
    constrain_power(symbols, "per_sample").imag.sum().backward()
    assert torch.isfinite(torch.view_as_real(symbols.grad)).all()
    assert symbols.grad[1].abs().min() > 0.0


def test_sources_that_are_sent_uncoded_are_left_as_they_are():
    symbols = 3.0 * draw_symbols(3, 4)
    assert torch.equal(constrain_power(symbols, "none"), symbols)


def test_nan_spreads_over_its_own_sample_only():
    symbols = draw_symbols(3, 4)
    symbols[1, 2] = float("nan")
    sent = constrain_power(symbols, "per_sample")
    assert sent[1].isnan().all()
    assert not sent[[0, 2]].isnan().any()
