"""Manifolds drawn at random, of known dimension, on which estimators are calibrated.

A law on d parameters (:mod:`.random_laws`) is carried into space by one or two random charts
(:mod:`.random_charts`). Each chart is an immersion, so that the dimension stays d. None of the
sets on which estimators are compared is among them by name; they are what such sets are made of.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.manifold import Sample
from jscgc_theory.sources.random_charts import CHARTS, SECOND_CHARTS
from jscgc_theory.sources.random_laws import LAWS
from jscgc_theory.validation import check_count

_LARGEST_AMBIENT_DIM = 500
_SHARE_STRETCHED, _SHARE_MIXED, _SHARE_BENT_TWICE = 0.5, 0.5, 0.25


@dataclass(frozen=True)
class RandomManifold:
    """Points of a manifold drawn at random, with what it was made of."""

    points: Sample
    """Shape (n_points, ambient_dim)."""
    intrinsic_dim: int
    """True dimension d."""
    law: str
    """Name of the law of the parameters."""
    charts: tuple[str, ...]
    """Names of the charts, in the order in which they were applied."""


def random_manifold(n_points: int, intrinsic_dim: int, rng: np.random.Generator) -> RandomManifold:
    """Draw a manifold of a dimension, and points of it.

    Args:
        n_points: Number of points, at least two.
        intrinsic_dim: d.
        rng: Source of randomness, of the manifold as of the points.

    Returns:
        The points, the law and the charts.
    """
    n_points = check_count(n_points, name="n_points", minimum=2)
    intrinsic_dim = check_count(intrinsic_dim, name="intrinsic_dim")
    law = str(rng.choice(list(LAWS)))
    points = _standard(LAWS[law](n_points, intrinsic_dim, rng))
    if rng.random() < _SHARE_STRETCHED:
        points = points * _log_normal(0.6 * rng.random(), points.shape[1], rng)
    charts = [str(rng.choice(list(CHARTS)))]
    points = CHARTS[charts[0]](points, rng)
    if rng.random() < _SHARE_BENT_TWICE and points.shape[1] < _LARGEST_AMBIENT_DIM // 3:
        charts.append(str(rng.choice(SECOND_CHARTS)))
        points = CHARTS[charts[1]](_standard(points), rng)
    if rng.random() < _SHARE_MIXED and points.shape[1] < _LARGEST_AMBIENT_DIM // 3:
        points = points @ _mixing(points.shape[1], rng)
    return RandomManifold(points, intrinsic_dim, law, tuple(charts))


def _standard(points: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = points - points.mean(axis=0)
    spread = float(moved.std())
    if not 0.0 < spread < np.inf:
        raise InputError(f"{len(points)} points do not spread; draw more of them")
    return np.asarray(moved / spread)


def _log_normal(sigma: float, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(np.exp(sigma * rng.standard_normal(size)))


def _mixing(n_columns: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a random linear map to as many columns or a few more, of full rank."""
    wide = rng.standard_normal((n_columns, n_columns + int(rng.integers(0, 5))))
    if rng.random() < 0.5:
        return np.asarray(np.linalg.qr(wide.T)[0].T)
    return np.asarray(wide / np.sqrt(n_columns))
