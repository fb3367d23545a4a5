"""Intervals of radii fall with the probability, also where one reading takes over from another."""

from itertools import pairwise

import numpy as np
import pytest

from jscgc_theory.analysis.bound_rows import bound_row
from jscgc_theory.analysis.data_law import fit_data_law
from jscgc_theory.covering_numbers import fit_small_ball
from jscgc_theory.covering_numbers.read_radius import from_counting, from_extrapolation
from jscgc_theory.records import Estimate
from jscgc_theory.sources import Cube, FlatTorus, GaussianSubspace, Sphere


def radius(value, interval):
    return Estimate(value=value, interval=interval, method="by hand")


def test_a_counted_radius_ends_no_lower_than_the_extrapolation():
    counted, extrapolated = radius(1.1, (1.0, 1.2)), radius(1.0, (0.8, 1.3))
    assert from_counting(counted, extrapolated).interval == (1.0, 1.3)
    assert from_counting(counted, radius(1.0, (0.9, 1.1))) == counted


def test_an_extrapolated_radius_begins_no_higher_than_the_counted():
    counted, extrapolated = radius(1.1, (0.7, 1.2)), radius(1.0, (0.8, 1.3))
    assert from_extrapolation(extrapolated, counted).interval == (0.7, 1.3)
    assert from_extrapolation(extrapolated, radius(1.1, (0.9, 1.2))) == extrapolated


def test_without_an_interval_the_value_counts():
    bare = radius(1.1, None)
    assert from_counting(bare, bare).interval == (1.1, 1.1)
    assert from_extrapolation(radius(1.2, None), bare).interval == (1.1, 1.2)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "source", [Sphere(2), FlatTorus(1), GaussianSubspace(3), Cube(2)], ids=lambda x: str(x)[:12]
)
def test_intervals_fall_with_the_information(source, seed):
    rng = np.random.default_rng(seed)
    law = fit_data_law(source.sample(700, rng), rng=rng)
    power_law = law.coincidence.power_law
    ball = fit_small_ball(
        law.points,
        power_law.intrinsic_dim,
        power_law.variance_dim,
        corrected=law.fit.corrected,
        rng=rng,
    )
    rows = [bound_row(law, ball, bits, None, 0.1) for bits in np.linspace(0.0, 25.0, 201)]
    for coarse, fine in pairwise(rows):
        for name in ("perception", "small_ball"):
            larger, smaller = getattr(coarse, name).ends, getattr(fine, name).ends
            assert smaller[0] <= larger[0] * (1.0 + 1e-9)
            assert smaller[1] <= larger[1] * (1.0 + 1e-9)
        assert fine.small_ball.value <= fine.perception.value
        assert fine.small_ball.ends[1] <= fine.perception.ends[1]
