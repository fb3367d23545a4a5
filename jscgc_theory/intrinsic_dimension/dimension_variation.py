"""Do neighbourhoods differ in dimension, so that no single number describes the data?"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

from jscgc_theory.neighbours import Neighbours

_BANDS = ((2, 4), (4, 8))
"""Pairs of ranks, the smallest scales at which the variation can be seen."""
_LEAST_VARIATION = 0.2
_LEAST_STANDARD_ERRORS = 3.0


@dataclass(frozen=True)
class DimensionVariation:
    """How far local dimensions lie apart, at two scales."""

    relative: tuple[float, ...]
    """Standard deviation of 1/d over neighbourhoods, relative to its mean, at each scale."""
    standard_errors: tuple[float, ...]
    """How many standard errors the spread of ratios lies above that of a single dimension."""

    @property
    def is_clear(self) -> bool:
        """Whether dimensions differ by a fifth at both scales, and not by chance."""
        far = min(self.relative) > _LEAST_VARIATION
        return far and min(self.standard_errors) > _LEAST_STANDARD_ERRORS


def dimension_variation(neighbours: Neighbours) -> DimensionVariation:
    r"""Compare the spread of log-ratios of distances with that of a single dimension.

    In a neighbourhood of dimension d, ln(r_m / r_k) has mean (psi(m) - psi(k)) / d and variance
    (psi'(k) - psi'(m)) / d^2 whatever the density. If 1/d varies with relative standard deviation
    v, the variance over the squared mean becomes 1 + v^2 (1 + (psi(m) - psi(k))^2 / (psi'(k) -
    psi'(m))) times what a single d foretells. On a single manifold what curvature and density add
    dies away with the scale, so the variation must show at both.

    Args:
        neighbours: Table with at least 8 columns; with fewer, scales that it lacks are left out.

    Returns:
        The variation; none where no scale can be read.
    """
    found = [
        _at_scale(np.log(neighbours.distances[:, [near - 1, far - 1]]), near, far)
        for near, far in _BANDS
        if far <= neighbours.n_neighbours
    ]
    relative, errors = zip(*(found or [(0.0, 0.0)]), strict=True)
    return DimensionVariation(relative, errors)


def _at_scale(
    logs: Float[NDArray[np.float64], "n_points 2"], near: int, far: int
) -> tuple[float, float]:
    ratios = logs[:, 1] - logs[:, 0]
    squares = np.square(ratios - ratios.mean())
    if squares.mean() == 0.0:
        return 0.0, 0.0
    step = float(digamma(far) - digamma(near)) ** 2
    single = float(polygamma(1, near) - polygamma(1, far))
    growth = float(squares.mean() / ratios.mean() ** 2) * step / single
    log_error = float(squares.std() / squares.mean()) / math.sqrt(len(squares))
    relative = math.sqrt(max(0.0, growth - 1.0) / (1.0 + step / single))
    return relative, math.log(growth) / log_error
