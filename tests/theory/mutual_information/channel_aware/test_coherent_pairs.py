"""Shapes, phases and the stated noise: what every estimator relies on."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware import (
    CodebookSandwich,
    GaussianCeiling,
    IndependentComponents,
    KnownChannelMI,
    OutputEntropy,
)
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import coherent_pairs
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from tests.theory.mutual_information.channel_aware.known_channels import (
    awgn,
    codes,
    faded_sample,
    noisy,
    rayleigh_gains,
    sample_of,
)

KINDS = (
    CodebookSandwich,
    GaussianCeiling,
    IndependentComponents,
    OutputEntropy,
    KnownChannelMI,
)


class TestPhases:
    def test_the_noise_that_is_left_is_the_noise_that_came(self):
        rng = np.random.default_rng(0)
        inputs, gains = rng.standard_normal((500, 6)), rayleigh_gains(500, 3, rng)
        gains[0, 0] = 0.0
        sample = faded_sample(inputs, gains, 0.3, rng)
        pairs = coherent_pairs(sample, KnownChannel(0.3, gains))
        symbols = inputs[:, :3] + 1j * inputs[:, 3:]
        received = sample.y[:, :3] + 1j * sample.y[:, 3:]
        left = pairs.outputs - pairs.amplitudes * pairs.inputs
        assert np.abs(left[:, :3] + 1j * left[:, 3:]) == pytest.approx(
            np.abs(received - gains * symbols), abs=1e-12
        )

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
    def test_complex_arrays_are_their_real_parts_then_their_imaginary_ones(self, kind):
        rng = np.random.default_rng(1)
        symbols = rayleigh_gains(400, 2, rng)
        received = symbols + rayleigh_gains(400, 2, rng)
        columns = [np.concatenate([part.real, part.imag], axis=1) for part in (symbols, received)]
        estimator = kind(channel=awgn(0.5))
        assert estimator.fit(symbols, received).mi_bits_ == pytest.approx(
            kind(channel=awgn(0.5)).fit(*columns).mi_bits_, rel=1e-12
        )

    def test_interleaved_columns_contradict_the_gains(self):
        rng = np.random.default_rng(2)
        inputs, gains = rng.standard_normal((500, 6)), rayleigh_gains(500, 3, rng)
        sample = faded_sample(inputs, gains, 0.01, rng)
        woven = [0, 3, 1, 4, 2, 5]
        with pytest.raises(InputError, match="real parts come first"):
            coherent_pairs(
                PairedSample(sample.x[:, woven], sample.y[:, woven]), KnownChannel(0.01, gains)
            )


class TestShapes:
    def test_unequal_columns(self):
        rng = np.random.default_rng(0)
        sample = PairedSample(rng.standard_normal((30, 2)), rng.standard_normal((30, 3)))
        with pytest.raises(InputError, match="2 real inputs but 3 real outputs"):
            coherent_pairs(sample, awgn(1.0))

    @pytest.mark.parametrize("shape", [(29, 2), (30, 1), (30, 4)])
    def test_gains_that_do_not_fit(self, shape):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((30, 4)), 1.0, rng)
        with pytest.raises(InputError, match="do not fit 30 pairs of 4 real columns"):
            coherent_pairs(sample, KnownChannel(1.0, np.ones(shape, dtype=np.complex128)))

    def test_dropped_repetitions_are_named(self):
        rng = np.random.default_rng(0)
        inputs = rng.standard_normal((30, 2))
        outputs = noisy(inputs, 1.0, rng)
        gains = np.ones((31, 1), dtype=np.complex128)
        with pytest.raises(InputError, match="1 repeated pairs were dropped"):
            GaussianCeiling(channel=KnownChannel(1.0, gains)).fit(
                inputs[[0, *range(30)]], outputs[[0, *range(30)]]
            )


class TestStatedNoise:
    @pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 2.0])
    def test_a_contradicted_variance_is_refused(self, factor):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((2000, 10)), 0.2, rng)
        with pytest.raises(InputError, match="contradicts the pairs"):
            coherent_pairs(sample, awgn(factor * 0.2))

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
    def test_a_rounded_variance_is_said(self, kind):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((2000, 60)), 0.2, rng)
        assert "noise_variance_off" in codes(kind(channel=awgn(0.2 * 1.04)).estimate(sample))

    def test_chance_is_not(self):
        for seed in range(50):
            rng = np.random.default_rng(seed)
            sample = sample_of(rng.standard_normal((50, 2)), 0.2, rng)
            assert coherent_pairs(sample, awgn(0.2)).notices == ()
