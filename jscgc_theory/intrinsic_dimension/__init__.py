"""Estimators of intrinsic dimension from neighbour distances, directions and pair counts."""

from jscgc_theory.intrinsic_dimension.corrected_likelihood import (
    CorrectedLikelihood as CorrectedLikelihood,
)
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator as DimensionEstimator
from jscgc_theory.intrinsic_dimension.gride import Gride as Gride
from jscgc_theory.intrinsic_dimension.maximum_likelihood import (
    MaximumLikelihood as MaximumLikelihood,
)
from jscgc_theory.intrinsic_dimension.recommended import DimensionFit as DimensionFit
from jscgc_theory.intrinsic_dimension.recommended import (
    RecommendedDimension as RecommendedDimension,
)
from jscgc_theory.intrinsic_dimension.sample import Sample as Sample
from jscgc_theory.intrinsic_dimension.two_nn import TwoNN as TwoNN
