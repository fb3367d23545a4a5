"""The benchmark as a whole: published values, shapes, names, and what is refused."""

import math

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.sources import information_benchmark
from jscgc_theory.sources.information_pairs import (
    BPSK,
    AwgnPair,
    CorrelatedInputPair,
    GaussianMixturePair,
    GaussianPair,
    KnownChannelPair,
    ManifoldChannelPair,
    StackedPair,
    StaircasePair,
    StudentPair,
    UniformNoisePair,
    bijections,
    correlation_of_bits,
    mapped_by,
)

BENCHMARK = information_benchmark()
ONE_PAIR = GaussianPair.linked(1, n_linked=1, correlation=0.75)
GROUPS = (
    "gaussian", "bijection", "heavy tail", "bounded noise", "mixture", "image", "known channel",
)  # fmt: skip


def two_pairs(dim):
    return GaussianPair.linked(dim, n_linked=2, correlation=0.8)


# Czyz et al., NeurIPS 2023, as their package bmi 0.1.3 prints them, in nats.
PUBLISHED = [
    (ONE_PAIR, 0.4133),
    (mapped_by(bijections.NORMAL_CDF, ONE_PAIR), 0.4133),
    (mapped_by(bijections.WIGGLY, ONE_PAIR), 0.4133),
    (mapped_by(bijections.TWO_HUMPS, ONE_PAIR), 0.4133),
    (mapped_by(bijections.SWISS_ROLL, ONE_PAIR), 0.4133),
    (UniformNoisePair(0.1), 1.7094),
    (UniformNoisePair(0.75), 0.3333),
    (StudentPair(1, 1.0), 0.2242),
    (StudentPair(2, 1.0), 0.432),
    (StudentPair(2, 2.0), 0.193),
    (StudentPair(3, 2.0), 0.291),
    (StudentPair(3, 3.0), 0.179),
    (StudentPair(5, 2.0), 0.448),
    (mapped_by(bijections.ASINH, StudentPair(5, 3.0)), 0.299),
    (GaussianPair.dense(2), 0.294),
    (GaussianPair.dense(3), 0.413),
    (GaussianPair.dense(5), 0.593),
    (GaussianPair.dense(25), 1.292),
    (GaussianPair.dense(50), 1.624),
    (two_pairs(2), 1.0217),
    (mapped_by(bijections.HALF_CUBE, two_pairs(5)), 1.0217),
    (mapped_by(bijections.SPIRAL, two_pairs(25)), 1.0217),
]


@pytest.mark.parametrize(("pair", "nats"), PUBLISHED, ids=lambda value: getattr(value, "name", ""))
def test_information_agrees_with_what_is_published(pair, nats):
    digits = 3 if round(nats, 3) == nats else 4
    found = pair.mutual_information_bits() * math.log(2.0)
    assert found == pytest.approx(nats, abs=0.6 * 10.0**-digits)


def test_the_benchmark_covers_what_it_should():
    assert 40 <= len(BENCHMARK) <= 60
    assert len({pair.name for pair in BENCHMARK}) == len(BENCHMARK)
    seen = [pair.group for pair in BENCHMARK]
    assert sorted(seen, key=GROUPS.index) == seen
    assert set(seen) == set(GROUPS)
    bits = [pair.mutual_information_bits() for pair in BENCHMARK]
    assert min(bits) == pytest.approx(0.1)
    assert max(bits) == pytest.approx(1800.0, rel=0.01)
    assert {1, 2, 3, 5, 25, 50, 512} <= {pair.x_dim for pair in BENCHMARK}


@pytest.mark.parametrize("pair", BENCHMARK, ids=lambda pair: pair.name)
def test_every_pair_draws_what_it_says(pair):
    x, y = pair.sample(40, np.random.default_rng(1))
    assert x.shape == (40, pair.x_dim)
    assert y.shape == (40, pair.y_dim)
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    again = pair.sample(40, np.random.default_rng(1))
    np.testing.assert_array_equal(again[0], x)
    np.testing.assert_array_equal(again[1], y)
    assert (pair.noise_variance is not None) == isinstance(pair, KnownChannelPair)
    with pytest.raises(InputError, match="n_pairs"):
        pair.sample(0, np.random.default_rng(1))


def test_what_makes_no_pair_is_refused():
    with pytest.raises(InputError, match="not positive definite"):
        GaussianPair([[1.0, 2.0], [2.0, 1.0]], 1)
    with pytest.raises(InputError, match="not symmetric"):
        GaussianPair([[1.0, 0.5], [0.1, 1.0]], 1)
    with pytest.raises(InputError, match="give a square matrix"):
        GaussianPair([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0]], 1)
    with pytest.raises(InputError, match="leaves no column"):
        GaussianPair(np.eye(2), 2)
    with pytest.raises(InputError, match="link fewer columns"):
        GaussianPair.linked(2, n_linked=3, correlation=0.1)
    with pytest.raises(InputError, match="snr"):
        GaussianPair.one_factor(2, snr=0.0)
    with pytest.raises(InputError, match="mi_bits"):
        correlation_of_bits(0.0)
    with pytest.raises(InputError, match="degrees_of_freedom"):
        StudentPair(1, 0.0)
    with pytest.raises(InputError, match="half_width"):
        UniformNoisePair(-1.0)
    with pytest.raises(InputError, match="n_levels"):
        StaircasePair(0)
    with pytest.raises(InputError, match="parts is empty"):
        StackedPair([], name="nothing")


def test_mixtures_that_are_none_are_refused():
    def mixture(**changes):
        usable = {"weights": [1.0], "means": [[0.0, 0.0]], "covariances": [np.eye(2)]}
        return GaussianMixturePair(**{**usable, **changes}, name="mixture")

    assert mixture().mutual_information_bits() == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(InputError, match="have shapes"):
        mixture(means=[[0.0]])
    with pytest.raises(InputError, match="no probabilities"):
        mixture(weights=[0.5])
    with pytest.raises(InputError, match="not finite"):
        mixture(means=[[np.nan, 0.0]])
    with pytest.raises(InputError, match="positive definite"):
        mixture(covariances=[[[1.0, 2.0], [2.0, 1.0]]])


def test_maps_and_channels_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="map a pair of higher dimension"):
        mapped_by(bijections.SPIRAL, two_pairs(2))
    with pytest.raises(InputError, match=r"map a 1 \+ 1 pair"):
        mapped_by(bijections.SWISS_ROLL, two_pairs(2))
    with pytest.raises(InputError, match="snr_db"):
        AwgnPair(BPSK, 1, math.nan)
    with pytest.raises(InputError, match="n_symbols"):
        AwgnPair(BPSK, 0, 0.0)
    with pytest.raises(InputError, match=r"outside \(-1, 1\)"):
        CorrelatedInputPair(3, 1.0, 0.0)
    with pytest.raises(InputError, match="carried at no SNR"):
        ManifoldChannelPair.sphere(1, 1e4)
    with pytest.raises(InputError, match="mi_bits"):
        ManifoldChannelPair.torus(1, -1.0)
