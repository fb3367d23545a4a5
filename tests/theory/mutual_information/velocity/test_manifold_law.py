"""d, h_d and C from exact unconditional fields."""

import math

import numpy as np
import pytest
from scipy.special import gammaln

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity import ManifoldLaw, manifold_law
from jscgc_theory.sources import FlatTorus, GaussianSubspace, Sphere
from jscgc_theory.sources.exact_velocity import ExactVelocity
from tests.statistics import assert_coverage


def log_sphere(dim):
    return math.log(2.0) + 0.5 * (dim + 1) * math.log(math.pi) - gammaln(0.5 * (dim + 1))


def log_ball(dim):
    return 0.5 * dim * math.log(math.pi) - gammaln(0.5 * dim + 1.0)


CASES = [
    (Sphere(1), math.log(2.0 * math.pi)),
    (Sphere(2), log_sphere(2)),
    (Sphere(4), log_sphere(4)),
    (FlatTorus(2), 2.0 * math.log(2.0 * math.pi)),
    (
        GaussianSubspace(3, (1.0, 2.0, 0.5), ambient_dim=6),
        1.5 * math.log(2.0 * math.pi * math.e),
    ),
]
each_case = pytest.mark.parametrize(
    ("source", "entropy_nats"), CASES, ids=[f"{type(s).__name__}-{s.dim}" for s, _ in CASES]
)


def law_of(source, n_points=2000, seed=0, **kwargs):
    rng = np.random.default_rng(seed)
    x = source.sample(n_points, rng)
    return manifold_law(ExactVelocity(source), x, rng=rng, **kwargs)


@each_case
def test_exact_fields(source, entropy_nats):
    found = law_of(source, n_points=8000, n_draws=32)
    assert found.intrinsic_dim.value == pytest.approx(source.dim, rel=0.01)
    assert found.differential_entropy_nats.value == pytest.approx(entropy_nats, abs=0.1)
    assert found.notices == ()
    held = law_of(source, n_points=1000, intrinsic_dim=source.dim)
    assert held.differential_entropy_nats.value == pytest.approx(entropy_nats, abs=0.1)
    by_hand = held.differential_entropy_nats.value - log_ball(source.dim)
    assert held.log_constant.value == pytest.approx(by_hand, rel=1e-12)


def test_the_record_survives_json():
    found = law_of(Sphere(1), n_points=50, n_draws=4)
    assert ManifoldLaw.from_json(found.to_json()) == found


def test_the_unit_of_length_moves_the_entropy_by_d_log_scale():
    small, large = (law_of(Sphere(2, radius), 1000, intrinsic_dim=2.0) for radius in (1.0, 100.0))
    moved = large.differential_entropy_nats.value - small.differential_entropy_nats.value
    assert moved == pytest.approx(2.0 * math.log(100.0), abs=0.1)


def test_ambient_noise_is_not_counted():
    # Two directions of unit variance and one of 1e-4: a plane seen in ambient noise.
    source = GaussianSubspace(3, (1.0, 1.0, 1e-4))
    found = law_of(source, t_range=(1e-6, 0.9999))
    assert found.intrinsic_dim.value == pytest.approx(2.0, rel=0.01)
    assert found.plateau_t_range[0] > 3e-4


def test_where_nothing_is_flat_it_says_so():
    found = law_of(Sphere(4), t_range=(0.3, 0.99))
    assert "no_plateau" in {notice.code for notice in found.notices}


def test_errors_of_d_and_log_constant_are_joint():
    # Over seeds the errors scatter as one record says they do.
    laws = [law_of(Sphere(2), n_points=200, seed=seed, n_draws=8, t_range=(0.005, 0.95))
            for seed in range(24)]  # fmt: skip
    values = np.array([[law.intrinsic_dim.value, law.log_constant.value] for law in laws])
    scatter = np.cov(values.T)
    said = np.mean([law.covariance_dim_log_constant for law in laws])
    dim_error = np.mean([law.intrinsic_dim.standard_error for law in laws])
    assert dim_error == pytest.approx(math.sqrt(scatter[0, 0]), rel=0.4)
    assert said / dim_error**2 == pytest.approx(scatter[0, 1] / scatter[0, 0], rel=0.4)


def test_bad_input_is_refused():
    field = ExactVelocity(Sphere(1))
    x = Sphere(1).sample(50, np.random.default_rng(0))
    with pytest.raises(InputError, match="intrinsic_dim = 0 is not positive"):
        manifold_law(field, x, intrinsic_dim=0.0)
    with pytest.raises(InputError, match="power of two"):
        manifold_law(field, x, n_draws=3)
    with pytest.raises(InputError, match="x holds nan"):
        manifold_law(field, np.full((50, 2), np.nan))
    with pytest.raises(InputError, match="returned shape"):
        manifold_law(lambda x_t, t, y_hat: x_t[:, :1], x)


@pytest.mark.slow
@each_case
def test_intervals_cover(source, entropy_nats):
    hits = {"d": 0, "h": 0, "h, d held": 0}
    n_notices = 0
    for seed in range(100):
        free = law_of(source, n_points=1000, seed=seed, n_draws=32)
        held = law_of(source, n_points=1000, seed=seed, n_draws=32, intrinsic_dim=source.dim)
        hits["d"] += free.intrinsic_dim.covers(source.dim)
        hits["h"] += free.differential_entropy_nats.covers(entropy_nats)
        hits["h, d held"] += held.differential_entropy_nats.covers(entropy_nats)
        n_notices += len(free.notices)
    for count in hits.values():
        assert_coverage(count, 100, low=0.90, high=1.0)
