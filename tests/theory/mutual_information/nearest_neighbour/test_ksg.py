"""KSG against closed forms and theorems, and what it says where it cannot be believed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma, gammaln
from scipy.stats import ortho_group

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.nearest_neighbour import KSG
from jscgc_theory.mutual_information.nearest_neighbour.block_error import block_standard_error
from jscgc_theory.mutual_information.nearest_neighbour.ksg_notices import bias_notice
from jscgc_theory.mutual_information.nearest_neighbour.marginal_scores import (
    normal_scores,
    tied_share,
)
from jscgc_theory.mutual_information.nearest_neighbour.non_uniformity import (
    log_volume_ratio,
    non_uniformity_bits,
)
from jscgc_theory.mutual_information.nearest_neighbour.smoothing_trend import SmoothingTrend
from jscgc_theory.mutual_information.paired_sample import PairedSample
from tests.statistics import assert_within_standard_errors, sample_mean_and_error


def gaussian(n, dim, rho, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, dim))
    return x, rho * x + np.sqrt(1.0 - rho**2) * rng.standard_normal((n, dim))


def gaussian_bits(dim, rho):
    return float(-0.5 * dim * np.log2(1.0 - rho**2))


def codes(estimate):
    return {notice.code for notice in estimate.notices}


class TestClosedForms:
    @pytest.mark.parametrize(("dim", "rho"), [(1, 0.0), (1, 0.6), (1, 0.9), (2, 0.0)])
    def test_gaussian(self, dim, rho):
        found = KSG().fit(*gaussian(3000, dim, rho, 0)).estimate_
        assert_within_standard_errors(found, gaussian_bits(dim, rho), k=3.0)
        assert found.covers(gaussian_bits(dim, rho))
        assert not found.notices

    def test_uniform_noise(self):
        rng = np.random.default_rng(4)
        x = rng.random(4000)
        found = KSG().fit(x, x + rng.uniform(-0.1, 0.1, 4000)).estimate_
        assert_within_standard_errors(found, (0.1 - np.log(0.2)) / np.log(2.0), k=3.0)

    def test_the_correction_lowers_the_error_where_neighbourhoods_are_wide(self):
        found = KSG().fit(*gaussian(2000, 3, 0.8, 1)).estimate_
        truth = gaussian_bits(3, 0.8)
        assert found.details["ksg_bits"] < truth - 0.1
        assert abs(found.value - truth) < 0.5 * abs(found.details["ksg_bits"] - truth)


class TestTheorems:
    @pytest.mark.parametrize("algorithm", [1, 2])
    @pytest.mark.parametrize("dims", [(1, 1), (2, 3)])
    def test_exchange_and_order_change_nothing(self, dims, algorithm):
        rng = np.random.default_rng(20)
        x, y = rng.standard_normal((300, dims[0])), rng.standard_normal((300, dims[1]))
        y[:, 0] += x[:, 0]
        estimator = KSG(algorithm=algorithm, marginals="raw")
        order = rng.permutation(300)
        value = estimator.fit(x, y).mi_bits_
        assert estimator.fit(y, x).mi_bits_ == value
        assert estimator.fit(x[order], y[order]).mi_bits_ == value

    def test_increasing_maps_change_nothing(self):
        x, y = gaussian(300, 2, 0.6, 21)
        value = KSG().fit(x, y).mi_bits_
        assert KSG().fit(np.exp(x), y**3).mi_bits_ == value
        assert KSG().fit(y, x).mi_bits_ == value

    def test_rotation_changes_little(self):
        x, y = gaussian(3000, 2, 0.7, 5)
        turned = x @ ortho_group.rvs(2, random_state=np.random.default_rng(1))
        first, second = KSG().fit(x, y).estimate_, KSG().fit(turned, y).estimate_
        difference = first.value - second.value
        assert abs(difference) < 3.0 * first.details["sampling_error_bits"]

    def test_processing_loses_information(self):
        rng = np.random.default_rng(100)
        x, y = gaussian(3000, 1, 0.9, 6)
        worse = y + 0.7 * rng.standard_normal(y.shape)
        direct, processed = KSG().fit(x, y).estimate_, KSG().fit(x, worse).estimate_
        error = np.hypot(direct.standard_error, processed.standard_error)
        assert direct.value - processed.value > 3.0 * error
        correlation = 0.9 / np.sqrt(1.49)
        assert_within_standard_errors(processed, gaussian_bits(1, correlation), k=3.0)

    def test_independent_pairs_add(self):
        x, y = gaussian(3000, 2, 0.6, 7)
        both = KSG().fit(x, y).estimate_
        parts = [KSG().fit(x[:, i], y[:, i]).estimate_ for i in range(2)]
        error = np.sqrt(sum(one.standard_error**2 for one in (both, *parts)))
        assert abs(both.value - sum(one.value for one in parts)) < 3.0 * error

    def test_scales_do_not_matter(self):
        x, y = gaussian(800, 2, 0.6, 8)
        scaled = KSG().fit(x * [1.0, 1e3], y * [1e-6, 1.0]).mi_bits_
        assert scaled == KSG().fit(x, y).mi_bits_
        standardised = KSG(marginals="standardised")
        scaled = standardised.fit(x * [1.0, 1e3], y * [1e-6, 1.0]).mi_bits_
        assert scaled == pytest.approx(standardised.fit(x, y).mi_bits_, abs=0.01)


class TestTies:
    def test_rounding_leaves_what_the_rounded_values_share(self):
        """Cells of 0.1: the information lost is far below the error, and ties cost nothing."""
        x, y = gaussian(3000, 1, 0.8, 22)
        found = KSG().fit(np.round(x, 1), np.round(y, 3)).estimate_
        assert found.details["tied_share"] > 0.9
        assert_within_standard_errors(found, gaussian_bits(1, 0.8), k=3.0)
        assert not codes(found) & {"tied_values", "discrete_values"}

    def test_a_binary_input_shares_what_it_should(self):
        """X fair bit, Y = X + U(0, 1): X is a function of Y, one bit."""
        rng = np.random.default_rng(10)
        x = rng.integers(0, 2, 3000).astype(float)
        found = KSG().fit(x, x + rng.random(3000)).estimate_
        assert_within_standard_errors(found, 1.0, k=3.0)

    def test_ties_are_named_where_columns_are_not_ranked(self):
        x, y = gaussian(500, 1, 0.8, 9)
        found = KSG(marginals="raw").fit(np.round(x, 1), y).estimate_
        assert "tied_values" in codes(found)
        assert found.interval is None
        assert "tied_values" not in codes(KSG(marginals="raw").fit(x, y).estimate_)

    def test_a_table_is_named(self):
        rng = np.random.default_rng(11)
        x = rng.integers(0, 20, 2000)
        y = (x + rng.integers(0, 5, 2000)) % 20
        found = KSG(n_neighbours=2).fit(x, y).estimate_
        assert "discrete_values" in codes(found)
        assert found.interval is None

    def test_repeated_rows_of_continuous_values_are_no_table(self):
        x, y = gaussian(400, 1, 0.5, 12)
        found = KSG().fit(np.repeat(x, 2, axis=0), np.repeat(y, 2, axis=0)).estimate_
        assert found.details["tied_share"] == 0.0
        assert "discrete_values" not in codes(found)

    def test_a_constant_column_is_left_out(self):
        x, y = gaussian(400, 1, 0.5, 13)
        padded = np.hstack([x, np.full_like(x, 7.0)])
        for marginals in ("normal", "standardised"):
            estimator = KSG(marginals=marginals)
            assert estimator.fit(padded, y).mi_bits_ == estimator.fit(x, y).mi_bits_

    def test_normal_scores_keep_order_and_break_ties_at_random(self):
        column = np.array([[3.0], [1.0], [3.0], [2.0], [3.0]])
        draws = [normal_scores(column, np.random.default_rng(seed))[:, 0] for seed in range(30)]
        for scores in draws:
            assert scores[1] < scores[3] < min(scores[[0, 2, 4]])
            np.testing.assert_allclose(np.sort(scores), -np.sort(scores)[::-1], atol=1e-12)
        assert len({int(np.argmax(scores)) for scores in draws}) == 3
        assert tied_share(column) == pytest.approx(0.6)


class TestBias:
    @pytest.mark.parametrize(
        ("dim", "rho", "n"), [(5, 0.6, 1500), (5, 0.9, 1500), (3, 0.9, 1500), (10, 0.7, 1500)]
    )
    def test_strong_dependence_in_many_columns_is_not_silent(self, dim, rho, n):
        found = KSG().fit(*gaussian(n, dim, rho, 14)).estimate_
        assert "ksg_biased" in codes(found)
        assert found.interval is None
        (message,) = (one.message for one in found.notices if one.code == "ksg_biased")
        assert "read low" in message

    def test_more_bits_than_pairs_can_show(self):
        """Y = X: every scale reads psi(N) - psi(k), which grows as the scale shrinks."""
        x = np.random.default_rng(15).standard_normal(1000)
        found = KSG().fit(x, x).estimate_
        assert "ksg_biased" in codes(found)

    def test_a_rise_not_beyond_noise_is_no_bias(self):
        noise = SmoothingTrend(0.3, 0.03, 0.02, 0.0, 2)
        assert noise.doubt_bits == pytest.approx((3.0 - 0.5) * np.hypot(0.03, 0.02))
        assert noise.certain_doubt_bits == pytest.approx(0.5 * 0.05)
        rise = SmoothingTrend(0.3, 0.03, 0.01, 0.0, 2)
        assert rise.certain_doubt_bits == pytest.approx((2.0 - 0.5) * 0.03 + 0.5 * 0.01)

    @given(decay=st.floats(0.25, 0.5), rise=st.floats(0.01, 3.0), dim=st.integers(1, 4))
    def test_a_power_law_is_read_to_its_end(self, decay, rise, dim):
        """I_k = I - c k^a: the doubt reaches from the value to I."""
        at = lambda factor: -rise * factor**decay
        trend = SmoothingTrend(at(1), at(1) - at(4), 0.0, at(4) - at(8), dim)
        assert trend.value_bits + trend.doubt_bits == pytest.approx(
            min(0.0, at(1) + 3.0 * trend.rise_bits), abs=1e-9
        )

    def test_a_fall_is_followed_down(self):
        trend = SmoothingTrend(1.0, -0.3, 0.01, 0.0, 2)
        assert trend.value_bits == pytest.approx(0.85)
        assert trend.certain_doubt_bits == pytest.approx(0.15 + 0.005)
        notice = bias_notice(trend)
        assert notice is not None
        assert "read high" in notice.message


class TestNonUniformity:
    def test_thin_neighbourhoods_are_seen(self):
        """Y = X + small noise: neighbours lie on a line, and the correction finds the rest."""
        rng = np.random.default_rng(16)
        x = rng.standard_normal((1000, 1))
        y = x + 1e-3 * rng.standard_normal((1000, 1))
        truth = 0.5 * np.log2(1.0 + 1e6)
        plain = KSG(marginals="raw").fit(x, y).estimate_
        found = KSG(marginals="raw", non_uniformity_correction=True).fit(x, y).estimate_
        assert plain.details["ksg_bits"] < truth - 1.5
        assert abs(found.value - truth) < 0.6 * abs(plain.value - truth)
        assert found.interval is None
        assert "no_interval" in codes(found)

    def test_round_neighbourhoods_need_nothing(self):
        points = np.random.default_rng(17).random((2000, 3))
        assert 0.0 <= non_uniformity_bits(points, 10) < 0.05

    def test_volume_ratio_of_a_tilted_box(self):
        """A box of sides 1 and w turned by 45 degrees: w / ((1 + w) / sqrt 2)^2 of its bounds."""
        width = 0.01
        corners = 0.5 * np.array([[1, width], [1, -width], [-1, width], [-1, -width]])
        turn = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2.0)
        (ratio,) = log_volume_ratio((corners @ turn)[None])
        assert ratio == pytest.approx(np.log(width / (0.5 * (1.0 + width) ** 2)), abs=1e-9)

    def test_too_few_neighbours_are_refused(self):
        with pytest.raises(InputError, match="does not span the 6 columns"):
            KSG(non_uniformity_correction=True).fit(*gaussian(100, 3, 0.5, 0))


def test_block_error_of_a_mean_is_its_standard_error():
    rng = np.random.default_rng(18)
    x = rng.standard_normal((6000, 1))
    error = block_standard_error(PairedSample(x, x), lambda block: float(block.x.mean()), rng)
    # Forty blocks give the spread to about 11 %.
    assert error == pytest.approx(x.std() / np.sqrt(6000), rel=0.35)


def test_the_seed_decides():
    x, y = gaussian(300, 1, 0.6, 19)
    rounded = np.round(x, 1)
    assert KSG(rng=3).fit(rounded, y).estimate_ == KSG(rng=3).fit(rounded, y).estimate_
    assert KSG(rng=3).fit(rounded, y).mi_bits_ != KSG(rng=4).fit(rounded, y).mi_bits_


class TestRefusals:
    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"n_neighbours": 0}, "n_neighbours = 0 is too small"),
            ({"algorithm": 3}, "algorithm = 3 is unknown"),
            ({"marginals": "ranks"}, "marginals = 'ranks' is unknown"),
            ({"n_neighbours": 13}, "100 pairs are too few for n_neighbours = 13"),
        ],
    )
    def test_settings(self, settings, message):
        with pytest.raises(InputError, match=message):
            KSG(**settings).fit(*gaussian(100, 1, 0.5, 0))

    @pytest.mark.parametrize(("marginals", "far"), [("raw", 1.7e308), ("standardised", 1.7e308)])
    def test_values_beyond_differences(self, marginals, far):
        x, y = gaussian(100, 1, 0.5, 0)
        x[:2] = [[far], [-far]]
        with pytest.raises(InputError, match="the values of x are too large"):
            KSG(marginals=marginals).estimate(PairedSample(x, y))

    def test_fewest_pairs(self):
        assert KSG(n_neighbours=2).fit(*gaussian(20, 1, 0.5, 0)).estimate_.n_points_used == 20


def bracketed(pairs, truth, n_seeds):
    """Return how many seeds covered the truth or said that they may not."""
    told = 0
    for seed in range(n_seeds):
        found = KSG().fit(*pairs(seed)).estimate_
        told += found.covers(truth) or "ksg_biased" in codes(found)
    return told


def student(n, dim, dof, seed):
    rng = np.random.default_rng(seed)
    scale = np.sqrt(dof / rng.chisquare(dof, n))[:, None]
    return rng.standard_normal((n, dim)) * scale, rng.standard_normal((n, dim)) * scale


def student_bits(dim, dof):
    """I of a multivariate t with identity scatter, from its entropies."""
    term = lambda nu: gammaln(nu / 2) - nu / 2 * digamma(nu / 2)
    nats = term(dof) + term(dof + 2 * dim) - 2 * term(dof + dim)
    return float(nats / np.log(2))


def uniform_noise(n, half_width, seed):
    rng = np.random.default_rng(seed)
    x = rng.random(n)
    return x, x + rng.uniform(-half_width, half_width, n)


@pytest.mark.slow
@pytest.mark.timeout(1800)
class TestCalibration:
    @pytest.mark.parametrize(
        ("pairs", "truth"),
        [
            (lambda seed: gaussian(2000, 1, 0.6, seed), gaussian_bits(1, 0.6)),
            (lambda seed: gaussian(2000, 2, 0.6, seed), gaussian_bits(2, 0.6)),
            (lambda seed: gaussian(2000, 3, 0.3, seed), gaussian_bits(3, 0.3)),
            (lambda seed: gaussian(2000, 3, 0.6, seed), gaussian_bits(3, 0.6)),
            (lambda seed: uniform_noise(2000, 0.1, seed), float(0.1 / np.log(2) - np.log2(0.2))),
            (lambda seed: student(2000, 1, 1, seed), student_bits(1, 1)),
            (lambda seed: student(2000, 2, 2, seed), student_bits(2, 2)),
            (lambda seed: student(2000, 2, 3, seed), student_bits(2, 3)),
        ],
    )
    def test_the_interval_covers_or_the_notice_fires(self, pairs, truth):
        assert bracketed(pairs, truth, 100) >= 90

    def test_the_notice_is_silent_where_ksg_is_right(self):
        silent = [KSG().fit(*gaussian(10_000, 1, 0.6, seed)).estimate_ for seed in range(30)]
        assert sum("ksg_biased" in codes(one) for one in silent) <= 2
        assert_within_standard_errors(
            sample_mean_and_error([one.value for one in silent]), gaussian_bits(1, 0.6)
        )

    def test_standard_error_is_the_spread_over_samples(self):
        found = [KSG().fit(*gaussian(400, 1, 0.6, seed)).estimate_ for seed in range(40)]
        spread = np.std([one.value for one in found], ddof=1)
        stated = np.sqrt(np.mean([one.details["sampling_error_bits"] ** 2 for one in found]))
        # The spread of 40 draws has a relative error of 11 %.
        assert spread == pytest.approx(stated, rel=0.35)
