"""Estimators of intrinsic dimension from neighbour distances, directions and pair counts."""

from jscgc_theory.intrinsic_dimension.calibrated import (
    CalibratedDimension as CalibratedDimension,
)
from jscgc_theory.intrinsic_dimension.catalogue import ESTIMATOR_NAMES as ESTIMATOR_NAMES
from jscgc_theory.intrinsic_dimension.catalogue import STANDARD_SET as STANDARD_SET
from jscgc_theory.intrinsic_dimension.catalogue import make_estimator as make_estimator
from jscgc_theory.intrinsic_dimension.corrected_likelihood import (
    CorrectedLikelihood as CorrectedLikelihood,
)
from jscgc_theory.intrinsic_dimension.correlation import (
    CorrelationDimension as CorrelationDimension,
)
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator as DimensionEstimator
from jscgc_theory.intrinsic_dimension.gride import Gride as Gride
from jscgc_theory.intrinsic_dimension.local_dimension import LocalDimensions as LocalDimensions
from jscgc_theory.intrinsic_dimension.local_dimension import local_dimensions as local_dimensions
from jscgc_theory.intrinsic_dimension.local_pca import LocalPCA as LocalPCA
from jscgc_theory.intrinsic_dimension.maximum_likelihood import (
    MaximumLikelihood as MaximumLikelihood,
)
from jscgc_theory.intrinsic_dimension.recommended import DimensionFit as DimensionFit
from jscgc_theory.intrinsic_dimension.recommended import (
    RecommendedDimension as RecommendedDimension,
)
from jscgc_theory.intrinsic_dimension.sample import Sample as Sample
from jscgc_theory.intrinsic_dimension.scale_scan import ScaleReading as ScaleReading
from jscgc_theory.intrinsic_dimension.scale_scan import scale_scan as scale_scan
from jscgc_theory.intrinsic_dimension.skdim_estimators import SkdimEstimator as SkdimEstimator
from jscgc_theory.intrinsic_dimension.two_nn import TwoNN as TwoNN
