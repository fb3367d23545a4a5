"""Caps of the sphere: elementary cases, arbitrary precision, inverses over thousands of bits."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.errors import InputError
from jscgc_theory.sources.spherical_caps import (
    cap_probability,
    cap_radius_at_log2_probability,
    log2_cap_constant,
    log2_cap_probability,
)
from tests.ground_truth import sphere_cap_probability, sphere_coincidence_constant


@pytest.mark.parametrize("dim", [1, 2])
def test_circle_and_2_sphere_are_elementary(dim):
    for radius in (0.0, 1e-6, 0.3, 1.4, 2.0, 5.0):
        truth = sphere_cap_probability(dim, radius)
        assert cap_probability(radius, dim) == pytest.approx(truth, rel=1e-12)


@pytest.mark.parametrize("dim", [2, 3, 16, 500, 1000])
@pytest.mark.parametrize("radius", [1.4, 0.5, 1e-2, 1e-30])
def test_logarithm_against_arbitrary_precision(dim, radius):
    with mpmath.workdps(50):
        a, share = mpmath.mpf(dim) / 2, mpmath.mpf(radius) ** 2 / 4
        series = mpmath.hyp2f1(a, 1 - a, a + 1, share)
        log = a * mpmath.log(share) - mpmath.log(a * mpmath.beta(a, a)) + mpmath.log(series)
        truth = float(log / mpmath.log(2))
    assert log2_cap_probability(radius, dim) == pytest.approx(truth, rel=1e-11)


@given(
    dim=st.integers(1, 200),
    log2_probability=st.floats(-6000.0, -1e-3),
)
def test_radius_and_probability_are_inverse(dim, log2_probability):
    radius = cap_radius_at_log2_probability(log2_probability, dim)
    if radius > 1e-150:
        back = log2_cap_probability(radius, dim)
        assert back == pytest.approx(log2_probability, rel=1e-9, abs=1e-9)
    else:
        flat = (log2_probability + log2_cap_constant(dim)) / dim
        assert math.log2(radius) == pytest.approx(flat, rel=1e-9) if radius else flat < -1073.0


@pytest.mark.parametrize("dim", [1, 2, 4, 8, 33])
def test_constant_is_area_over_ball_volume_and_the_limit_of_q(dim):
    constant = 2.0 ** log2_cap_constant(dim)
    assert constant == pytest.approx(sphere_coincidence_constant(dim), rel=1e-12)
    limit = dim * math.log2(1e-6) - log2_cap_probability(1e-6, dim)
    assert limit == pytest.approx(math.log2(constant), rel=1e-9)


def test_ends():
    assert cap_radius_at_log2_probability(0.0, 3) == 2.0
    assert log2_cap_probability(0.0, 700) == -math.inf
    assert np.isfinite(log2_cap_probability(1e-150, 700))


def test_a_probability_above_one_is_refused():
    with pytest.raises(InputError, match="above 0"):
        cap_radius_at_log2_probability(0.5, 3)
