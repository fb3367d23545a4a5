"""Which information to believe: hand-made cases, and exact and broken fields of a sphere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.data import SpherePoints, torch_stream
from jscgc_model.verification import system_information
from jscgc_model.verification.chosen_information import choose_information
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.sources import SphereChannel
from tests.model.verification.exact_system import exact_pipeline
from tests.statistics import assert_within_standard_errors

T_RANGE = (1e-3, 1.0 - 1e-3)


def gap(value, spread=0.1, excess=0.0, codes=()):
    return Estimate(
        value=value,
        interval=(max(0.0, value - spread - excess), value + spread + excess),
        standard_error=spread / 1.96,
        method="gap",
        notices=tuple(Notice(code=code, message=code) for code in codes),
        details={"side": "estimate", "disagreement_excess_bits": excess},
    )


def channel(lower, upper, *, is_estimate=False, error=0.0):
    codebook = {
        "lower_bits": lower,
        "lower_standard_error": error,
        "upper_bits": upper,
        "upper_standard_error": error,
    }
    value = 0.5 * (lower + upper) if is_estimate else upper
    return Estimate(
        value=value,
        interval=(lower - 2.0 * error, upper + 2.0 * error) if is_estimate else None,
        standard_error=error,
        method="channel",
        details={
            "side": "estimate" if is_estimate else "upper_bound",
            "parts": {"codebook": codebook},
        },
    )


class TestTheRule:
    def test_a_gap_within_what_is_proven_is_the_answer(self):
        chosen = choose_information(gap(12.0), channel(9.0, 20.0), 25.0)
        assert chosen.fields_agree
        assert chosen.mi_bits.method == "gap"
        assert chosen.mi_bits.interval == pytest.approx((11.9, 12.1))

    def test_its_interval_is_cut_to_what_is_proven(self):
        found = choose_information(gap(12.0, 1.0), channel(11.5, 20.0), 12.3).mi_bits
        assert found.interval == pytest.approx((11.5, 12.3))

    def test_a_gap_just_beyond_a_bound_is_drawn_to_it(self):
        found = choose_information(gap(12.4, 0.5), None, 12.3).mi_bits
        assert found.value == 12.3
        assert found.interval == pytest.approx((11.9, 12.3))

    @pytest.mark.parametrize("value", [3.0, 40.0])
    def test_a_gap_beyond_the_bounds_leaves_all_between_them(self, value):
        chosen = choose_information(gap(value), channel(9.0, 20.0), 25.0)
        assert not chosen.fields_agree
        assert chosen.mi_bits.interval == (9.0, 20.0)
        assert chosen.mi_bits.value == 20.0
        (notice,) = chosen.mi_bits.notices
        assert notice.code == "velocity_gap_set_aside"
        assert f"{value:g} bits, is set aside" in notice.message
        assert "9 to 20 bits" in notice.message

    def test_forms_that_contradict_each_other_are_set_aside(self):
        within = choose_information(gap(12.0, excess=5.0), channel(9.0, 20.0), 25.0)
        beyond = choose_information(gap(12.0, excess=7.0), channel(9.0, 20.0), 25.0)
        assert within.fields_agree
        assert within.mi_bits.interval == pytest.approx((9.0, 17.1))
        assert not beyond.fields_agree
        assert beyond.mi_bits.interval == (9.0, 20.0)

    def test_of_two_estimates_that_agree_the_more_precise_one(self):
        loose, sharp = (channel(4.9, 5.1, is_estimate=True, error=e) for e in (0.2, 0.01))
        assert choose_information(gap(5.05, 0.2), loose, 9.0).mi_bits.method == "gap"
        assert choose_information(gap(5.05, 0.2), sharp, 9.0).mi_bits.method == "channel"

    def test_of_two_estimates_that_disagree_the_one_without_networks(self):
        chosen = choose_information(gap(2.0), channel(4.9, 5.1, is_estimate=True), 9.0)
        assert not chosen.fields_agree
        assert chosen.mi_bits.value == 5.0
        assert chosen.mi_bits.interval == (4.9, 5.1)

    def test_where_more_may_lie_below_the_least_time_the_bound_is_the_upper_end(self):
        found = choose_information(gap(12.0, codes=["tail_unresolved"]), channel(9.0, 20.0), 25.0)
        assert found.mi_bits.interval == pytest.approx((11.9, 20.0))
        bare = gap(12.0, codes=["tail_unresolved"]).model_copy(update={"interval": None})
        assert choose_information(bare, None, 15.0).mi_bits.interval == pytest.approx((11.9, 15.0))

    @given(
        value=st.floats(-5.0, 60.0),
        spread=st.floats(0.01, 5.0),
        excess=st.floats(0.0, 20.0),
        ends=st.lists(st.floats(-1.0, 50.0), min_size=2, max_size=2).map(sorted),
        error=st.floats(0.0, 2.0),
        is_estimate=st.booleans(),
        capacity=st.floats(0.0, 60.0),
    )
    def test_the_answer_lies_in_its_interval_and_within_the_capacity(
        self, value, spread, excess, ends, error, is_estimate, capacity
    ):
        velocity = gap(max(value, 0.0), spread, excess).model_copy(update={"value": value})
        known = channel(*ends, is_estimate=is_estimate, error=error)
        for other in (known, None):
            found = choose_information(velocity, other, capacity).mi_bits
            low, high = found.interval
            assert 0.0 <= low <= found.value <= high <= capacity


def informed(pipeline, snr_db, n_sent, seed=0, n_asked=None):
    samples = SpherePoints(2).draw(n_sent, np.random.default_rng(seed))
    return system_information(
        pipeline.system,
        pipeline.to_latents(samples),
        pipeline.transmit(samples, snr_db, torch_stream(seed, "test")),
        t_range=T_RANGE,
        rng=np.random.default_rng(seed),
        n_samples=n_asked,
    )


class TestOnTheSphere:
    @pytest.mark.parametrize("snr_db", [-5.0, 0.0, 5.0, 10.0])
    def test_exact_fields_give_the_information_within_one_percent(self, snr_db):
        truth = SphereChannel(2, snr_db).mutual_information_bits()
        found, densities = informed(exact_pipeline(), snr_db, 8000)
        assert found.fields_agree
        assert found.mi_bits.value == pytest.approx(truth, rel=0.01)
        assert found.mi_bits.covers(truth)
        assert_within_standard_errors(found.velocity.mi_bits, truth)
        assert found.mi_bits.value <= found.capacity_bits
        assert np.mean(densities.density_bits) == pytest.approx(truth, rel=0.02)

    def test_fewer_samples_for_the_fields_leave_the_channel_its_own(self):
        found, densities = informed(exact_pipeline(), 5.0, 3000, n_asked=200)
        assert len(densities.density_bits) == 200
        assert found.channel.n_points_used == 3000
        assert found.mi_bits.covers(SphereChannel(2, 5.0).mutual_information_bits())

    @pytest.mark.parametrize("factor", [0.3, 0.0, 3.0])
    def test_a_broken_conditional_field_cannot_move_the_answer(self, factor):
        """D_u + factor (D - D_u) is no posterior mean; at 0 it ignores what was received."""
        truth = SphereChannel(2, 5.0).mutual_information_bits()
        pipeline = exact_pipeline()
        unconditional = pipeline.system.backbone

        def wrong(exact, z, sigma):
            alone = unconditional._denoised(z, sigma, None, 0.0)
            return alone + factor * (exact - alone)

        found, _ = informed(exact_pipeline(conditional=wrong), 5.0, 2000)
        gap_bits = found.velocity.mi_bits.value
        assert abs(gap_bits - truth) > 0.25 * truth
        assert not found.fields_agree
        assert found.mi_bits.covers(truth)
        assert found.mi_bits.value == pytest.approx(truth, rel=0.05)

    def test_an_untrained_unconditional_field_cannot_either(self):
        truth = SphereChannel(2, 5.0).mutual_information_bits()
        broken = exact_pipeline(unconditional=lambda exact, z, sigma: 0.0 * exact)
        found, _ = informed(broken, 5.0, 2000)
        assert found.velocity.mi_bits.value > 1.2 * truth
        assert not found.fields_agree
        assert found.mi_bits.covers(truth)
