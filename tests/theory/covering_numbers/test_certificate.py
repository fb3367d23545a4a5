"""Certificates against exact covering numbers, exact missing mass and known numbers of classes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.covering_numbers import covering_certificates, greedy_net
from jscgc_theory.covering_numbers.certificate import _chao_count
from jscgc_theory.covering_numbers.exact_cover import exact_covering
from jscgc_theory.errors import InputError
from tests.statistics import assert_within_standard_errors


def circle(n_points, seed):
    angle = np.random.default_rng(seed).uniform(0.0, 2.0 * np.pi, n_points)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def certificates(points, seed=0, max_centres=200):
    return covering_certificates(points, max_centres=max_centres, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(5))
def test_brackets_hold_the_covering_number_of_the_circle(seed):
    """Arcs of chord radius r span 4 asin(r/2): balls centred on the circle, the best there are."""
    for found in certificates(circle(2000, seed), seed):
        if found.radius >= 2.0:
            continue
        exact = math.ceil(math.pi / (2.0 * math.asin(found.radius / 2.0)) - 1e-9)
        assert found.covering_at_least <= exact


@given(seed=st.integers(0, 10**6))
def test_the_lower_end_is_below_the_exact_cover_of_the_sample(seed):
    """Balls about points of the sample are some of all balls, so they are no fewer."""
    points = np.random.default_rng(seed).standard_normal((40, 2))
    for found in certificates(points, seed, max_centres=20):
        assert found.covering_at_least <= len(exact_covering(points, found.radius))


def missed_exactly(centres_at, radius):
    """Length of the circle outside arcs, over its whole length, by walking round it."""
    half = 2.0 * math.asin(min(1.0, radius / 2.0))
    gaps = np.diff(np.sort(centres_at), append=np.sort(centres_at)[0] + 2.0 * np.pi)
    return float(np.maximum(0.0, gaps - 2.0 * half).sum() / (2.0 * np.pi))


def test_missed_share_covers_the_missing_mass_of_the_circle():
    """The exact interval errs on the wide side: at least 90 of 100 seeds, in truth 95 or more."""
    covered = 0
    for seed in range(100):
        points, rng = circle(200, seed), np.random.default_rng(seed)
        finest = certificates(points, seed, max_centres=12)[0]
        placed = np.sort(rng.permutation(200)[100:])
        net = greedy_net(points[placed], max_centres=12, rng=rng)
        centres = points[placed[list(net.centres)]]
        assert finest.radius == net.radii[-1]
        truth = missed_exactly(np.arctan2(centres[:, 1], centres[:, 0]), finest.radius)
        covered += finest.missed_share.covers(truth)
    assert covered >= 90


def test_good_turing_agrees_with_the_points_held_out():
    """Both estimate the mass of balls not yet placed, where classes are well apart."""
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.full(400, 0.5))
    labels = rng.choice(400, size=2000, p=weights)
    points = 100.0 * np.column_stack([labels // 20, labels % 20]) + rng.random((2000, 2))
    finest = certificates(points, max_centres=400)
    coarse = next(one for one in reversed(finest) if one.radius > 2.0)
    share = coarse.missed_share
    good_turing = share.details["good_turing"]
    error = math.sqrt(share.value * (1.0 - share.value) / share.n_points_used)
    assert_within_standard_errors((good_turing, 2.0 * error), share.value)


def test_chao_counts_unseen_classes_of_equal_weight():
    """For equal weights Chao's lower bound is sharp; the delta method gives its error."""
    rng = np.random.default_rng(1)
    counts = np.bincount(rng.integers(0, 300, size=400), minlength=300)
    seen = counts[counts > 0]
    ratio = (seen == 1).sum() / (seen == 2).sum()
    error = math.sqrt((seen == 2).sum() * (0.25 * ratio**4 + ratio**3 + 0.5 * ratio**2))
    assert len(seen) < 240
    assert_within_standard_errors((_chao_count(seen), error), 300.0)


def test_counts_rise_as_the_radius_falls():
    found = certificates(np.random.default_rng(2).standard_normal((500, 3)))
    radii = [one.radius for one in found]
    counts = [one.covering_at_most for one in found]
    assert radii == sorted(radii)
    assert counts == sorted(counts, reverse=True)
    assert all(one.covering_at_least <= one.covering_at_most <= one.chao_count for one in found)


def test_a_net_that_reaches_every_point_ends_the_list():
    points = np.random.default_rng(3).standard_normal((20, 2))
    assert all(one.radius > 0.0 for one in certificates(points, max_centres=50))


@pytest.mark.parametrize("unit", [2.0**-700, 2.0**700])
def test_units_whose_squares_no_number_holds(unit):
    plain, scaled = certificates(circle(200, 0)), certificates(unit * circle(200, 0))
    assert [unit * one.radius for one in plain] == [one.radius for one in scaled]
    for one, other in zip(plain, scaled, strict=True):
        assert one.model_copy(update={"radius": other.radius}) == other


def test_too_few_points_are_refused():
    with pytest.raises(InputError, match="need 20 distinct points, of which half are held out"):
        certificates(np.eye(19))
