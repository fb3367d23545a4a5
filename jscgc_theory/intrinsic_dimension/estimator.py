"""The protocol of every estimator of intrinsic dimension, in scikit-learn's manner."""

import abc
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.sample import MIN_POINTS, Sample
from jscgc_theory.records import Estimate

Z_95 = 1.959963984540054
"""Half width of a 95 % interval in standard errors."""


class _UnreadableError(InputError, TypeError):
    """Points of a type that holds no numbers; scikit-learn's protocol asks for a TypeError."""


class DimensionEstimator(BaseEstimator, abc.ABC):
    """An estimator of intrinsic dimension.

    Subclasses take their settings as keyword arguments, say how many neighbours they need, and
    turn a :class:`Sample` into an :class:`~jscgc_theory.records.Estimate`. After ``fit`` the
    attributes ``dimension_`` (a float) and ``estimate_`` (with interval and evidence) are set.
    """

    dimension_: float
    estimate_: Estimate

    @property
    @abc.abstractmethod
    def n_neighbours_needed(self) -> int:
        """Neighbours per point the method reads."""

    @abc.abstractmethod
    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension of a prepared sample.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.
        """

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Estimate the dimension of a cloud of points.

        Args:
            X: Cloud, shape (n_points, ambient_dim).
            y: Ignored; present for pipelines.

        Returns:
            The estimator, with ``dimension_`` and ``estimate_`` set.

        Raises:
            InputError: If the cloud is unusable.
        """
        try:
            cloud = validate_data(
                self, X, dtype=[np.float64, np.float32], ensure_min_samples=MIN_POINTS
            )
        except (ValueError, TypeError) as error:
            message = str(error).splitlines()[0]
            kind = _UnreadableError if isinstance(error, TypeError) else InputError
            raise kind(f"{message} Give finite points of shape (n_points, n_features).") from error
        return self._keep(Sample.from_points(cloud, self.n_neighbours_needed))

    def fit_distances(self, matrix: ArrayLike) -> Self:
        """Estimate the dimension from a matrix of distances computed elsewhere.

        Args:
            matrix: Symmetric distances, shape (n_points, n_points).

        Returns:
            The estimator, with ``dimension_`` and ``estimate_`` set.
        """
        return self._keep(Sample.from_distances(matrix, self.n_neighbours_needed))

    def _keep(self, sample: Sample) -> Self:
        found = self.estimate(sample)
        self.estimate_ = found.model_copy(update={"notices": sample.notices + found.notices})
        self.dimension_ = self.estimate_.value
        return self


def normal_estimate(
    value: float, standard_error: float, *, method: str, n_points_used: int, **details: Any
) -> Estimate:
    """Build an estimate with the 95 % interval of a normal law.

    Args:
        value: The estimate.
        standard_error: Its standard error.
        method: How it was found, in words.
        n_points_used: Points behind it.
        **details: Further evidence.

    Returns:
        The estimate; the interval never reaches below zero.
    """
    return Estimate(
        value=float(value),
        standard_error=float(standard_error),
        interval=(
            max(0.0, float(value - Z_95 * standard_error)),
            float(value + Z_95 * standard_error),
        ),
        method=method,
        n_points_used=n_points_used,
        details=details,
    )
