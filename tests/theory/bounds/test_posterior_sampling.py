"""R5 where everything is Gaussian, and its guards; finite laws are in the converse tests."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.bounds import (
    best_radius_floor,
    mean_square_floor,
    posterior_sampling_mean_square,
    sampler_outage,
    sampler_radius_ceiling,
)
from jscgc_theory.errors import InputError


@given(dim=st.integers(1, 500), noise=st.floats(1e-4, 1e3))
def test_shannon_bound_is_met_by_white_gaussians(dim: int, noise: float) -> None:
    """X standard normal in R^d, Y = X + N: mmse = d s/(1 + s), I = d/2 log2(1 + 1/s)."""
    mi = dim / 2 * math.log2(1 + 1 / noise)
    entropy = dim / 2 * math.log2(2 * math.pi * math.e)
    assert mean_square_floor(mi, float(dim), entropy) == pytest.approx(dim * noise / (1 + noise))


def test_guards() -> None:
    with pytest.raises(InputError, match="mmse = -1 is negative"):
        posterior_sampling_mean_square(-1.0)
    with pytest.raises(InputError, match="sampler_radius = -1 is negative"):
        best_radius_floor(-1.0)
    with pytest.raises(InputError, match="best_radius = -1 is negative"):
        sampler_radius_ceiling(-1.0)
    with pytest.raises(InputError, match=r"outage_probability = 0\.5 doubles to 1"):
        sampler_outage(0.5)
    with pytest.raises(InputError, match="intrinsic_dim = 0 is not positive"):
        mean_square_floor(1.0, 0.0, 1.0)
    with pytest.raises(InputError, match="differential_entropy_bits = inf is not finite"):
        mean_square_floor(1.0, 1.0, math.inf)
