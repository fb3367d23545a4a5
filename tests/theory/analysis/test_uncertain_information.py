"""R4 beside the other bounds of a check, and an information that is itself uncertain."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.analysis.bound_check import BoundCheck, check
from jscgc_theory.analysis.bound_rows import bound_row, with_uncertain_information
from jscgc_theory.analysis.data_law import fit_data_law
from jscgc_theory.analysis.dataset_bound import delta_star
from jscgc_theory.cli.results import documented_results
from jscgc_theory.covering_numbers import fit_small_ball
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.sources import SphereChannel

OUTAGES = (0.1, 0.01)
BOUNDS = ("delta_star", "finite_outage_fano", "small_ball", "perception")
CHANNEL = SphereChannel(2, 5.0)
BITS = CHANNEL.mutual_information_bits()


def known(value, interval=None, **fields):
    return Estimate(value=value, interval=interval, method="by hand", **fields)


@pytest.fixture(scope="module")
def posterior_pairs():
    rng = np.random.default_rng(3)
    source, received = CHANNEL.sample(3000, rng)
    return source, CHANNEL.sample_posterior(received, rng)


def checked(pairs, **settings):
    settings = {"mi_bits": BITS, "outage_probability": OUTAGES, "rng": 5, **settings}
    return check(*pairs, **settings)


@pytest.fixture(scope="module")
def exact_check(posterior_pairs):
    beta = {p: CHANNEL.log2_beta(p) for p in OUTAGES}
    return checked(posterior_pairs, log2_beta={p: known(b, (b, b)) for p, b in beta.items()})


@pytest.fixture(scope="module")
def law():
    points = CHANNEL.sample(1500, np.random.default_rng(4))[0]
    return fit_data_law(points, rng=np.random.default_rng(5))


@pytest.fixture(scope="module")
def ball(law):
    return fit_small_ball(
        law.points,
        law.intrinsic_dim.value,
        law.coincidence.power_law.variance_dim,
        corrected=law.fit.corrected,
        rng=np.random.default_rng(6),
    )


class TestMetaConverse:
    def test_it_lies_between_perception_and_the_radius_of_the_exact_sampler(self, exact_check):
        for row in exact_check.rows:
            truth = CHANNEL.radius_at_log2_probability(CHANNEL.log2_beta(row.outage_probability))
            assert row.meta_converse.covers(truth)
            assert row.meta_converse.value == pytest.approx(truth, rel=0.05)
            assert row.perception.value <= row.meta_converse.value <= row.measured_radius.value
            assert row.verdicts["meta_converse"].verdict == "holds"

    def test_nearer_than_it_allows_is_a_violation(self, posterior_pairs):
        source, generated = posterior_pairs
        pairs = source, source + 0.6 * (generated - source)
        beta = known(CHANNEL.log2_beta(0.1), (CHANNEL.log2_beta(0.1),) * 2)
        row = checked(pairs, outage_probability=0.1, log2_beta={0.1: beta}).rows[0]
        assert row.verdicts["meta_converse"].verdict == "violated"
        assert "the meta-converse R4" in row.verdicts["meta_converse"].reason

    def test_an_uncertain_beta_widens_it_and_says_why(self, law, posterior_pairs):
        notice = Notice(code="noisy_densities", message="raise n_draws")
        beta = CHANNEL.log2_beta(0.1)
        uncertain = known(beta, (beta - 2.0, beta + 1.0), notices=(notice,))
        row = checked(posterior_pairs, outage_probability=0.1, log2_beta={0.1: uncertain}).rows[0]
        radius = CHANNEL.radius_at_log2_probability
        low, high = row.meta_converse.interval
        assert low == pytest.approx(radius(beta - 2.0), rel=0.06)
        assert low < radius(beta - 2.0)
        assert high == pytest.approx(radius(beta + 1.0), rel=0.06)
        assert high > radius(beta + 1.0)
        assert notice in row.meta_converse.notices

    def test_a_beta_without_interval_decides_nothing(self, posterior_pairs):
        beta = {0.1: known(CHANNEL.log2_beta(0.1))}
        row = checked(posterior_pairs, outage_probability=0.1, log2_beta=beta).rows[0]
        assert row.meta_converse.interval is None
        assert row.verdicts["meta_converse"].verdict == "undecided"

    def test_records_leave_it_out_where_it_is_not_known(self, exact_check, posterior_pairs):
        for row in documented_results("check", exact_check)["rows"]:
            assert row["meta_converse"]["interval"]
            assert "mi_interval_bits" not in row
        without = checked(posterior_pairs)
        for row in documented_results("check", without)["rows"]:
            assert "meta_converse" not in row
            assert "meta_converse" not in row["verdicts"]
        assert BoundCheck.from_json(exact_check.to_json()) == exact_check

    def test_it_belongs_to_one_information_and_to_every_outage(self, posterior_pairs):
        beta = {0.1: known(-3.0, (-3.1, -2.9))}
        with pytest.raises(InputError, match=r"no entry for outage_probability = 0\.01"):
            checked(posterior_pairs, log2_beta=beta)
        with pytest.raises(InputError, match="log2_beta goes with one information; got 2"):
            delta_star(posterior_pairs[0], mi_bits=(1.0, 2.0), log2_beta=beta)


class TestUncertainInformation:
    def test_the_low_end_is_that_at_the_high_end_of_i(self, law, ball):
        row = bound_row(law, ball, 4.0, 5.0, 0.1)
        least, most = (bound_row(law, ball, bits, 5.0, 0.1) for bits in (3.0, 6.0))
        found = with_uncertain_information(row, law, ball, (3.0, 6.0))
        assert found.mi_interval_bits == (3.0, 6.0)
        assert (found.snr_db, found.mi_bits) == (5.0, 4.0)
        for name in BOUNDS:
            estimate = getattr(found, name)
            assert estimate.value == getattr(row, name).value
            assert estimate.interval[0] == getattr(most, name).interval[0]
            assert estimate.interval[1] == getattr(least, name).interval[1]

    @given(
        bits=st.floats(0.0, 30.0),
        below=st.floats(0.0, 5.0),
        above=st.floats(0.0, 5.0),
        more=st.floats(0.0, 5.0),
    )
    def test_more_doubt_of_i_never_narrows_a_bound(self, law, ball, bits, below, above, more):
        row = bound_row(law, ball, bits, None, 0.1)
        ends = max(0.0, bits - below), bits + above
        wider = max(0.0, ends[0] - more), ends[1] + more
        one, other = (
            with_uncertain_information(row, law, ball, interval) for interval in (ends, wider)
        )
        for name in BOUNDS:
            inner, outer = getattr(one, name), getattr(other, name)
            assert inner.interval[0] <= inner.value <= inner.interval[1]
            # Radii are roots that are found to 1e-12.
            assert outer.interval[0] <= inner.interval[0] * (1.0 + 1e-11)
            assert inner.interval[1] <= outer.interval[1] * (1.0 + 1e-11)
            assert math.isfinite(outer.standard_error)

    def test_where_i_is_too_uncertain_no_verdict_is_spoken(self, posterior_pairs):
        source, generated = posterior_pairs
        pairs = source, source + 0.3 * (generated - source)
        sure = checked(pairs, outage_probability=0.1).rows[0]
        unsure = checked(pairs, outage_probability=0.1, mi_interval_bits=(0.0, 10.0)).rows[0]
        assert sure.verdicts["perception"].verdict == "violated"
        for name in ("finite_outage_fano", "small_ball", "perception"):
            assert unsure.verdicts[name].verdict == "undecided"

    def test_a_sure_information_changes_nothing(self, posterior_pairs):
        plain = checked(posterior_pairs)
        sure = checked(posterior_pairs, mi_interval_bits=(BITS, BITS))
        for one, other in zip(plain.rows, sure.rows, strict=True):
            assert one.verdicts == other.verdicts
            for name in BOUNDS:
                assert getattr(one, name).interval == getattr(other, name).interval

    def test_records_hold_the_interval(self, posterior_pairs):
        result = checked(posterior_pairs, mi_interval_bits=(2.0, 4.0))
        rows = documented_results("check", result)["rows"]
        assert [row["mi_interval_bits"] for row in rows] == [[2.0, 4.0]] * 2

    def test_guards(self, posterior_pairs):
        with pytest.raises(InputError, match=r"\(1, 2\) does not hold mi_bits = 3"):
            checked(posterior_pairs, mi_bits=3.0, mi_interval_bits=(1.0, 2.0))
        with pytest.raises(InputError, match="mi_interval_bits = -1 is negative"):
            checked(posterior_pairs, mi_interval_bits=(-1.0, 4.0))
        with pytest.raises(InputError, match="goes with one information; got 2"):
            delta_star(posterior_pairs[0], mi_bits=(1.0, 2.0), mi_interval_bits=(0.0, 4.0))
