r"""How wrong a model's information can be, judged from its residuals.

With e the residual of Y given X, standard normal under the model like the marginal coordinates v
of Y, and J the divergence of a law from the standard normal,

    I - I_model = J(e) - J(v) + I(X; e),

and the same with X and Y exchanged. The tests find parts of each term; nothing found beyond
chance means nothing wrong that they can see.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.parametric.dependence_tests import feature_departures
from jscgc_theory.mutual_information.parametric.model import Residuals
from jscgc_theory.mutual_information.parametric.smooth_tests import (
    kurtosis_nats,
    normal_departure,
    radius_transform,
    shape_departure,
)
from jscgc_theory.records import Notice
from jscgc_theory.units import nats_to_bits

_LEVEL = 5e-4
"""Of each of the 16 tests: together they wrongly find something in less than 1 % of samples."""
_RELATIVE_TOLERANCE = 0.05
_ABSOLUTE_TOLERANCE_BITS = 0.05
_MARGIN = 4.0
"""The parts found are lower bounds, so a quarter of the tolerance already counts."""

Cloud = Float[NDArray[np.float64], "n_pairs _"]


@dataclass(frozen=True)
class Direction:
    """What was found in J(e) - J(v), of either sign, and in I(X; e), in bits."""

    shape_bits: float
    dependence_bits: float

    @property
    def concern_bits(self) -> float:
        """The larger of both in size."""
        return max(abs(self.shape_bits), self.dependence_bits)

    def cancels(self, threshold_bits: float) -> bool:
        """Tell whether both parts exceed the threshold with opposite signs."""
        return min(-self.shape_bits, self.dependence_bits) > threshold_bits


def misfit_bits(residuals: Residuals, value_bits: float, *views: Residuals) -> float:
    """Return how wrong the model's information appears to be, 0 if within tolerance.

    A direction in which parts of opposite sign are found may still be right as a whole; the
    other direction then decides, because both measure the same error.

    Args:
        residuals: The sample in coordinates that are standard normal under the model.
        value_bits: The model's information.
        *views: The same in other coordinates, for the tests of single coordinates.

    Returns:
        The largest part found, in bits, if it exceeds a quarter of the tolerance of 5 % or
        0.05 bit; else 0.
    """
    threshold = tolerance_bits(value_bits) / _MARGIN
    first = _direction(residuals, views)
    second = _direction(residuals.swapped(), tuple(view.swapped() for view in views))
    concerns = first.concern_bits, second.concern_bits
    for cancelling, other in ((first, second), (second, first)):
        if cancelling.cancels(threshold) and other.concern_bits <= threshold:
            return 0.0
    return max(concerns) if max(concerns) > threshold else 0.0


def tolerance_bits(value_bits: float) -> float:
    """Return the error beyond which an answer needs a notice: 5 % or 0.05 bit."""
    return max(_ABSOLUTE_TOLERANCE_BITS, _RELATIVE_TOLERANCE * abs(value_bits))


def misfit_notices(code: str, law: str, misfit: float, remedy: str) -> tuple[Notice, ...]:
    """Return the notice that a law does not fit, if it does not.

    Args:
        code: The notice's code.
        law: The law in words.
        misfit: What :func:`misfit_bits` found.
        remedy: What to do instead.

    Returns:
        No notice or one.
    """
    if not misfit:
        return ()
    message = (
        f"The pairs do not follow {law}: the value, and its interval, may be wrong by about "
        f"{misfit:.2g} bits or more in either direction. {remedy}"
    )
    return (Notice(code=code, message=message),)


def _direction(residuals: Residuals, views: tuple[Residuals, ...]) -> Direction:
    """Measure J(e) - J(v) and I(X; e) as far as the tests see them."""
    shapes = [_shape_nats(residuals.y_given_x, residuals.y)]
    shapes += [_shape_nats(view.y_given_x, view.y) for view in views]
    shapes += [_radius_nats(residuals.y_given_x, residuals.y, residuals.x)]
    found = feature_departures(residuals.y_given_x, residuals.x)
    dependence = max((part.nats for part in found if part.p_value < _LEVEL), default=0.0)
    return Direction(nats_to_bits(max(shapes, key=abs)), nats_to_bits(max(dependence, 0.0)))


def _shape_nats(residual: Cloud, marginal: Cloud) -> float:
    left, right = normal_departure(residual), normal_departure(marginal)
    if min(left.p_value, right.p_value) >= _LEVEL:
        return 0.0
    return left.nats - right.nats


def _radius_nats(residual: Cloud, marginal: Cloud, given: Cloud) -> float:
    if marginal.shape[1] == 1:
        return 0.0
    left = shape_departure(radius_transform(residual, given))
    right = shape_departure(radius_transform(marginal))
    if min(left.p_value, right.p_value) >= _LEVEL:
        return 0.0
    by_kurtosis = kurtosis_nats(residual) - kurtosis_nats(marginal)
    return max(left.nats - right.nats, by_kurtosis, key=abs)
