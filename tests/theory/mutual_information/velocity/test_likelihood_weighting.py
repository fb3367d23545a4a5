"""The likelihood weight of the loss and the draws of t that go with it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity import (
    draw_likelihood_times,
    likelihood_weight,
    likelihood_weight_per_log_odds,
)
from tests.strategies import generators


@given(t=st.floats(1e-6, 1.0 - 1e-6))
def test_both_forms_are_one_measure(t):
    # dt = t (1 - t) dlambda.
    log_odds = np.log(t / (1.0 - t))
    per_log_odds = likelihood_weight_per_log_odds(log_odds)
    assert likelihood_weight(t) * t * (1.0 - t) == pytest.approx(float(per_log_odds), rel=1e-6)


@given(rng=generators())
def test_weighted_draws_integrate(rng):
    low, high = 0.01, 0.99
    draws = draw_likelihood_times(4096, (low, high), rng)
    truth, _ = integrate.quad(lambda t: (1.0 - t) / t * (1.0 + t), low, high)
    # One draw in each stratum: the error is far below that of independent draws.
    assert np.mean(draws.weight * (1.0 + draws.t)) == pytest.approx(truth, rel=1e-3)
    assert low <= draws.t.min() < draws.t.max() <= high


def test_draws_come_in_random_order():
    draws = draw_likelihood_times(64, (0.1, 0.9), np.random.default_rng(0))
    assert (np.diff(draws.t) < 0.0).any()


def test_bad_input_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="holds 1, outside"):
        likelihood_weight([0.5, 1.0])
    with pytest.raises(InputError, match="is not ascending inside"):
        draw_likelihood_times(4, (0.9, 0.1), rng)
    with pytest.raises(InputError, match="n_draws = 0 is too small"):
        draw_likelihood_times(0, (0.1, 0.9), rng)
