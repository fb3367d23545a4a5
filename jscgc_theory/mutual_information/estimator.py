"""The protocol of every estimator of mutual information, in scikit-learn's manner."""

import abc
from typing import Any, Literal, Self

from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice

Z_95 = 1.959963984540054
"""Half width of a 95 % interval in standard errors."""

Side = Literal["estimate", "lower_bound", "upper_bound"]
"""What a value claims, to be I itself or only to lie on one side of it."""


class MIEstimator(BaseEstimator, abc.ABC):
    """An estimator of I(X; Y) in bits.

    Subclasses take their settings as keyword arguments and turn a :class:`.PairedSample` into an
    :class:`~jscgc_theory.records.Estimate` in bits, whose detail ``side`` says what the value
    claims. After ``fit`` the attributes ``mi_bits_`` (a float) and ``estimate_`` are set.
    """

    mi_bits_: float
    estimate_: Estimate

    @abc.abstractmethod
    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate I(X; Y) of a prepared sample.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate, in bits.
        """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Estimate the mutual information of paired samples.

        Args:
            X: Shape (n_pairs, x_dim) or (n_pairs,); complex columns count as two.
            y: Shape (n_pairs, y_dim) or (n_pairs,).

        Returns:
            The estimator, with ``mi_bits_`` and ``estimate_`` set.

        Raises:
            InputError: If either is unusable or their lengths differ.
        """
        sample = PairedSample.from_arrays(X, y)
        found = self.estimate(sample)
        self.estimate_ = found.model_copy(update={"notices": sample.notices + found.notices})
        self.mi_bits_ = self.estimate_.value
        return self


def bits_estimate(
    value: float,
    *,
    standard_error: float | None,
    method: str,
    n_points_used: int,
    side: Side = "estimate",
    notices: tuple[Notice, ...] = (),
    **details: Any,
) -> Estimate:
    """Make an estimate of I in bits.

    An estimate of I itself carries a 95 % normal interval; a bound carries its standard error
    but no interval, since it says nothing of the other side.

    Args:
        value: Bits. Small negative values are kept: they are what a fluctuation about 0 looks
            like; the interval never reaches below zero.
        standard_error: Its standard error in bits, if known.
        method: How it was found, in words.
        n_points_used: Pairs behind it.
        side: What the value claims.
        notices: What the reader should know.
        **details: Further evidence.

    Returns:
        The estimate.
    """
    interval = None
    if side == "estimate" and standard_error is not None:
        low = max(0.0, value - Z_95 * standard_error)
        interval = (low, max(low, value + Z_95 * standard_error))
    return Estimate(
        value=float(value),
        standard_error=standard_error,
        interval=interval,
        method=method,
        n_points_used=n_points_used,
        notices=notices,
        details={"side": side, **details},
    )
