"""How finely a data set is written down, against how far apart its points lie."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.records import Notice

_SAMPLED_COLUMNS = 32
_LARGEST_SHARE = 0.03


def coarse_resolution_notice(
    points: Float[NDArray[np.floating], "n_points ambient_dim"], typical_distance: float
) -> Notice | None:
    """Warn when rounding of the coordinates is not small against distances between points.

    A coordinate rounded to a grid of step s errs by s / sqrt(12) in root mean square. That moves a
    distance r over D coordinates by s / sqrt(6) at random and lengthens it by s^2 D / (12 r). The
    step is the smallest difference met between values of a column, or the spacing of
    floating-point numbers there.

    Args:
        points: Cloud as handed over, shape (n_points, ambient_dim).
        typical_distance: Median nearest-neighbour distance, in data units.

    Returns:
        A notice if that error exceeds three per cent of the distance, else None.
    """
    ambient_dim = points.shape[1]
    columns = np.unique(np.linspace(0, ambient_dim - 1, _SAMPLED_COLUMNS).astype(np.int64))
    steps = np.array([_grid_step(points[:, column]) for column in columns])
    varying = steps[steps > 0.0]
    if varying.size == 0:
        return None
    # The median: a column that takes two values only is no rounded one.
    step = float(np.median(varying))
    n_varying = ambient_dim * varying.size / steps.size
    lengthening = step * (step / max(typical_distance, step)) * n_varying / 12.0
    error = math.hypot(step / math.sqrt(6.0), lengthening)
    if error <= _LARGEST_SHARE * typical_distance:
        return None
    return Notice(
        code="coarse_resolution",
        message=(
            f"Coordinates are rounded to steps of about {step:.2g}, which moves distances by "
            f"{error:.2g}; the median nearest-neighbour distance is only {typical_distance:.2g}: "
            "give more digits, or subtract a large offset before rounding."
        ),
    )


def _grid_step(column: NDArray[np.floating]) -> float:
    values = np.unique(column)
    if values.size < 2:
        return 0.0
    spacing = float(np.spacing(np.abs(values).max()))
    return max(float(np.diff(values.astype(np.float64)).min()), spacing)
