"""Each estimator against an independent computation of what its docstring says it is."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import cdist, pdist

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension import (
    CorrectedLikelihood,
    CorrelationDimension,
    Gride,
    LocalPCA,
    MaximumLikelihood,
    Sample,
    TwoNN,
    local_dimensions,
)
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.strategies import point_clouds


def sphere(dim, n_points, seed):
    points = np.random.default_rng(seed).standard_normal((n_points, dim + 1))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def flat_torus(dim, n_points, seed):
    """A flat torus in R^(2 dim): no boundary, the least curvature that a closed surface has."""
    angles = 2.0 * np.pi * np.random.default_rng(seed).random((n_points, dim))
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def periodic_distances(dim, n_points, seed):
    """Distances on the torus R^dim / Z^dim: exactly flat within half a period, no boundary."""
    points = np.random.default_rng(seed).random((n_points, dim))
    difference = np.abs(points[:, None, :] - points[None, :, :])
    return np.linalg.norm(np.minimum(difference, 1.0 - difference), axis=2)


def neighbour_distances(points):
    distances = cdist(points, points)
    np.fill_diagonal(distances, np.inf)
    return np.sort(distances, axis=1)


def maximiser(log_likelihood):
    """Where a log-likelihood of d is largest, found in ln d."""
    found = minimize_scalar(
        lambda log_d: -log_likelihood(np.exp(log_d)), bounds=(-4.0, 6.0), options={"xatol": 1e-10}
    )
    return float(np.exp(found.x))


@given(points=point_clouds(min_points=20), discard=st.sampled_from([0.0, 0.1, 0.5]))
def test_two_nn_maximises_the_censored_likelihood(points, discard):
    distances = neighbour_distances(points)
    logs = np.sort(np.log(distances[:, 1] / distances[:, 0]))
    n_kept = round((1.0 - discard) * len(logs))
    kept, last = logs[:n_kept], logs[n_kept - 1]

    def log_likelihood(d):
        exponential = stats.expon(scale=1.0 / d)
        return exponential.logpdf(kept).sum() + (len(logs) - n_kept) * exponential.logsf(last)

    # Type-II censoring makes n_kept / exposure biased by n_kept / (n_kept - 1), which is removed.
    expected = maximiser(log_likelihood) * (n_kept - 1) / n_kept
    found = TwoNN(discard_fraction=discard).fit(points)
    assert found.dimension_ == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("k", [3, 5, 15])
@given(points=point_clouds(min_points=20))
def test_maximum_likelihood_is_the_mean_of_inverses(k, points):
    distances = neighbour_distances(points)[:, :k]
    inverses = np.log(distances[:, -1:] / distances[:, :-1]).mean(axis=1)
    found = MaximumLikelihood(n_neighbours=k).fit(points)
    assert found.dimension_ == pytest.approx(1.0 / inverses.mean(), rel=1e-9)


def test_maximum_likelihood_averages_scikit_dimensions_pointwise_values():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skdim.id import MLE

        pointwise = MLE().fit(sphere(3, 400, 0), n_neighbors=20).dimension_pw_
    ours = MaximumLikelihood(n_neighbours=20).fit(sphere(3, 400, 0)).dimension_
    assert ours == pytest.approx(stats.hmean(pointwise), rel=1e-9)


@pytest.mark.parametrize("near", [1, 2, 7])
@given(points=point_clouds(min_points=20))
def test_gride_maximises_the_beta_likelihood(near, points):
    distances = neighbour_distances(points)
    logs = np.log(distances[:, 2 * near - 1] / distances[:, near - 1])

    def log_likelihood(d):
        # mu^-d is Beta(n, n); the change of variables adds ln d - d ln mu up to a constant.
        law = stats.beta(near, near).logpdf(np.exp(-d * logs))
        return float(np.sum(law + np.log(d) - d * logs))

    found = Gride(n_neighbours=near).fit(points)
    assert found.dimension_ == pytest.approx(maximiser(log_likelihood), rel=1e-4)


def test_gride_at_rank_one_is_two_nn_without_censoring():
    points = sphere(2, 500, 1)
    two_nn = TwoNN(discard_fraction=0.0).fit(points)
    gride = Gride(n_neighbours=1).fit(points)
    assert gride.dimension_ == pytest.approx(two_nn.dimension_ * 500 / 499, rel=1e-6)


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_local_pca_counts_the_directions_of_a_subspace_exactly(dim):
    rng = np.random.default_rng(dim)
    points = rng.standard_normal((600, dim)) @ rng.standard_normal((dim, 9)) + 3.0
    found = LocalPCA(threshold=0.001).fit(points)
    assert found.dimension_ == pytest.approx(dim, abs=1e-12)


def test_local_pca_against_plain_eigenvalues():
    points = sphere(3, 300, 2)
    order = np.argsort(cdist(points, points), axis=1)[:, 1:31]
    counts = []
    for row in order:
        eigenvalues = np.linalg.eigvalsh(np.cov(points[row].T))
        counts.append(np.sum(eigenvalues > 0.1 * eigenvalues[-1]))
    found = LocalPCA(n_neighbours=30, threshold=0.1).fit(points)
    assert found.dimension_ == pytest.approx(np.mean(counts), abs=1e-9)


def test_correlation_dimension_against_its_formula():
    points = sphere(2, 400, 3)
    closest = np.sort(pdist(points))[:400]
    found = CorrelationDimension().fit(points)
    expected = -1.0 / np.log(closest[:-1] / closest[-1]).mean()
    assert found.dimension_ == pytest.approx(expected, rel=1e-9)
    assert found.estimate_.details["radius"] == pytest.approx(closest[-1])


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_correlation_dimension_of_a_torus(dim):
    estimate = CorrelationDimension().fit(flat_torus(dim, 2000, dim)).estimate_
    assert_within_standard_errors(estimate, dim)


@pytest.mark.parametrize("dim", [1, 2, 4])
@pytest.mark.parametrize(
    "estimator", [TwoNN(), Gride(), Gride(n_neighbours=1), MaximumLikelihood(n_neighbours=8)]
)
def test_ratio_estimators_on_an_exactly_flat_closed_space(estimator, dim):
    matrix = periodic_distances(dim, 1200, dim)
    assert_within_standard_errors(estimator.fit_distances(matrix).estimate_, dim)


@pytest.mark.slow
@pytest.mark.parametrize("dim", [2, 5])
@pytest.mark.parametrize(
    "estimator",
    [TwoNN(), Gride(), MaximumLikelihood(n_neighbours=10), CorrectedLikelihood(n_neighbours=20)],
)
def test_stated_errors_are_the_spread_and_the_mean_is_true(estimator, dim):
    found = [
        estimator.fit_distances(periodic_distances(dim, 600, seed)).estimate_
        for seed in range(100)
    ]
    values = np.array([estimate.value for estimate in found])
    errors = np.array([estimate.standard_error for estimate in found])
    # The spread of 100 draws is known to 7 %.
    assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.25)
    # At d = 5 neighbourhoods reach a notable share of the period.
    assert abs(values.mean() - dim) < 4.0 * values.std(ddof=1) / 10.0 + 0.01 * dim


def test_local_dimensions_are_unbiased_on_a_flat_cloud():
    rng = np.random.default_rng(4)
    points = rng.random((6000, 2))
    inner = (np.abs(points - 0.5) < 0.35).all(axis=1)
    found = local_dimensions(points, n_neighbours=20)
    # Neighbourhoods of 20 overlap: every 40th inner point is nearly independent.
    values = found.intrinsic_dim[inner][::40]
    assert_within_standard_errors(sample_mean_and_error(values), 2.0)
    assert values.std() == pytest.approx(2.0 / np.sqrt(17.0), rel=0.3)
    np.testing.assert_allclose(found.standard_error, found.intrinsic_dim / np.sqrt(17.0))


def test_local_dimensions_against_their_formula():
    points = sphere(2, 50, 5)
    distances = neighbour_distances(points)[:, :10]
    expected = 8.0 / np.log(distances[:, -1:] / distances[:, :-1]).sum(axis=1)
    found = local_dimensions(points, n_neighbours=10)
    np.testing.assert_allclose(found.intrinsic_dim, expected, rtol=1e-9)


def test_local_dimensions_tell_a_line_from_a_plane():
    rng = np.random.default_rng(6)
    line = np.concatenate([rng.random((500, 1)), np.zeros((500, 1))], axis=1)
    plane = rng.random((500, 2)) + np.array([0.0, 5.0])
    found = local_dimensions(np.concatenate([line, plane, line[:20]]), n_neighbours=30)
    assert found.n_duplicates == 20
    assert np.median(found.intrinsic_dim[:500]) == pytest.approx(1.0, abs=0.15)
    assert np.median(found.intrinsic_dim[500:]) == pytest.approx(2.0, abs=0.2)


def test_local_dimensions_take_fewer_neighbours_from_few_points():
    found = local_dimensions(sphere(2, 9, 7), n_neighbours=50)
    assert found.n_neighbours == 8
    assert np.isfinite(found.intrinsic_dim).all()


class TestCorrectedLikelihood:
    def test_removes_the_bias_of_curvature(self):
        """S^5 at N = 1000: plain likelihood reads low by many of its errors, the corrected not."""
        plain, corrected = [], []
        for seed in range(12):
            sample = Sample.from_points(sphere(5, 1000, seed), 20)
            plain.append(MaximumLikelihood().estimate(sample).value)
            corrected.append(CorrectedLikelihood().estimate(sample).value)
        mean, error = sample_mean_and_error(plain)
        assert mean < 5.0 - 8.0 * error
        assert_within_standard_errors(sample_mean_and_error(corrected), 5.0, k=4.0)

    def test_leaves_a_flat_closed_space_alone(self):
        matrix = periodic_distances(3, 1500, 0)
        found = CorrectedLikelihood().fit_distances(matrix).estimate_
        assert_within_standard_errors(found, 3.0)
        assert abs(found.details["curvature"]) < 0.2

    def test_trims_the_boundary_of_a_cube(self):
        plain, corrected = [], []
        for seed in range(6):
            sample = Sample.from_points(np.random.default_rng(seed).random((2000, 3)), 20)
            plain.append(MaximumLikelihood().estimate(sample).value)
            estimate = CorrectedLikelihood().estimate(sample)
            corrected.append(estimate.value)
            assert estimate.n_points_used < 2000
            assert estimate.details["one_sided_share"] > 0.15
        assert np.mean(plain) < 2.9
        mean, error = sample_mean_and_error(corrected)
        assert abs(mean - 3.0) < 0.05 + 4.0 * error

    def test_closed_surface_is_hardly_one_sided(self):
        found = CorrectedLikelihood().fit(flat_torus(2, 2000, 0)).estimate_
        assert found.details["one_sided_share"] == pytest.approx(0.05, abs=0.03)

    def test_boundary_everywhere_is_said(self):
        points = np.random.default_rng(1).random((400, 6))
        codes = {n.code for n in CorrectedLikelihood().fit(points).estimate_.notices}
        assert "boundary_at_scale" in codes

    def test_boundary_is_not_overlooked_at_the_smaller_scale(self):
        """Ten directions show a cube's faces less often than twenty; they are no farther away."""
        at_smaller_scale = 0
        for seed in range(8):
            points = np.random.default_rng(seed).random((1000, 5))
            estimate = CorrectedLikelihood().fit(points).estimate_
            assert "boundary_at_scale" in {notice.code for notice in estimate.notices}
            at_smaller_scale += estimate.details["n_neighbours"] == 10
        assert at_smaller_scale >= 3

    def test_boundary_in_the_pairs_is_said(self):
        points = np.random.default_rng(1).random((1000, 3))
        (notice,) = CorrectedLikelihood().fit(points).estimate_.notices
        assert notice.code == "boundary_in_pairs"
        assert CorrectedLikelihood().fit(flat_torus(2, 1000, 1)).estimate_.notices == ()

    def test_no_law_is_refused_with_another_way(self):
        points = np.random.default_rng(2).standard_normal((5, 10))
        with pytest.raises(InputError, match="no radial law fits the distances"):
            CorrectedLikelihood().fit(points)


class TestRefusals:
    def test_two_nn_discards_less_than_all(self):
        with pytest.raises(InputError, match=r"discard_fraction = 1 is outside \[0, 1\)"):
            TwoNN(discard_fraction=1.0).fit(sphere(2, 30, 0))

    def test_two_nn_on_a_lattice(self):
        axis = np.arange(8.0)
        lattice = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        with pytest.raises(InputError, match="equally far"):
            TwoNN().fit(lattice)

    @pytest.mark.parametrize("estimator", [MaximumLikelihood(), Gride(), CorrelationDimension()])
    def test_simplex(self, estimator):
        with pytest.raises(InputError, match="equally far"):
            estimator.fit(np.eye(30))

    def test_gride_beyond_the_last_neighbour(self):
        with pytest.raises(InputError, match="reads neighbour 40, but only 29 exist"):
            Gride(n_neighbours=20).fit(sphere(2, 30, 0))

    @pytest.mark.parametrize("estimator", [LocalPCA(), CorrelationDimension()])
    def test_methods_that_need_coordinates(self, estimator):
        points = sphere(2, 30, 0)
        with pytest.raises(InputError, match="needs coordinates, but only distances were given"):
            estimator.fit_distances(cdist(points, points))

    @pytest.mark.parametrize("threshold", [0.0, 1.0])
    def test_local_pca_threshold(self, threshold):
        with pytest.raises(InputError, match="threshold"):
            LocalPCA(threshold=threshold).fit(sphere(2, 30, 0))

    @pytest.mark.parametrize(
        "estimator",
        [
            MaximumLikelihood(n_neighbours=2),
            CorrectedLikelihood(n_neighbours=3),
            Gride(n_neighbours=0),
            LocalPCA(n_neighbours=1),
            CorrelationDimension(pairs_per_point=0),
        ],
    )
    def test_least_settings(self, estimator):
        with pytest.raises(InputError, match="too small"):
            estimator.fit(sphere(2, 30, 0))

    def test_local_dimensions_of_few_neighbours(self):
        with pytest.raises(InputError, match="n_neighbours = 4 is too small"):
            local_dimensions(sphere(2, 30, 0), n_neighbours=4)

    def test_coinciding_points_in_a_distance_matrix(self):
        points = np.repeat(sphere(2, 10, 0), 2, axis=0)
        with pytest.raises(InputError, match="row 0 of distances repeats another point"):
            MaximumLikelihood().fit_distances(cdist(points, points))
