"""All bounds together: their order, their least, and what may be called an estimate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from jscgc_theory.bounds import rayleigh_capacity_bits
from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware import KnownChannelMI, least_upper_bound
from jscgc_theory.mutual_information.channel_aware.capacity import capacity_bits
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import CoherentPairs
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.records import Estimate
from tests.statistics import (
    assert_coverage,
    assert_within_standard_errors,
    sample_mean_and_error,
)
from tests.theory.mutual_information.channel_aware.known_channels import (
    PAM2,
    PAM4,
    PSK8,
    awgn,
    codes,
    constellation_bits,
    draws,
    faded_sample,
    gaussian_bits,
    rayleigh_gains,
    rayleigh_mean,
    sample_of,
)


def answer(inputs, noise_variance, rng, **settings):
    sample = sample_of(inputs, noise_variance, rng)
    return KnownChannelMI(channel=awgn(noise_variance), rng=0, **settings).estimate(sample)


class TestLeastUpperBound:
    @given(
        bounds=st.lists(st.tuples(st.floats(-50.0, 50.0), st.floats(0.0, 5.0)), min_size=1),
    )
    def test_it_is_raised_by_less_than_the_errors(self, bounds):
        values, errors = zip(*bounds, strict=True)
        least = least_upper_bound(values, errors)
        assert values[least.place] == min(values)
        assert -1e-9 <= least.value - min(values) <= max(errors) * (1.0 + len(bounds))

    def test_it_is_unbiased_upwards(self):
        rng = np.random.default_rng(0)
        means, errors = np.array([10.0, 10.1, 12.0]), np.array([0.3, 0.3, 0.1])
        found = [
            least_upper_bound(list(means + errors * rng.standard_normal(3)), list(errors)).value
            for _ in range(500)
        ]
        plain = np.min(means + errors * rng.standard_normal((500, 3)), axis=1)
        mean, error = sample_mean_and_error(found)
        assert mean > 10.0 - 3.0 * error
        assert plain.mean() < 10.0 - 3.0 * error

    def test_none(self):
        with pytest.raises(InputError, match="no upper bound to choose from"):
            least_upper_bound([], [])


class TestAnswers:
    def test_the_sandwich_is_preferred_where_it_closes(self):
        rng = np.random.default_rng(0)
        found = answer(rng.standard_normal((1000, 2)), 1.0, rng)
        assert found.method.startswith("codebook")
        assert found.covers(1.0)

    def test_independent_components_beyond_the_codebook(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM4, 1000, 40, rng), 0.1, rng)
        assert found.details["side"] == "estimate"
        assert found.notices == ()
        assert_within_standard_errors(found, 40 * constellation_bits(PAM4, 0.1))

    def test_a_bound_for_what_depends(self):
        rng = np.random.default_rng(0)
        found = answer(np.repeat(draws(PAM4, 1000, 20, rng), 3, axis=1), 0.1, rng)
        assert found.details["side"] == "upper_bound"
        assert found.interval is None
        assert found.value >= 20 * constellation_bits(PAM4, 0.1 / 3.0)

    def test_a_channel_code_must_be_declared(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM4, 1000, 40, rng), 0.1, rng, test_independence=False)
        assert found.details["side"] == "upper_bound"

    def test_a_denoiser_tightens_the_bound(self):
        rng = np.random.default_rng(0)
        inputs = np.repeat(draws(PAM2, 1000, 20, rng), 2, axis=1)

        def twice(z, sigma):
            return np.repeat(np.tanh((z[:, ::2] + z[:, 1::2]) / np.square(sigma)), 2, axis=1)

        found = answer(inputs, 0.5, rng, denoiser=twice)
        assert found.details["side"] == "upper_bound"
        assert "denoiser" in found.details["parts"]
        assert_within_standard_errors(found, 20 * constellation_bits(PAM2, 0.25))

    def test_a_denoiser_below_the_sum_refutes_independence(self):
        """Parities are beyond the tests, but not beyond a denoiser that knows them."""
        rng = np.random.default_rng(0)
        free, words = draws(PAM2, 1000, 20, rng), draws(PAM2, 1000, 30, rng).reshape(-1, 10, 3)
        checked = np.concatenate([words, words.prod(axis=2, keepdims=True)], axis=2)
        inputs = np.concatenate([checked.reshape(-1, 40), free], axis=1)

        def by_parity(z, sigma):
            likely = np.tanh(z / np.square(sigma))
            seen = likely[:, :40].reshape(-1, 10, 4)
            others = np.stack(
                [np.delete(seen, place, axis=2).prod(axis=2) for place in range(4)], axis=2
            )
            joint = (seen + others) / (1.0 + 0.999999 * seen * others)
            return np.concatenate([joint.reshape(-1, 40), likely[:, 40:]], axis=1)

        assert answer(inputs, 0.1, rng).details["side"] == "estimate"
        found = answer(inputs, 0.1, rng, denoiser=by_parity)
        assert found.details["side"] == "upper_bound"
        assert found.value == pytest.approx(50.0, rel=0.02)

    def test_rayleigh_fading(self):
        rng = np.random.default_rng(0)
        gains = rayleigh_gains(1500, 10, rng)
        sample = faded_sample(draws(PSK8, 1500, 10, rng), gains, 0.1, rng)
        found = KnownChannelMI(channel=KnownChannel(0.1, gains)).estimate(sample)
        truth = 10 * rayleigh_mean(lambda power: constellation_bits(PSK8, 0.1 / power))
        assert found.details["side"] == "estimate"
        assert_within_standard_errors(found, truth)

    @pytest.mark.parametrize("noise_variance", [1e-12, 1e12])
    @pytest.mark.parametrize("dim", [1, 30])
    def test_tiny_and_huge_noise(self, noise_variance, dim):
        rng = np.random.default_rng(0)
        found = answer(rng.standard_normal((500, dim)), noise_variance, rng)
        truth = gaussian_bits(np.ones(dim), noise_variance)
        if noise_variance < 1.0:
            assert found.details["side"] == "upper_bound"
            assert found.value >= truth - 4.0 * found.standard_error
        else:
            assert found.value == pytest.approx(truth, abs=0.01)

    def test_fewer_pairs_than_dimensions(self):
        rng = np.random.default_rng(0)
        found = answer(rng.standard_normal((100, 200)), 0.1, rng)
        truth = gaussian_bits(np.ones(200), 0.1)
        assert found.value == pytest.approx(truth, rel=0.05)


class TestOrder:
    @pytest.mark.parametrize("noise_variance", [0.05, 0.5, 5.0])
    def test_lower_answer_ceiling(self, noise_variance):
        rng = np.random.default_rng(0)
        found = answer(draws(PSK8, 800, 6, rng), noise_variance, rng)
        lower = found.details["parts"]["codebook"]
        assert lower["lower_bits"] <= found.value + 1e-9
        assert found.value <= found.details["capacity_bits"] + 4.0 * found.standard_error
        assert codes(found) == set()

    def test_capacity(self):
        rng = np.random.default_rng(0)
        inputs, gains = rng.standard_normal((4000, 4)), rayleigh_gains(4000, 2, rng)
        sizes = np.abs(np.concatenate([gains, gains], axis=1))
        plain = CoherentPairs(inputs, inputs, 0.1)
        faded = CoherentPairs(inputs, inputs, 0.1, sizes)
        assert capacity_bits(plain) == pytest.approx(gaussian_bits(np.ones(4), 0.1), rel=0.01)
        assert capacity_bits(faded) == pytest.approx(rayleigh_capacity_bits(10.0, 2), rel=0.02)

    def test_noise_that_is_not_independent_of_the_inputs_is_noticed(self):
        """Outputs that point back at their own input carry more than the law allows."""
        rng = np.random.default_rng(0)
        inputs = rng.standard_normal((1000, 1))
        order, noise = np.argsort(inputs[:, 0]), np.sort(rng.standard_normal((1000, 1)), axis=0)
        outputs = inputs.copy()
        outputs[order] += noise
        found = KnownChannelMI(channel=awgn(1.0)).fit(inputs, outputs).estimate_
        assert "order_violated" in codes(found)


def test_it_is_an_estimator_in_scikit_learns_manner():
    estimator = KnownChannelMI(channel=awgn(0.5), rng=3)
    assert clone(estimator).get_params()["channel"] == awgn(0.5)
    rng = np.random.default_rng(0)
    symbols = rayleigh_gains(300, 1, rng)
    fitted = estimator.fit(symbols, symbols + rayleigh_gains(300, 1, rng))
    assert fitted.mi_bits_ == fitted.estimate_.value
    record = fitted.estimate_
    assert Estimate.from_json(record.to_json()) == record


@pytest.mark.slow
@pytest.mark.parametrize("case", ["Gauss", "BPSK", "8-PSK", "Rayleigh 16-QAM", "sandwich"])
def test_the_interval_covers(case):
    hits, noise_variance, dim = 0, 0.1, 24
    for seed in range(100):
        rng = np.random.default_rng(seed)
        gains = rayleigh_gains(800, dim // 2, rng) if case == "Rayleigh 16-QAM" else None
        if case == "Gauss":
            inputs, truth = rng.standard_normal((800, dim)), gaussian_bits(np.ones(dim), 0.1)
        elif case == "sandwich":
            inputs, truth = rng.standard_normal((800, 1)), gaussian_bits(np.ones(1), 0.1)
        else:
            points = {"BPSK": PAM2, "8-PSK": PSK8}.get(case, PAM4)
            count = dim // points[:1].size
            inputs, truth = draws(points, 800, count, rng), count * constellation_bits(points, 0.1)
        sample = sample_of(inputs, noise_variance, rng)
        if gains is not None:
            sample = faded_sample(inputs, gains, noise_variance, rng)
            truth = dim * rayleigh_mean(lambda power: constellation_bits(PAM4, 0.1 / power))
        channel = KnownChannel(noise_variance, gains)
        hits += KnownChannelMI(channel=channel, rng=0).estimate(sample).covers(truth)
    assert_coverage(hits, 100, high=1.0)
