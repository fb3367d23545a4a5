"""Every form of a scan is the sequential one, forwards and backwards."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.encoder.selective_scan.odd_even import odd_even_recurrence
from jscgc_model.encoder.selective_scan.recurrence import linear_recurrence
from jscgc_model.encoder.selective_scan.s6 import s6_loop_scan, s6_odd_even_scan
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
from jscgc_model.encoder.selective_scan.ssd import CHUNK_LENGTH, chunked_ssd_scan
from tests.model.encoder.scan_cases import (
    largest_relative_error,
    normal_numbers,
    results_and_gradients,
    s6_arguments,
    slow_ssd_scan,
    ssd_arguments,
)

FORMS = {
    "ssd": (chunked_ssd_scan, slow_ssd_scan, ssd_arguments),
    "s6_loop": (s6_loop_scan, sequential_scan, s6_arguments),
    "s6_odd_even": (s6_odd_even_scan, sequential_scan, s6_arguments),
}
LENGTHS = (1, 2, 3, CHUNK_LENGTH - 1, CHUNK_LENGTH, CHUNK_LENGTH + 1, 5 * CHUNK_LENGTH + 7)


def test_the_sequential_scan_is_its_equation_summed_up():
    x, dt, a, b, c, initial = s6_arguments(5, batch=1, groups=(1, 2))
    y, final = sequential_scan(x, dt, a, b, c, initial)
    for column in range(2):
        for token in range(5):
            elapsed = dt[0, :, column].cumsum(0)
            state = torch.exp(elapsed[token] * a[column]) * initial[0, column]
            for j in range(token + 1):
                decay = torch.exp((elapsed[token] - elapsed[j]) * a[column])
                state = state + decay * dt[0, j, column] * b[0, j, 0] * x[0, j, column]
            torch.testing.assert_close(y[0, token, column], c[0, token, 0] @ state)
        torch.testing.assert_close(final[0, column], state)


@pytest.mark.parametrize("with_initial", [True, False])
@pytest.mark.parametrize("stronger", [1.0, 20.0])
@pytest.mark.parametrize("form", FORMS)
def test_forms_are_the_sequential_scan_in_float64(form, stronger, with_initial):
    fast, slow, arguments_of = FORMS[form]
    for length in LENGTHS:
        arguments = arguments_of(length, stronger=stronger)[: 6 if with_initial else 5]
        found, truth = (results_and_gradients(scan, arguments) for scan in (fast, slow))
        assert largest_relative_error(found, truth) <= 1e-10


@pytest.mark.parametrize("stronger", [1.0, 20.0])
@pytest.mark.parametrize("form", FORMS)
def test_forms_keep_their_digits_in_float32(form, stronger):
    fast, slow, arguments_of = FORMS[form]
    narrow = [values.float() for values in arguments_of(257, stronger=stronger, d_state=16)]
    truth = results_and_gradients(slow, [values.double() for values in narrow])
    assert largest_relative_error(results_and_gradients(fast, narrow), truth) <= 1e-4


@pytest.mark.parametrize("form", FORMS)
def test_gradients_are_those_of_finite_differences(form):
    fast, _, arguments_of = FORMS[form]
    length = CHUNK_LENGTH + 2 if form == "ssd" else 3
    sizes = {"groups": (2, 1), "d_state": 2, "batch": 1}
    if form == "ssd":
        sizes["head_dim"] = 2
    leaves = [values.requires_grad_() for values in arguments_of(length, **sizes)]
    assert torch.autograd.gradcheck(fast, leaves)


@given(
    length=st.integers(1, 80),
    groups=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    batch=st.integers(1, 3),
    d_state=st.integers(1, 5),
    seed=st.integers(0, 2**31),
)
@pytest.mark.parametrize("form", FORMS)
def test_forms_agree_at_every_size(form, length, groups, batch, d_state, seed):
    fast, slow, arguments_of = FORMS[form]
    sizes = {"groups": groups, "batch": batch, "d_state": d_state, "seed": seed}
    arguments = arguments_of(length, **sizes)
    assert largest_relative_error(fast(*arguments), slow(*arguments)) <= 1e-10


@pytest.mark.parametrize("form", FORMS)
def test_a_sequence_may_be_scanned_in_two_pieces(form):
    fast, _, arguments_of = FORMS[form]
    *sequences, initial = arguments_of(100)
    x, dt, a, b, c = sequences
    whole = fast(x, dt, a, b, c, initial)
    first, middle = fast(x[:, :37], dt[:, :37], a, b[:, :37], c[:, :37], initial)
    second, final = fast(x[:, 37:], dt[:, 37:], a, b[:, 37:], c[:, 37:], middle)
    pieces = (torch.cat([first, second], dim=1), final)
    assert largest_relative_error(pieces, whole) <= 1e-12


@pytest.mark.parametrize("form", FORMS)
def test_an_endless_decay_forgets_without_harm(form):
    fast, slow, arguments_of = FORMS[form]
    arguments = [v.float() for v in arguments_of(2 * CHUNK_LENGTH + 1, stronger=1e4)]
    found, truth = (results_and_gradients(scan, arguments) for scan in (fast, slow))
    assert all(values.isfinite().all() for values in found)
    assert largest_relative_error(found[:2], truth[:2]) <= 1e-4


@pytest.mark.parametrize("length", [1, 2, 3, 8, 13])
def test_both_recurrences_solve_the_recurrence(length):
    normal = normal_numbers(3)
    arguments = (normal(length, 2, 1).sigmoid(), normal(length, 2, 3), normal(2, 3))

    def by_definition(decay, drive, initial):
        states = [initial]
        for factor, entering in zip(decay, drive, strict=True):
            states.append(factor * states[-1] + entering)
        return (torch.stack(states[1:]),)

    truth = results_and_gradients(by_definition, arguments)
    for solve in (linear_recurrence, odd_even_recurrence):
        found = results_and_gradients(lambda *z, solve=solve: (solve(*z),), arguments)
        assert largest_relative_error(found, truth) <= 1e-12
