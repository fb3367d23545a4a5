"""The Neyman-Pearson beta from draws: closed form, extremes, its stated error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from jscgc_theory.bounds import (
    meta_converse_bound,
    meta_converse_log2_beta,
    neyman_pearson_log2_beta,
)
from jscgc_theory.errors import InputError
from tests.statistics import assert_coverage, assert_within_standard_errors
from tests.strategies import outage_probabilities, seeds

_BITS_PER_NAT = 1.0 / math.log(2.0)


def _gaussian_density_bits(mean_nats: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """A log-likelihood ratio that is Gaussian under P has mean m, variance 2 m (in nats)."""
    return (mean_nats + math.sqrt(2.0 * mean_nats) * rng.standard_normal(n)) * _BITS_PER_NAT


def _gaussian_log2_beta(mean_nats: float, outage: float) -> float:
    """Under Q it is N(-m, 2 m), so beta is one Gaussian tail."""
    scale = math.sqrt(2.0 * mean_nats)
    threshold = mean_nats + scale * norm.ppf(outage)
    return float(norm.logsf((threshold + mean_nats) / scale)) * _BITS_PER_NAT


@pytest.mark.parametrize("mean_nats", [0.01, 1.0, 10.0, 100.0, 1400.0])
@pytest.mark.parametrize("outage", [0.5, 0.1, 0.01])
def test_gaussian_density_at_up_to_two_thousand_bits(mean_nats: float, outage: float) -> None:
    density = _gaussian_density_bits(mean_nats, 200_000, np.random.default_rng(1))
    estimate = meta_converse_log2_beta(density, outage)
    assert_within_standard_errors(estimate, _gaussian_log2_beta(mean_nats, outage))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mean_nats", "n_draws", "outage"),
    [(0.5, 500, 0.1), (10.0, 2000, 0.01), (20.0, 500, 0.1), (1400.0, 1000, 0.1)],
)
def test_stated_error_covers(mean_nats: float, n_draws: int, outage: float) -> None:
    truth = _gaussian_log2_beta(mean_nats, outage)
    hits = 0
    for seed in range(200):
        density = _gaussian_density_bits(mean_nats, n_draws, np.random.default_rng(seed))
        value, error = meta_converse_log2_beta(density, outage)
        hits += abs(value - truth) <= 1.96 * error
    assert_coverage(hits, 200)


@given(seed=seeds(), shift=st.floats(-3000.0, 3000.0), outage=outage_probabilities(0.05, 0.95))
def test_shifting_the_density_shifts_beta(seed: int, shift: float, outage: float) -> None:
    density = np.random.default_rng(seed).normal(5.0, 3.0, 200)
    value, error = meta_converse_log2_beta(density, outage)
    moved, moved_error = meta_converse_log2_beta(density + shift, outage)
    assert moved == pytest.approx(value - shift, abs=1e-8)
    assert moved_error == pytest.approx(error, rel=1e-6)


@given(seed=seeds(), outage=outage_probabilities(0.05, 0.9))
def test_draws_are_the_finite_law_with_equal_weights(seed: int, outage: float) -> None:
    density = np.random.default_rng(seed).normal(5.0, 3.0, 100)
    value, _ = meta_converse_log2_beta(density, outage)
    exact = neyman_pearson_log2_beta(density, np.full(100, 0.01), outage)
    assert value == pytest.approx(exact, abs=1e-9)
    # beta falls as more outage is allowed.
    assert neyman_pearson_log2_beta(density, np.full(100, 0.01), outage + 0.05) < exact


def test_boundary_term() -> None:
    """Two outcomes of 3 and 0 bits; a = 3/4 needs all of the first and half of the second."""
    assert neyman_pearson_log2_beta([3.0, 0.0], [0.5, 0.5], 0.25) == pytest.approx(
        math.log2(0.5 / 8.0 + 0.25)
    )


def test_exactly_reached_mass_has_no_boundary_term_even_across_a_gap() -> None:
    """0.1 times 10 misses 1 by rounding; the last outcome is 5000 bits away and must not count."""
    density = [1000.0] * 9 + [-4000.0]
    assert neyman_pearson_log2_beta(density, [0.1] * 10, 0.1) == pytest.approx(
        math.log2(0.9) - 1000.0
    )


def test_outage_near_one_accepts_part_of_the_best_outcome() -> None:
    assert neyman_pearson_log2_beta([1.0, 8.0], [0.5, 0.5], 1.0 - 2.0**-40) == pytest.approx(-48.0)
    assert neyman_pearson_log2_beta([1.0, 8.0], [0.5, 0.5], 1.0 - 2.0**-50) == pytest.approx(-58.0)


def test_too_few_draws_for_the_quantile_have_infinite_error() -> None:
    density = np.random.default_rng(0).normal(10.0, 1.0, 20)
    assert meta_converse_log2_beta(density, 0.01)[1] == math.inf
    assert meta_converse_log2_beta(density, 0.5)[1] < math.inf


def test_a_sampled_beta_above_one_is_held_at_one() -> None:
    assert meta_converse_bound([-2.0] * 50, 0.1, lambda log2_p: 2.0**log2_p) == 1.0


def test_guards() -> None:
    with pytest.raises(InputError, match="has shape \\(2, 2\\)"):
        meta_converse_log2_beta(np.zeros((2, 2)), 0.1)
    with pytest.raises(InputError, match="non-empty"):
        meta_converse_log2_beta([], 0.1)
    with pytest.raises(InputError, match="holds NaN or infinite"):
        meta_converse_log2_beta([1.0, math.nan], 0.1)
    with pytest.raises(InputError, match="has 1 draw"):
        meta_converse_log2_beta([1.0], 0.1)
    with pytest.raises(InputError, match="outage_probability = 0 is outside"):
        meta_converse_log2_beta([1.0, 2.0], 0.0)
    with pytest.raises(InputError, match="weights has shape \\(1,\\) for 2 densities"):
        neyman_pearson_log2_beta([1.0, 2.0], [1.0], 0.1)
    with pytest.raises(InputError, match=r"weights add to 0\.9"):
        neyman_pearson_log2_beta([1.0, 2.0], [0.5, 0.4], 0.1)
    with pytest.raises(InputError, match="give probabilities that add to 1"):
        neyman_pearson_log2_beta([1.0, 2.0], [1.5, -0.5], 0.1)
