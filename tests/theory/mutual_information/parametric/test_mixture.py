import numpy as np
import pytest
from scipy import special, stats

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric import MixtureMI
from jscgc_theory.mutual_information.parametric.mixture_model import Mixture
from jscgc_theory.units import nats_to_bits
from tests.statistics import assert_follows_law, assert_within_standard_errors
from tests.theory.mutual_information.parametric import pairs

WEIGHTS = np.array([0.3, 0.7])
MEANS = np.array([[-1.0, 2.0, 0.0], [1.0, 0.0, 1.0]])
COVARIANCES = np.array([
    [[1.0, 0.6, 0.0], [0.6, 1.0, 0.2], [0.0, 0.2, 0.5]],
    [[0.5, -0.3, 0.1], [-0.3, 1.0, 0.0], [0.1, 0.0, 2.0]],
])  # fmt: skip


def drawn(n, rng):
    which = rng.choice(2, n, p=WEIGHTS)
    factors = np.linalg.cholesky(COVARIANCES)
    return MEANS[which] + np.einsum("nij,nj->ni", factors[which], rng.standard_normal((n, 3)))


def log_density(points, columns):
    laws = [
        stats.multivariate_normal(mean[columns], covariance[np.ix_(columns, columns)])
        for mean, covariance in zip(MEANS, COVARIANCES, strict=True)
    ]
    terms = [
        np.log(w) + law.logpdf(points[:, columns]) for w, law in zip(WEIGHTS, laws, strict=True)
    ]
    return special.logsumexp(terms, axis=0)


def test_the_running_densities_are_those_of_the_marginal_laws():
    points = drawn(50, np.random.default_rng(0))
    mixture = Mixture.of(WEIGHTS, MEANS, COVARIANCES)
    running = special.logsumexp(mixture.running_log_densities(mixture.innovations(points)), axis=0)
    np.testing.assert_allclose(running[:, 0], 0.0, atol=1e-12)
    for k in (1, 2, 3):
        np.testing.assert_allclose(running[:, k], log_density(points, list(range(k))), atol=1e-12)


def test_points_of_the_mixture_become_standard_normal():
    points = drawn(4000, np.random.default_rng(1))
    normal = Mixture.of(WEIGHTS, MEANS, COVARIANCES).normal_coordinates(points)
    for column in normal.T:
        assert_follows_law(column, stats.norm.cdf)
    assert np.abs(np.corrcoef(normal, rowvar=False) - np.eye(3)).max() < 4 / np.sqrt(4000)


def test_the_answer_for_two_clusters_lies_within_its_error():
    rng = np.random.default_rng(2)
    points = drawn(3000, rng)
    many = drawn(200_000, rng)
    ratio = log_density(many, [0, 1, 2]) - log_density(many, [0]) - log_density(many, [1, 2])
    found = MixtureMI(max_components=4).fit(points[:, :1], points[:, 1:]).estimate_
    truth = nats_to_bits(float(ratio.mean()))
    assert_within_standard_errors(found, truth)
    assert found.details["n_components"] >= 2


def test_the_log_ratio_of_cross_pairs():
    points = drawn(300, np.random.default_rng(3))
    sample = PairedSample(points[:, :1], points[:, 1:])
    model = MixtureMI(max_components=2).fit_model(sample)
    table = model.all_pairs_log_ratio_nats(sample)
    np.testing.assert_allclose(np.diagonal(table), model.log_ratio_nats(sample), atol=1e-8)
    crossed = PairedSample(points[[3], :1], points[[8], 1:])
    assert table[3, 8] == pytest.approx(model.log_ratio_nats(crossed)[0], abs=1e-8)


def test_sharp_edges_are_noticed():
    x, y, truth = pairs.uniform_noise_pairs(4000, 0.5, np.random.default_rng(4))
    found = MixtureMI(max_components=2).fit(x, y).estimate_
    assert abs(found.value - nats_to_bits(truth)) > 0.05
    assert [notice.code for notice in found.notices] == ["not_a_mixture"]


def test_the_same_seed_gives_the_same_answer():
    x, y, _ = pairs.gaussian_pairs(300, [0.5], np.random.default_rng(5))
    fits = [MixtureMI(rng=7, max_components=4).fit(x, y).mi_bits_ for _ in range(2)]
    assert fits[0] == fits[1]


def test_too_few_pairs_for_a_component_are_refused():
    rng = np.random.default_rng(6)
    with pytest.raises(InputError, match="too few for a mixture"):
        MixtureMI().fit(rng.standard_normal((40, 20)), rng.standard_normal((40, 20)))


@pytest.mark.parametrize("settings", [{"max_components": 0}, {"n_folds": 1}])
def test_settings_out_of_range_are_refused(settings):
    x, y, _ = pairs.gaussian_pairs(100, [0.5], np.random.default_rng(7))
    with pytest.raises(InputError, match=next(iter(settings))):
        MixtureMI(**settings).fit(x, y)
