"""Which of several estimates is believed, on estimates made by hand."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.catalogue import MI_ESTIMATORS, make_mi_estimator
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.selection import (
    first_standing,
    greatest_lower_bound,
    recommend,
)
from jscgc_theory.records import Notice

DOUBT = (Notice(code="not_gaussian", message="The pairs are not Gaussian."),)
HARMLESS = (Notice(code="duplicates_dropped", message="Some pairs were repeated."),)


def bits(value, error=0.01, side="estimate", notices=()):
    return bits_estimate(
        value, standard_error=error, method="by hand", n_points_used=9, side=side, notices=notices
    )


class TestFirstStanding:
    def test_the_first_wins(self):
        assert first_standing({"a": bits(1.0, 0.02), "b": bits(1.0, 0.01)}) == "a"

    def test_a_notice_puts_it_in_doubt(self):
        assert first_standing({"a": bits(1.0, notices=DOUBT), "b": bits(1.0)}) == "b"

    def test_but_not_a_harmless_one(self):
        assert first_standing({"a": bits(1.0, notices=HARMLESS), "b": bits(1.0)}) == "a"

    def test_a_bound_is_no_estimate(self):
        assert first_standing({"a": bits(1.0, side="lower_bound")}) is None

    def test_no_interval_no_answer(self):
        assert first_standing({"a": bits(1.0, None)}) is None

    @pytest.mark.parametrize(("side", "value"), [("lower_bound", 1.5), ("upper_bound", 0.5)])
    def test_a_bound_on_the_wrong_side_contradicts(self, side, value):
        assert first_standing({"a": bits(1.0), "b": bits(value, side=side)}) is None

    @pytest.mark.parametrize(("side", "value"), [("lower_bound", 0.5), ("upper_bound", 1.5)])
    def test_a_bound_on_its_side_does_not(self, side, value):
        assert first_standing({"a": bits(1.0), "b": bits(value, side=side)}) == "a"

    def test_nor_within_the_errors(self):
        assert first_standing({"a": bits(1.0), "b": bits(1.06, 0.1, "lower_bound")}) == "a"


class TestGreatestLowerBound:
    def test_a_greater_one_that_is_doubted_does_not_win(self):
        found = {
            "model": bits(9.0, notices=DOUBT),
            "wild": bits(40.0, side="lower_bound", notices=DOUBT),
            "low": bits(1.5, side="lower_bound"),
            "high": bits(7.0, side="lower_bound", notices=HARMLESS),
        }
        choice = greatest_lower_bound(found)
        assert choice.name == "high"
        assert "Not believed here: wild." in choice.why

    def test_of_doubted_ones_the_greatest_is_told(self):
        bounds = {
            name: bits(v, side="lower_bound", notices=DOUBT)
            for name, v in (("a", 1.0), ("b", 2.0))
        }
        assert greatest_lower_bound(bounds).name == "b"

    def test_without_bounds_the_least_doubted_estimate_is_told(self):
        assert (
            greatest_lower_bound(
                {"a": bits(1.0, notices=DOUBT * 2), "b": bits(2.0, notices=DOUBT)}
            ).name
            == "b"
        )


class TestRecommend:
    def test_gaussian_pairs(self):
        rng = np.random.default_rng(3)
        x = rng.standard_normal((4000, 2))
        sample = PairedSample.from_arrays(x, x + rng.standard_normal(x.shape))
        choice = recommend(sample, None, rng=rng)
        assert choice.name in ("gaussian", "gaussian_copula")
        assert choice.estimates[choice.name].covers(1.0)
        assert choice.why

    def test_a_known_channel_is_used(self):
        rng = np.random.default_rng(4)
        x = np.sign(rng.standard_normal((2000, 4)))
        sample = PairedSample.from_arrays(x, x + np.sqrt(0.1) * rng.standard_normal(x.shape))
        choice = recommend(sample, KnownChannel(0.1), rng=rng)
        assert choice.name == "known_channel"
        assert choice.estimates["known_channel"].value == pytest.approx(4 * 0.9968, abs=0.05)


class TestCatalogue:
    @pytest.mark.parametrize("name", MI_ESTIMATORS)
    def test_every_name_makes_an_estimator(self, name):
        key, estimator = make_mi_estimator(
            name, channel=KnownChannel(1.0), rng=np.random.default_rng(0)
        )
        assert key == name
        assert isinstance(estimator, MIEstimator)

    @pytest.mark.parametrize("name", ["CCA", "Mine", " KSG ", "gaussian-copula"])
    def test_other_spellings(self, name):
        assert make_mi_estimator(name)[0] in MI_ESTIMATORS

    def test_unknown(self):
        with pytest.raises(InputError, match="estimator = 'oracle' is unknown; choose from"):
            make_mi_estimator("oracle")

    def test_a_channel_is_missing(self):
        with pytest.raises(InputError, match="codebook needs the channel"):
            make_mi_estimator("codebook")
