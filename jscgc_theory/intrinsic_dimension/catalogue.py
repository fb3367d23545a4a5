"""The estimators by name."""

from collections.abc import Callable

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.calibrated import CalibratedDimension
from jscgc_theory.intrinsic_dimension.corrected_likelihood import CorrectedLikelihood
from jscgc_theory.intrinsic_dimension.correlation import CorrelationDimension
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator
from jscgc_theory.intrinsic_dimension.gride import Gride
from jscgc_theory.intrinsic_dimension.local_pca import LocalPCA
from jscgc_theory.intrinsic_dimension.maximum_likelihood import MaximumLikelihood
from jscgc_theory.intrinsic_dimension.skdim_estimators import SKDIM_NAMES, SkdimEstimator
from jscgc_theory.intrinsic_dimension.two_nn import TwoNN

_OWN: dict[str, Callable[[], DimensionEstimator]] = {
    "calibrated": CalibratedDimension,
    "corrected_likelihood": CorrectedLikelihood,
    "maximum_likelihood": MaximumLikelihood,
    "two_nn": TwoNN,
    "gride": Gride,
    "correlation": CorrelationDimension,
    "local_pca": LocalPCA,
}
_ALIASES = {
    "mle": "maximum_likelihood",
    "twonn": "two_nn",
    "lpca": "local_pca",
    "takens": "correlation",
}
_SKDIM_PREFIX = "skdim."

STANDARD_SET = ("corrected_likelihood", "maximum_likelihood", "two_nn", "gride", "local_pca")
"""What is run when no names are given; each reads the same neighbour table."""

ESTIMATOR_NAMES = (*_OWN, *(_SKDIM_PREFIX + name for name in SKDIM_NAMES))
"""All names that :func:`.make_estimator` knows."""


def make_estimator(name: str) -> tuple[str, DimensionEstimator]:
    """Return an estimator by its name, whatever the case.

    Args:
        name: One of ``ESTIMATOR_NAMES``, such as ``two_nn`` or ``skdim.DANCo``. ``TwoNN``,
            ``MLE``, ``lPCA`` and ``Takens`` mean this package's own; other names of
            scikit-dimension need no prefix.

    Returns:
        The canonical name and the estimator with its default settings.

    Raises:
        InputError: If there is no such estimator.
    """
    key = name.strip().lower().replace("-", "_")
    key = _ALIASES.get(key, key)
    if key in _OWN:
        return key, _OWN[key]()
    for full_name in SKDIM_NAMES:
        if key in (full_name.lower(), (_SKDIM_PREFIX + full_name).lower()):
            return _SKDIM_PREFIX + full_name, SkdimEstimator(full_name)
    raise InputError(f"estimator = {name!r} is unknown; choose from {', '.join(ESTIMATOR_NAMES)}")
