import numpy as np
import pytest
import torch
from scipy import stats

from jscgc_theory.mutual_information.critics import critic as critics
from jscgc_theory.mutual_information.critics.cloud_features import CloudFeatures, NormalScores
from jscgc_theory.mutual_information.critics.fold import _best_start
from jscgc_theory.mutual_information.critics.gaussian_start import GaussianStart
from tests.theory.mutual_information.critics.gaussian_scores import gaussian_pairs, log_ratio


def inputs(n_points, n_features, seed):
    generator = torch.Generator().manual_seed(seed)
    return critics.CriticInputs(
        torch.randn(n_points, 3, generator=generator),
        torch.randn(n_points, n_features, generator=generator),
    )


def make_critic(name, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return critics.CRITICS[name](4, 2, (5, 6), generator)


@pytest.mark.parametrize("name", ["separable", "concatenated"])
def test_a_critic_begins_as_its_start(name):
    x, y = inputs(6, 4, 1), inputs(5, 2, 2)
    torch.testing.assert_close(make_critic(name).crossed(x, y), x.start @ y.start.T)


@pytest.mark.parametrize("name", ["separable", "concatenated"])
def test_pairs_are_the_diagonal_of_all_crossings(name, monkeypatch):
    monkeypatch.setattr(critics, "MAX_CROSSED_PAIRS", 12)
    critic, x, y = make_critic(name), inputs(6, 4, 1), inputs(6, 2, 2)
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.add_(0.3)
    crossed = critic.crossed(x, y)
    assert not torch.allclose(crossed, x.start @ y.start.T)
    torch.testing.assert_close(critic.paired(x, y), crossed.diagonal())


def test_the_generator_alone_decides_the_first_weights():
    weights = [make_critic("separable", seed).embed_x[0].weight for seed in (0, 0, 1)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def start_of(correlations, n_pairs=4000, extra=0):
    rng = np.random.default_rng(7)
    x, y = gaussian_pairs(n_pairs, [*correlations, *[0.0] * extra], rng)
    return GaussianStart.of(x, y), x, y


def test_the_start_is_exact_for_its_own_correlations():
    start, x, y = start_of([0.8, 0.4, 0.3])
    u, v = start.to_u(x[:9]), start.to_v(y[:9])
    np.testing.assert_allclose(
        start.embed_x(x[:9]) @ start.embed_y(y[:9]).T, log_ratio(u, v, start.correlations)
    )
    np.testing.assert_array_equal(start.without.embed_x(x) @ start.without.embed_y(y[:9]).T, 0.0)


def test_noise_is_not_taken_for_correlation():
    start, _, _ = start_of([0.8], extra=20)
    assert start.correlations[0] == pytest.approx(0.8, abs=4 * 0.36 / np.sqrt(4000))
    assert np.abs(start.correlations[1:]).max() < 4 / np.sqrt(4000)
    assert (start.correlations == 0.0).sum() > 10


def test_more_columns_than_pairs_keep_a_finite_start():
    start, x, y = start_of([0.0], n_pairs=20, extra=40)
    assert np.isfinite(start.embed_x(x) @ start.embed_y(y).T).all()
    assert np.abs(start.correlations).max() < 1.0


def test_the_radius_has_to_gain_more_than_its_error():
    gaussian = np.array([1.0, 2.0, 3.0, 4.0])
    noise = np.array([1.0, -1.0, 1.0, -1.0])

    def best(gain, level=0.0):
        radius = gaussian + gain + noise
        found = {"none": np.full(4, level), "gaussian": gaussian, "gaussian_with_radius": radius}
        return _best_start(found)

    # The standard error of a mean of four is half their standard deviation, sqrt(4 / 3).
    assert best(0.55) == "gaussian"
    assert best(0.60) == "gaussian_with_radius"
    assert best(0.60, level=4.0) == "none"


def test_a_start_reads_the_columns_it_was_fitted_on():
    start, x, _y = start_of([0.8])
    wide = np.column_stack([x, np.full(len(x), 1e9)])
    np.testing.assert_array_equal(start.embed_x(wide), start.embed_x(x))


def test_equal_clouds_keep_a_finite_start():
    x = np.random.default_rng(0).standard_normal((200, 2))
    start = GaussianStart.of(x, x)
    np.testing.assert_array_equal(start.correlations, 0.9999)
    assert np.isfinite(start.embed_x(x) @ start.embed_y(x).T).all()


def test_features_are_normal_scores_whatever_the_tail():
    cloud = stats.t(1).rvs(size=(999, 2), random_state=np.random.default_rng(0))
    features = CloudFeatures.of(cloud)(cloud)
    expected = stats.norm.ppf((np.arange(999) + 0.5) / 999)
    for column in features.T:
        np.testing.assert_allclose(np.sort(column), expected, atol=1e-12)


def test_normal_scores_share_ties_interpolate_and_end_flat():
    scores = NormalScores.of(np.array([3.0, 1.0, 3.0, 5.0]))
    low, tied, high = stats.norm.ppf([1 / 8, 4 / 8, 7 / 8])
    found = scores(np.array([-9.0, 1.0, 2.0, 3.0, 5.0, 9.0]))
    np.testing.assert_allclose(found, [low, low, (low + tied) / 2, tied, high, high])


def test_extended_columns_are_the_radius_and_its_products():
    cloud = np.random.default_rng(0).standard_normal((501, 2))
    found = CloudFeatures.of(cloud)(cloud)
    standard = (cloud - np.median(cloud, axis=0)) / stats.iqr(cloud, axis=0)
    log_radius = 0.5 * np.log(np.mean(standard**2, axis=1) + 1e-3)
    raw = np.column_stack([cloud, log_radius, log_radius[:, None] * standard])
    np.testing.assert_array_equal(np.argsort(found, axis=0), np.argsort(raw, axis=0))


def test_features_do_not_see_units():
    cloud = np.random.default_rng(0).standard_normal((300, 2))
    moved = cloud * [1e6, 1e-6] + [1e3, -5.0]
    np.testing.assert_allclose(
        CloudFeatures.of(moved)(moved), CloudFeatures.of(cloud)(cloud), atol=1e-6
    )


def test_constant_and_two_valued_columns_are_finite():
    rng = np.random.default_rng(0)
    cloud = np.column_stack([np.ones(200), rng.integers(0, 2, 200), rng.random(200) < 0.01])
    assert np.isfinite(CloudFeatures.of(cloud.astype(float))(cloud.astype(float))).all()


def test_an_absurd_outlier_stays_finite():
    cloud = np.random.default_rng(0).standard_normal((300, 2))
    cloud[0, 0] = 1e300
    assert np.isfinite(CloudFeatures.of(cloud)(cloud)).all()
