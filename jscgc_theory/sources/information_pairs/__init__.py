"""Pairs of known mutual information: what estimators of it are judged by."""

from jscgc_theory.sources.information_pairs import bijections as bijections
from jscgc_theory.sources.information_pairs.awgn_pair import AwgnPair as AwgnPair
from jscgc_theory.sources.information_pairs.benchmark import (
    information_benchmark as information_benchmark,
)
from jscgc_theory.sources.information_pairs.bounded_noise import StaircasePair as StaircasePair
from jscgc_theory.sources.information_pairs.bounded_noise import (
    UniformNoisePair as UniformNoisePair,
)
from jscgc_theory.sources.information_pairs.constellations import BPSK as BPSK
from jscgc_theory.sources.information_pairs.constellations import PSK_8 as PSK_8
from jscgc_theory.sources.information_pairs.constellations import QAM_16 as QAM_16
from jscgc_theory.sources.information_pairs.constellations import QAM_64 as QAM_64
from jscgc_theory.sources.information_pairs.constellations import QPSK as QPSK
from jscgc_theory.sources.information_pairs.correlated_input import (
    CorrelatedInputPair as CorrelatedInputPair,
)
from jscgc_theory.sources.information_pairs.gaussian_mixture import (
    GaussianMixturePair as GaussianMixturePair,
)
from jscgc_theory.sources.information_pairs.gaussian_pair import GaussianPair as GaussianPair
from jscgc_theory.sources.information_pairs.gaussian_pair import (
    correlation_of_bits as correlation_of_bits,
)
from jscgc_theory.sources.information_pairs.image_pairs import image_pair as image_pair
from jscgc_theory.sources.information_pairs.known_channel_pair import ChannelDraw as ChannelDraw
from jscgc_theory.sources.information_pairs.known_channel_pair import (
    KnownChannelPair as KnownChannelPair,
)
from jscgc_theory.sources.information_pairs.manifold_channel import (
    ManifoldChannelPair as ManifoldChannelPair,
)
from jscgc_theory.sources.information_pairs.mapped_pair import MappedPair as MappedPair
from jscgc_theory.sources.information_pairs.mapped_pair import mapped_by as mapped_by
from jscgc_theory.sources.information_pairs.pair_source import PairSource as PairSource
from jscgc_theory.sources.information_pairs.rayleigh_pair import RayleighPair as RayleighPair
from jscgc_theory.sources.information_pairs.stacked_pair import StackedPair as StackedPair
from jscgc_theory.sources.information_pairs.student_pair import StudentPair as StudentPair
from jscgc_theory.sources.information_pairs.symbol_law import GaussianSymbol as GaussianSymbol
