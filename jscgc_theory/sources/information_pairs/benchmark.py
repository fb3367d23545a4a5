"""The standard set of pairs on which estimators of mutual information are compared."""

from functools import partial

import numpy as np

from jscgc_theory.sources.drawn_images import DEMO_DRAWING, Drawing
from jscgc_theory.sources.information_pairs import bijections
from jscgc_theory.sources.information_pairs.awgn_pair import AwgnPair
from jscgc_theory.sources.information_pairs.bounded_noise import StaircasePair, UniformNoisePair
from jscgc_theory.sources.information_pairs.constellations import (
    BPSK,
    PSK_8,
    QAM_16,
    QAM_64,
    QPSK,
)
from jscgc_theory.sources.information_pairs.correlated_input import CorrelatedInputPair
from jscgc_theory.sources.information_pairs.gaussian_mixture import GaussianMixturePair
from jscgc_theory.sources.information_pairs.gaussian_pair import GaussianPair, correlation_of_bits
from jscgc_theory.sources.information_pairs.image_pairs import image_pair
from jscgc_theory.sources.information_pairs.manifold_channel import ManifoldChannelPair
from jscgc_theory.sources.information_pairs.mapped_pair import mapped_by
from jscgc_theory.sources.information_pairs.pair_source import PairSource
from jscgc_theory.sources.information_pairs.rayleigh_pair import RayleighPair
from jscgc_theory.sources.information_pairs.stacked_pair import StackedPair
from jscgc_theory.sources.information_pairs.student_pair import StudentPair
from jscgc_theory.sources.information_pairs.symbol_law import GaussianSymbol

_one_pair = partial(GaussianPair.linked, 1, 1)
_two_pairs = partial(GaussianPair.linked, n_linked=2, correlation=0.8)


def information_benchmark() -> tuple[PairSource, ...]:
    """Return the standard set: some fifty pairs from 0.1 to 1800 bits, in up to 512 dimensions.

    The Gaussian, mapped, heavy-tailed and bounded ones with at most 2.5 bits are those of the
    benchmark of Czyz et al.; the known channels reach the rates of the JSCGC system.

    Returns:
        The pairs, those of one group next to each other.

    References:
        Czyz, Grabowski, Vogt, Beerenwinkel, Marx, "Beyond normal: On the evaluation of mutual
        information estimators", NeurIPS 2023.
    """
    return (
        *_gaussian(),
        *_mapped(),
        *_heavy_tailed(),
        *_bounded_and_mixed(),
        *_images(),
        *_symbols(),
        *_manifolds(),
    )


def _gaussian() -> tuple[PairSource, ...]:
    return (
        _one_pair(correlation=0.75),
        _one_pair(correlation=correlation_of_bits(0.1)),
        *(GaussianPair.dense(dim) for dim in (2, 5, 25, 50)),
        *(_two_pairs(dim) for dim in (5, 25)),
        GaussianPair.one_factor(5, snr=20.0),
        GaussianPair.linked(10, n_linked=10, correlation=correlation_of_bits(3.0)),
    )


def _mapped() -> tuple[PairSource, ...]:
    return (
        *(
            mapped_by(bijection, _one_pair(correlation=0.75))
            for bijection in (
                bijections.CUBE,
                bijections.WIGGLY,
                bijections.TWO_HUMPS,
                bijections.SWISS_ROLL,
            )
        ),
        mapped_by(bijections.HALF_CUBE, _two_pairs(5)),
        mapped_by(bijections.SPIRAL, _two_pairs(3)),
        mapped_by(bijections.SPIRAL, _two_pairs(5)),
        mapped_by(bijections.SPIRAL, mapped_by(bijections.NORMAL_CDF, _two_pairs(25))),
    )


def _heavy_tailed() -> tuple[PairSource, ...]:
    return (
        StudentPair(1, 1.0),
        StudentPair(2, 1.0),
        StudentPair(3, 2.0),
        StudentPair(5, 3.0),
        mapped_by(bijections.ASINH, StudentPair(1, 1.0)),
        mapped_by(bijections.ASINH, StudentPair(5, 2.0)),
    )


def _bounded_and_mixed() -> tuple[PairSource, ...]:
    return (
        UniformNoisePair(0.1),
        UniformNoisePair(0.75),
        _crossed_ridges(),
        _four_clusters(),
        StackedPair([_crossed_ridges() for _ in range(3)], name="three crossed ridges"),
        StaircasePair(5),
    )


def _images() -> tuple[PairSource, ...]:
    two_factors = Drawing(factors=("x", "y"), pixels=16)
    return (
        image_pair(two_factors, 3.0, noisy_image=False),
        image_pair(DEMO_DRAWING, 8.0, noisy_image=False),
        image_pair(DEMO_DRAWING, 8.0, noisy_image=True),
    )


def _symbols() -> tuple[PairSource, ...]:
    real = GaussianSymbol(is_real=True)
    return (
        AwgnPair(real, 10, 0.0),
        AwgnPair(real, 64, 5.0),
        AwgnPair(real, 512, 21.0),
        CorrelatedInputPair(64, 0.9, 10.0),
        AwgnPair(BPSK, 10, 10.0),
        AwgnPair(BPSK, 512, 5.0),
        AwgnPair(QPSK, 64, 0.0),
        AwgnPair(PSK_8, 32, 10.0),
        AwgnPair(QAM_16, 128, 10.0),
        AwgnPair(QAM_64, 256, 20.0),
        RayleighPair(GaussianSymbol(), 32, 10.0),
        RayleighPair(QAM_16, 64, 10.0),
    )


def _manifolds() -> tuple[PairSource, ...]:
    spheres = ((1, 0.1), (2, 3.0), (8, 20.0), (16, 60.0))
    tori = ((4, 10.0), (16, 60.0))
    return (
        *(ManifoldChannelPair.sphere(dim, mi_bits) for dim, mi_bits in spheres),
        *(ManifoldChannelPair.torus(dim, mi_bits) for dim, mi_bits in tori),
    )


def _crossed_ridges() -> GaussianMixturePair:
    """Return two Gaussians of correlation 0.95 and -0.95 in equal parts: X and Y uncorrelated."""
    ridges = [[[1.0, c], [c, 1.0]] for c in (0.95, -0.95)]
    return GaussianMixturePair([0.5, 0.5], np.zeros((2, 2)), ridges, name="crossed ridges")


def _four_clusters() -> GaussianMixturePair:
    centres = [[-2.0, -2.0], [2.0, 2.0], [-2.0, 2.0], [2.0, -2.0]]
    shares = [0.4, 0.3, 0.2, 0.1]
    spread = np.tile(0.5 * np.eye(2), (4, 1, 1))
    return GaussianMixturePair(shares, centres, spread, name="four clusters")
