import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaincinv, gammaln
from scipy.stats import chi2

from jscgc_theory.covering_numbers.densest_centre import densest_points, find_candidates
from jscgc_theory.covering_numbers.local_chart import anchor_to_points, step_on_surface
from jscgc_theory.covering_numbers.small_ball import SmallBall, fit_small_ball
from jscgc_theory.covering_numbers.surroundings import Surroundings
from jscgc_theory.covering_numbers.tilted_law import (
    TiltedLaw,
    log_mass_ratio,
    mean_square,
    tilt_given_mean_square,
)

LEVELS_BITS = (0.0, 0.01, 0.5, 1.0, 3.0, 7.0, 20.0, 100.0, 2000.0)


def sphere(n_points: int, d: int, rng: np.random.Generator) -> np.ndarray:
    directions = rng.normal(size=(n_points, d + 1))
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def gaussian(n_points: int, d: int, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=(n_points, d)) @ np.eye(d, d + 3)


def fit(points: np.ndarray, d: float, *, corrected: bool = True, seed: int = 5) -> SmallBall:
    rng = np.random.default_rng(seed)
    return fit_small_ball(points, d, 1e-4, corrected=corrected, rng=rng)


def sphere_radius(d: int, bits: float) -> float:
    """Chord within which S^d holds 2^-bits: a quarter of its square is Beta(d/2, d/2)."""
    if bits <= 12:
        return 2.0 * math.sqrt(betaincinv(d / 2, d / 2, 2.0**-bits))
    log_ratio = gammaln(d / 2 + 1) - gammaln((d + 1) / 2 + 1)
    log_c = math.log(d + 1) + 0.5 * math.log(math.pi) + log_ratio
    return math.exp((log_c - bits * math.log(2.0)) / d)


def gaussian_radius(d: int, bits: float) -> float:
    if bits <= 12:
        return math.sqrt(chi2.ppf(2.0**-bits, d))
    log_c = d / 2 * math.log(2.0) + gammaln(d / 2 + 1)
    return math.exp((log_c - bits * math.log(2.0)) / d)


@pytest.mark.parametrize("d", [1.0, 2.5, 7.0])
@pytest.mark.parametrize("tilt", [-6.0, -0.5, 0.0, 2.0])
def test_tilted_moments_are_those_of_the_density(d: float, tilt: float) -> None:
    def moment(power: float) -> float:
        return quad(lambda u: u ** (d - 1 + power) * math.exp(tilt * u * u), 0.0, 1.0)[0]

    assert log_mass_ratio(d, tilt) == pytest.approx(math.log(d * moment(0.0)), abs=1e-7)
    assert mean_square(d, tilt) == pytest.approx(moment(2.0) / moment(0.0), rel=1e-7)
    assert tilt_given_mean_square(d, mean_square(d, tilt)) == pytest.approx(tilt, abs=1e-6)


@pytest.mark.parametrize("d", [1, 3, 6])
def test_tilted_law_is_exact_about_the_mode_of_a_gaussian(d: int) -> None:
    r0_square = float(chi2.ppf(0.2, d))
    law = TiltedLaw(
        intrinsic_dim=float(d),
        variance_dim=0.01,
        log_scale=0.5 * math.log(r0_square),
        log_share=math.log(0.2),
        variance_log_share=0.01,
        mean_square=mean_square(float(d), -r0_square / 2.0),
        variance_mean_square=1e-4,
        n_points_used=100,
    )
    for bits in (3.0, 6.0, 12.0):
        assert law.radius(-bits, "x").value == pytest.approx(gaussian_radius(d, bits), rel=1e-6)
    power = law.power_law()
    assert power.radius(-100.0, "x").value == pytest.approx(gaussian_radius(d, 100.0), rel=1e-6)
    far, near = law.radius(-200.0, "x"), power.radius(-200.0, "x")
    assert far.value == pytest.approx(near.value, rel=1e-9)
    assert far.standard_error == pytest.approx(near.standard_error, rel=1e-3)


def test_errors_of_dimension_and_constant_move_together() -> None:
    # Without tilt ln C = d ln r_0 - ln p_0, so their covariance is ln r_0 Var(d), in data units.
    law = TiltedLaw(3.0, 0.04, math.log(1e-3), math.log(0.1), 0.01, None, 0.0, 100).power_law()
    assert law.covariance == pytest.approx(0.04 * math.log(1e-3), rel=1e-6)
    assert law.log2_probability_error(1e-3) == pytest.approx(0.1 / math.log(2.0), rel=1e-4)


@pytest.mark.parametrize(("d", "n_points", "tolerance"), [(1, 300, 1e-4), (2, 1500, 2e-3)])
def test_steps_stay_on_a_sphere(d: int, n_points: int, tolerance: float) -> None:
    rng = np.random.default_rng(1)
    points = sphere(n_points, d, rng)
    start = points[0]
    target = start + 0.3 * rng.normal(size=d + 1)
    moved = step_on_surface(Surroundings.of(start, points), target, d)
    assert np.linalg.norm(moved - start) > 0.05
    anchored, left = anchor_to_points(Surroundings.of(moved, points), d)
    assert abs(np.linalg.norm(anchored) - 1.0) < tolerance
    assert left < tolerance


def test_steps_in_a_plane_reach_the_target_within_it() -> None:
    points = np.random.default_rng(2).normal(size=(200, 2)) @ np.eye(2, 4)
    moved = step_on_surface(Surroundings.of(points[0], points), np.array([0.1, 0.2, 5.0, -3.0]), 2)
    np.testing.assert_allclose(moved, [0.1, 0.2, 0.0, 0.0], atol=1e-9)


def test_densest_point_is_that_of_brute_force() -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(60, 3))
    candidates = find_candidates(points, 60, rng)
    usable = candidates.rows % 2 == 0
    counted = np.arange(10, 60)
    found = densest_points(candidates, usable, counted, [0.2, 0.6])
    for level, row in zip((0.2, 0.6), found, strict=True):
        rank = math.ceil(level * 49)
        reach = {
            int(z): np.sort(np.linalg.norm(points[counted] - points[z], axis=1))[rank]
            for z in candidates.rows[usable]
        }
        assert int(row) == min(reach, key=lambda z: reach[z])


def test_scale_offset_and_precision_do_not_matter() -> None:
    points = gaussian(400, 3, np.random.default_rng(4))
    plain = fit(points, 3.0)
    for bits in (0.5, 2.0, 6.0, 50.0):
        value = plain.radius(-bits).value
        for scale in (1e-6, 1e6):
            scaled = fit(points * scale, 3.0).radius(-bits).value
            assert scaled == pytest.approx(value * scale, rel=1e-9)
        assert fit(points + 1e3, 3.0).radius(-bits).value == pytest.approx(value, rel=1e-8)
        single = fit(points.astype(np.float32), 3.0).radius(-bits).value
        assert single == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize("n_points", [5, 8, 20, 50])
@pytest.mark.parametrize("ambient_dim", [1, 4, 30])
@pytest.mark.parametrize("corrected", [True, False])
def test_few_points_give_ordered_intervals(
    n_points: int, ambient_dim: int, corrected: bool
) -> None:
    points = np.random.default_rng(n_points).normal(size=(n_points, ambient_dim))
    law = fit(points, min(ambient_dim, 2.6), corrected=corrected)
    for bits in LEVELS_BITS:
        found = law.radius(-bits)
        assert found.interval is not None
        assert 0.0 <= found.interval[0] <= found.value <= found.interval[1] < math.inf


def test_a_radius_grows_with_the_level() -> None:
    law = fit(sphere(1500, 2, np.random.default_rng(6)), 2.0)
    radii = [law.radius(-bits).value for bits in np.arange(0.0, 40.0, 1.0)]
    assert all(small < large for large, small in itertools.pairwise(radii))


def test_the_dense_one_of_two_clusters_is_found() -> None:
    rng = np.random.default_rng(7)
    broad = rng.normal(size=(1600, 2))
    dense = 0.02 * rng.normal(size=(400, 2)) + [6.0, 0.0]
    law = fit(np.concatenate([broad, dense]), 2.0)
    # The dense cluster holds 0.2 P(chi2 <= (r / 0.02)^2); half of all only the broad one holds.
    fine, half = law.radius(-4.0), law.radius(-1.0)
    assert fine.value == pytest.approx(0.02 * math.sqrt(chi2.ppf(2.0**-4 / 0.2, 2)), rel=0.15)
    assert half.value == pytest.approx(math.sqrt(chi2.ppf(0.5 / 0.8, 2)), rel=0.1)


def test_a_centre_kept_at_a_sample_point_is_told() -> None:
    points = np.random.default_rng(8).normal(size=(300, 20))
    law = fit(points, 12.0, corrected=False)
    assert [notice.code for notice in law.radius(-1.0).notices] == ["centre_is_sample_point"]
    assert fit(gaussian(600, 2, np.random.default_rng(9)), 2.0).radius(-1.0).notices == ()


def test_same_seed_same_answer() -> None:
    points = gaussian(300, 2, np.random.default_rng(10))
    assert fit(points, 2.0, seed=1).radius(-2.0) == fit(points, 2.0, seed=1).radius(-2.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sphere", "gaussian"])
def test_intervals_cover_the_truth(name: str) -> None:
    d, n_points, n_seeds = 2, 500, 200
    draw, truth = {
        "sphere": (sphere, sphere_radius),
        "gaussian": (gaussian, gaussian_radius),
    }[name]
    levels = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0, 20.0, 50.0, 100.0)
    rng = np.random.default_rng(11)
    covered = np.zeros(len(levels))
    for _ in range(n_seeds):
        # The dimension is given with an error of the size that an estimator of it has.
        d_read = d + 0.06 * rng.normal()
        law = fit_small_ball(draw(n_points, d, rng), d_read, 0.06**2, corrected=True, rng=rng)
        covered += [law.radius(-bits).covers(truth(d, bits)) for bits in levels]
    # 90 to 99 per cent are promised; three standard errors of 200 seeds are five per cent.
    assert np.all(covered / n_seeds >= 0.90), covered / n_seeds
    assert np.all(covered / n_seeds <= 0.995), covered / n_seeds


def test_a_dimension_read_too_high_does_not_sink_the_centre() -> None:
    # With d = 6 in R^6 nothing is normal, and mean shift would end in the middle of the sphere.
    law = fit(sphere(1000, 5, np.random.default_rng(12)), 5.6)
    assert law.radius(-1.0).value == pytest.approx(math.sqrt(2.0), rel=0.05)
