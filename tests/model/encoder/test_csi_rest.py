"""CSI-ReST: the channel state is in the state of the scan, at every length."""

import pytest
import torch

from jscgc_model.encoder.csi_rest import csi_response
from jscgc_model.encoder.gssm import S6StateSpace, SsdStateSpace
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
from tests.model.encoder.scan_cases import normal_numbers, s6_arguments

LENGTHS = [1, 2, 4, 16, 257]


@pytest.mark.parametrize("length", LENGTHS)
def test_the_response_is_that_of_a_state_refilled_at_every_token(length):
    """Token by token: let the state decay, refill what was forgotten of g E, go on."""
    d_inner, d_state = 7, 3
    x, dt, a, b, c, _ = s6_arguments(length, groups=(1, d_inner), d_state=d_state)
    snr_db = torch.tensor([-5.0, 13.0], dtype=torch.float64)
    pattern = torch.eye(d_state, dtype=torch.float64).repeat(3, 1)[:d_inner]
    held = snr_db[:, None, None] / 10.0 * pattern
    state, outputs = held, []
    for token in range(length):
        now = slice(token, token + 1)
        forgotten = -torch.expm1(dt[:, token, :, None] * a) * held
        _, state = sequential_scan(x[:, now], dt[:, now], a, b[:, now], c[:, now], state)
        state = state + forgotten
        outputs.append(torch.einsum("bdn,bn->bd", state, c[:, token, 0]))
    plain, _ = sequential_scan(x, dt, a, b, c)
    found = plain + csi_response(c, snr_db, d_inner)
    torch.testing.assert_close(found, torch.stack(outputs, dim=1), rtol=0, atol=1e-12)


def test_the_responses_of_all_scans_add_up():
    c = normal_numbers(0)(2, 5, 2, 4)
    snr_db = torch.tensor([3.0, -8.0], dtype=torch.float64)
    single = [csi_response(c[:, :, k : k + 1], snr_db, 6) for k in range(2)]
    torch.testing.assert_close(csi_response(c, snr_db, 6), single[0] + single[1])


def test_the_response_survives_a_normalisation_over_columns():
    c = normal_numbers(1)(1, 5, 1, 16)
    response = csi_response(c, torch.tensor([10.0], dtype=torch.float64), 64)
    assert (response.std(dim=-1) > 0.5).all()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("state_space", [SsdStateSpace, S6StateSpace])
def test_csi_acts_on_every_token_of_every_sample(state_space, length):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = state_space(32, 16).double()
    x = normal_numbers(2)(2, length, 32)
    low, high = (model(x, torch.full((2,), snr_db)) for snr_db in (-5.0, 10.0))
    assert ((high - low).abs().amax(dim=-1) > 1e-3).all()
    torch.testing.assert_close(model(x, torch.zeros(2)), model(x, None))
