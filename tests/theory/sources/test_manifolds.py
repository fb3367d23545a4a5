"""The manifold sources against closed forms, Monte Carlo and their own tangent spaces."""

import math

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.spatial.distance import pdist

from jscgc_theory.errors import InputError
from jscgc_theory.sources import (
    Ball,
    Cube,
    FlatTorus,
    GaussianSubspace,
    Helix,
    KnowsCoincidence,
    KnowsSmallBall,
    MoebiusBand,
    Parallelotope,
    SCurve,
    Sphere,
    SwissRoll,
    Torus,
)

EDGES = ((1.0, 0.5, 0.0, 0.2), (0.0, 2.0, 0.3, -1.0))
EVERY = [
    Sphere(1),
    Sphere(2, radius=0.5, ambient_dim=6, rotation_seed=1),
    Sphere(5),
    Ball(1),
    Ball(3, radius=2.0),
    Cube(1, side=3.0),
    Cube(4),
    FlatTorus(1),
    FlatTorus(3, ambient_dim=8),
    GaussianSubspace(2, scale=0.7, ambient_dim=5, rotation_seed=3),
    GaussianSubspace(3, scale=(0.5, 1.0, 2.0)),
    Parallelotope(EDGES, corner=(1.0, 0.0, 0.0, 5.0)),
    Helix(),
    Torus(),
    SwissRoll(ambient_dim=10, rotation_seed=2),
    SCurve(),
    MoebiusBand(3),
]
UNEQUAL = GaussianSubspace(3, scale=(0.5, 1.0, 2.0))
CLOSED_Q = [s for s in EVERY if isinstance(s, KnowsCoincidence) and s != UNEQUAL]
CLOSED_S = [s for s in EVERY if isinstance(s, KnowsSmallBall) and s != UNEQUAL]
BOUNDED = [source for source in EVERY if math.isfinite(source.volume)]


def name(source):
    return f"{type(source).__name__}{source.intrinsic_dim}"


def standard_errors(n_hits, n_trials, probability):
    return (n_hits / n_trials - probability) / math.sqrt(
        probability * (1.0 - probability) / n_trials
    )


@pytest.mark.parametrize("source", EVERY, ids=name)
def test_sample_has_stated_shape_and_is_reproducible(source):
    points = source.sample(50, np.random.default_rng(4))
    assert points.shape == (50, source.ambient_dim)
    assert points.dtype == np.float64
    np.testing.assert_array_equal(points, source.sample(50, np.random.default_rng(4)))
    assert not np.array_equal(points, source.sample(50, np.random.default_rng(5)))


# In more than four dimensions no sample is dense enough for a neighbourhood to look flat.
@pytest.mark.parametrize("source", [s for s in EVERY if s.intrinsic_dim <= 4], ids=name)
def test_tangent_space_has_the_intrinsic_dimension(source):
    # The neighbours of a point that lie within a tiny fraction of the set span its tangent space.
    points = source.sample(60_000, np.random.default_rng(0))
    offsets = points - points[0]
    nearest = np.argsort(np.linalg.norm(offsets, axis=1))[1 : 8 * source.intrinsic_dim + 1]
    singular = np.linalg.svd(offsets[nearest], compute_uv=False)
    d = source.intrinsic_dim
    assert singular[d - 1] > 0.1 * singular[0]
    if source.natural_dim > d:
        assert singular[d] < 0.2 * singular[d - 1]


@pytest.mark.parametrize("source", EVERY, ids=name)
def test_geometric_constant_is_the_limit_of_pair_counts(source):
    # Edges bend q(r) C / r^d away from 1 in proportion to r: 2 f(r/2) - f(r) removes that term.
    # Pairs share points, so independent blocks of points give the standard error.
    rng = np.random.default_rng(11)
    d, constant = source.intrinsic_dim, source.geometric_constant
    share = 0.004
    radius = (share * constant) ** (1.0 / d)
    extrapolated = []
    for _ in range(30):
        distances = pdist(source.sample(1000, rng))
        wide, narrow = np.mean(distances <= radius), np.mean(distances <= radius / 2.0)
        extrapolated.append((2.0 * narrow * 2.0**d - wide) / share)
    error = np.std(extrapolated, ddof=1) / math.sqrt(len(extrapolated))
    assert abs(np.mean(extrapolated) - 1.0) < 4.0 * error + 0.5 * share ** (2.0 / d)


@pytest.mark.parametrize("source", CLOSED_Q, ids=name)
def test_coincidence_probability_against_independent_pairs(source):
    rng = np.random.default_rng(2)
    n = 40_000
    distances = np.linalg.norm(source.sample(n, rng) - source.sample(n, rng), axis=1)
    reach = {Cube: 1.0, FlatTorus: 1.9}.get(type(source), 4.0)
    for share in (0.1, 0.3, 0.45):
        radius = min(share * 4.0, reach) * getattr(source, "radius", 1.0) / 2.0
        q = float(source.coincidence_probability(radius))
        assert abs(standard_errors(np.sum(distances <= radius), n, q)) < 4.0


@pytest.mark.parametrize(
    "source",
    [Sphere(1), Sphere(4, radius=3.0), Ball(2), Ball(5), Cube(3, side=2.0), FlatTorus(2)],
    ids=name,
)
def test_coincidence_probability_tends_to_the_power_law(source):
    radius = 1e-4
    ratio = (
        source.geometric_constant
        * source.coincidence_probability(radius)
        / radius ** (source.intrinsic_dim)
    )
    assert float(ratio) == pytest.approx(1.0, abs=3e-4)


def test_coincidence_probability_of_a_circle_is_the_arc():
    radius = np.array([0.0, 0.5, 1.0, 2.0])
    np.testing.assert_allclose(
        Sphere(1).coincidence_probability(radius), 2.0 / np.pi * np.arcsin(radius / 2.0)
    )
    np.testing.assert_allclose(
        FlatTorus(1).coincidence_probability(radius), Sphere(1).coincidence_probability(radius)
    )


@pytest.mark.parametrize("dim", [2, 3])
def test_flat_torus_series_against_quadrature(dim):
    # q_k(r) is the mean of q_(k-1) over the chord used up by one circle.
    lower = FlatTorus(dim - 1)

    def inner(angle, radius):
        left = radius**2 - 4.0 * math.sin(0.5 * angle) ** 2
        return float(lower.coincidence_probability(math.sqrt(max(left, 0.0))))

    for radius in (0.3, 1.2, 1.9):
        last = 2.0 * math.asin(radius / 2.0)
        mean, _ = integrate.quad(inner, 0.0, last, args=(radius,), epsabs=1e-11)
        series = float(FlatTorus(dim).coincidence_probability(radius))
        assert series == pytest.approx(mean / math.pi, rel=1e-6)


def test_ball_in_the_limit_of_the_diameter():
    np.testing.assert_allclose(Ball(4).coincidence_probability([2.0, 5.0]), 1.0)
    np.testing.assert_allclose(Ball(1).coincidence_probability(0.5), 1.0 - 0.75**2)


@pytest.mark.parametrize("source", CLOSED_S, ids=name)
def test_small_ball_probability_bounds_every_ball_and_is_reached(source):
    rng = np.random.default_rng(8)
    n = 40_000
    points = source.sample(n, rng)
    radius = 0.45 * getattr(source, "radius", getattr(source, "side", 1.0))
    largest = float(source.small_ball_probability(radius))
    for centre in points[:40]:
        hits = np.sum(np.linalg.norm(points - centre, axis=1) <= radius)
        assert standard_errors(hits, n, largest) < 4.0
    best = best_centre(source, radius)
    hits = np.sum(np.linalg.norm(points - best, axis=1) <= radius)
    assert abs(standard_errors(hits, n, largest)) < 4.0


def best_centre(source, radius):
    if isinstance(source, Cube):
        return np.full(source.dim, 0.5 * source.side)
    centre = np.zeros(source.ambient_dim)
    if isinstance(source, Sphere):
        pole = source.sample(1, np.random.default_rng(0))[0] / source.radius
        centre = pole * math.sqrt(source.radius**2 - radius**2)
    return centre


def test_small_ball_of_a_sphere_holds_everything_from_its_radius_on():
    np.testing.assert_allclose(
        Sphere(3, radius=2.0).small_ball_probability([1.999999999, 2.0]), [0.5, 1.0], atol=1e-4
    )


@pytest.mark.parametrize(
    ("source", "law"),
    [
        # Archimedes: heights on S^2 are uniform; in general (1 + x)/2 is Beta(d/2, d/2).
        (Sphere(2), lambda x: (x[:, 2] + 1.0) / 2.0),
        (Sphere(5), lambda x: stats.beta.cdf((x[:, 3] + 1.0) / 2.0, 2.5, 2.5)),
        (Ball(4, radius=3.0), lambda x: (np.linalg.norm(x, axis=1) / 3.0) ** 4),
        (Cube(3, side=2.0), lambda x: x[:, 1] / 2.0),
        (FlatTorus(2), lambda x: np.arctan2(x[:, 3], x[:, 2]) / (2.0 * np.pi) + 0.5),
        (GaussianSubspace(2, scale=2.0), lambda x: stats.norm.cdf(x[:, 1] / 2.0)),
        (Helix(turns=3.0), lambda x: x[:, 2] / (0.2 * 6.0 * np.pi)),
        (Torus(), lambda x: torus_tube_cdf(x)),
        (SwissRoll(), lambda x: roll_cdf(x)),
        (SCurve(), lambda x: x[:, 1] / 2.0),
        (MoebiusBand(1), lambda x: moebius_cdf(x)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_samples_are_uniform(source, law):
    points = source.sample(20_000, np.random.default_rng(3))
    assert stats.kstest(law(points), "uniform").pvalue > 1e-3


def torus_tube_cdf(x):
    tube = np.arctan2(x[:, 2], np.hypot(x[:, 0], x[:, 1]) - 2.0) % (2.0 * np.pi)
    return (2.0 * tube + np.sin(tube)) / (4.0 * np.pi)


def roll_cdf(x):
    t = np.hypot(x[:, 0], x[:, 2])
    length = 0.5 * (t * np.sqrt(1.0 + t**2) + np.arcsinh(t))
    first, last = (
        0.5 * (a * math.hypot(1, a) + math.asinh(a)) for a in (1.5 * np.pi, 4.5 * np.pi)
    )
    return (length - first) / (last - first)


def moebius_cdf(x):
    # The area left of the angle t grows as the integral of the area element.
    angle = np.arctan2(x[:, 1], x[:, 0]) % (2.0 * np.pi)
    t = np.linspace(0.0, 2.0 * np.pi, 2001)
    v, weight = np.polynomial.legendre.leggauss(40)
    v = 0.5 * v
    element = np.hypot(1.0 + v * np.cos(t[:, None] / 2.0), 0.5 * v) @ weight
    area = integrate.cumulative_simpson(element, x=t, initial=0.0)
    return np.interp(angle, t, area / area[-1])


@pytest.mark.parametrize("source", [SwissRoll(), Torus(), SCurve(), MoebiusBand(1), Helix()])
def test_volume_from_the_chart(source):
    # Independent referee: polyhedral area (or length) of a fine grid of the parametrisation.
    u, v = np.meshgrid(np.linspace(0, 1, 1501), np.linspace(0, 1, 401), indexing="ij")
    if isinstance(source, Helix):
        t = 4.0 * np.pi * u[:, 0]
        curve = np.column_stack((np.cos(t), np.sin(t), 0.2 * t))
        measured = np.linalg.norm(np.diff(curve, axis=0), axis=1).sum()
    else:
        measured = polyhedral_area(np.stack(chart(source, u, v), axis=-1))
    assert measured == pytest.approx(source.volume, rel=2e-4)


def chart(source, u, v):
    if isinstance(source, SwissRoll):
        t = np.pi * (1.5 + 3.0 * u)
        return t * np.cos(t), 21.0 * v, t * np.sin(t)
    if isinstance(source, SCurve):
        t = np.pi * (3.0 * u - 1.5)
        return np.sin(t), 2.0 * v, np.sign(t) * (np.cos(t) - 1.0)
    t, s = 2.0 * np.pi * u, 2.0 * np.pi * v
    if isinstance(source, Torus):
        return (2 + np.cos(s)) * np.cos(t), (2 + np.cos(s)) * np.sin(t), np.sin(s)
    rho = 1.0 + (v - 0.5) * np.cos(t / 2.0)
    return rho * np.cos(t), rho * np.sin(t), (v - 0.5) * np.sin(t / 2.0)


def polyhedral_area(grid):
    a, b = np.diff(grid, axis=0)[:, :-1], np.diff(grid, axis=1)[:-1]
    return np.linalg.norm(np.cross(a, b), axis=-1).sum()


@pytest.mark.parametrize("source", [Ball(3, radius=2.0), Cube(3), Sphere(2), Parallelotope(EDGES)])
def test_volume_by_monte_carlo_in_a_box(source):
    # Points of a box (for the sphere: of a thin shell) that fall into the set measure it.
    rng = np.random.default_rng(6)
    n = 400_000
    if isinstance(source, Parallelotope):
        gram = np.array(EDGES) @ np.array(EDGES).T
        assert source.volume == pytest.approx(math.sqrt(np.linalg.det(gram)))
        return
    box = rng.uniform(-2.0, 2.0, (n, 3))
    norms = np.linalg.norm(box, axis=1)
    inside, thickness = {
        Ball: (norms <= 2.0, 1.0),
        Cube: (np.all((box >= 0.0) & (box <= 1.0), axis=1), 1.0),
        Sphere: (np.abs(norms - 1.0) <= 0.05, 0.1 * (1.0 + 0.05**2 / 3.0)),
    }[type(source)]
    assert abs(standard_errors(inside.sum(), n, source.volume * thickness / 64.0)) < 4.0


@pytest.mark.parametrize("source", [s for s in BOUNDED if s.diameter is not None], ids=name)
def test_diameter_bounds_all_distances_and_is_nearly_reached(source):
    points = source.sample(800, np.random.default_rng(9))
    longest = pdist(points).max()
    assert 0.5 * source.diameter < longest <= source.diameter * (1.0 + 1e-12)


def test_rotation_keeps_distances_and_depends_on_its_seed():
    plain = Torus().sample(40, np.random.default_rng(1))
    turned = Torus(ambient_dim=12, rotation_seed=7).sample(40, np.random.default_rng(1))
    np.testing.assert_allclose(pdist(turned), pdist(plain), rtol=1e-12)
    other = Torus(ambient_dim=12, rotation_seed=8).sample(40, np.random.default_rng(1))
    assert not np.allclose(turned, other)
    assert np.linalg.matrix_rank(turned, tol=1e-9) == 3


def test_ambient_dim_is_filled_in_and_sources_compare_by_value():
    assert Sphere(2).ambient_dim == 3
    assert Sphere(2) == Sphere(2, ambient_dim=3)
    assert Sphere(2) != Sphere(2, radius=2.0)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Sphere(2, ambient_dim=2), "cannot hold a Sphere"),
        (lambda: Sphere(0), "dim = 0"),
        (lambda: Ball(2, radius=-1.0), "radius = -1"),
        (lambda: Cube(2, side=0.0), "side = 0"),
        (lambda: FlatTorus(0), "dim = 0"),
        (lambda: GaussianSubspace(3, scale=(1.0, 2.0)), "scale has 2 entries"),
        (lambda: GaussianSubspace(1, scale=0.0), "scale = 0"),
        (lambda: Parallelotope(()), "at least one edge"),
        (lambda: Parallelotope(((1.0, 0.0), (2.0, 0.0))), "linearly dependent"),
        (lambda: Parallelotope(((1.0, 0.0),), corner=(1.0,)), "corner has 1"),
        (lambda: Parallelotope(((math.nan, 0.0),)), "not finite"),
        (lambda: Torus(1.0, 2.0), "reaches the axis"),
        (lambda: Helix(turns=0.0), "turns = 0"),
        (lambda: SwissRoll(3.0, 2.0), "not above first_angle"),
        (lambda: SCurve(-1.0), "height = -1"),
        (lambda: MoebiusBand(1, half_width=1.5), "reaches the axis"),
        (lambda: Sphere(2).sample(0, np.random.default_rng()), "n_points = 0"),
        (lambda: Sphere(2).coincidence_probability(-1.0), "not a distance"),
        (lambda: Sphere(2).coincidence_probability(math.nan), "not a distance"),
        (lambda: Cube(2).coincidence_probability(1.5), "exceeds the side"),
        (lambda: Cube(2).small_ball_probability(0.6), "exceeds half the side"),
        (lambda: UNEQUAL.coincidence_probability(0.5), "differs between coordinates"),
        (lambda: UNEQUAL.small_ball_probability(0.5), "differs between coordinates"),
        (lambda: FlatTorus(2).coincidence_probability(1.95), "reach of the series"),
    ],
)
def test_impossible_sources_are_refused(build, message):
    with pytest.raises(InputError, match=message):
        build()
