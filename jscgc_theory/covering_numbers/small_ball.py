"""The small-ball probability S(r) = sup over z in the support of P(rho(X, z) <= r)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.covering_numbers.densest_centre import (
    Candidates,
    densest_points,
    find_candidates,
    shifted_centres,
)
from jscgc_theory.covering_numbers.local_chart import chart_neighbours
from jscgc_theory.covering_numbers.power_law import Z_95, PowerLaw
from jscgc_theory.covering_numbers.read_radius import from_counting, from_extrapolation
from jscgc_theory.covering_numbers.surroundings import square_distances
from jscgc_theory.covering_numbers.tilted_law import TiltedLaw
from jscgc_theory.neighbours import centred_matrix, in_threads
from jscgc_theory.records import Estimate, Notice

_CANDIDATES = 256
_SMALL_SIZE = 1 << 22
_FOLDS = 5
_LEAST_COUNT = 20
_LEAST_CHOICE = 50
_COARSEST_LEVEL = 0.9
_LARGEST_WINDOW = 0.17
_LARGEST_DEVIATION = 4.0
_FOLD_INFLATION = 1.1
"""Growth of the standard error because the folds choose their centres from overlapping data; by
simulation on homogeneous spaces, where the choice is least stable, it is 1.0 to 1.12."""


@dataclass(frozen=True)
class SmallBall:
    """S(r) of a data set at every scale.

    The densest centre of a sample is too good to be true, since chance made it dense. So the
    distance of each point is taken from a centre that was chosen without looking at this point.
    """

    distances: NDArray[np.float64]
    """Row b: ascending distances of all points from the centres chosen at the level 2^-b."""
    tilted: TiltedLaw
    law: PowerLaw
    notices: tuple[Notice, ...]

    @property
    def n_points(self) -> int:
        """Number of points."""
        return int(self.distances.shape[1])

    def radius(self, log2_probability: float) -> Estimate:
        """Return the radius at which S reaches a given value.

        Args:
            log2_probability: log2 S, at most 0.

        Returns:
            The radius, in data units; counted where at least twenty points lie within it, from the
            law of distances about the densest centre below.
        """
        finest = math.log2(min(_LEAST_COUNT / self.n_points, math.exp(self.tilted.log_share)))
        if log2_probability < finest:
            return from_extrapolation(self._extrapolated(log2_probability), self._counted(finest))
        return from_counting(self._counted(log2_probability), self._extrapolated(finest))

    def _extrapolated(self, log2_probability: float) -> Estimate:
        found = self.tilted.radius(log2_probability, "law about the densest centre")
        return found.model_copy(update={"notices": self.notices})

    def _counted(self, log2_probability: float) -> Estimate:
        level = 2.0**log2_probability
        # The second term keeps the interval open at level 1.
        variance = (level * (1.0 - level) + 1.0 / self.n_points) / self.n_points
        error = Z_95 * _FOLD_INFLATION * math.sqrt(variance)
        low, high = max(level - error, 0.0), min(level + error, 1.0)
        return Estimate(
            value=self._quantile(level, log2_probability),
            interval=(
                self._quantile(low, log2_probability),
                self._quantile(high, log2_probability),
            ),
            method="cross-fitted quantile about the densest centre",
            n_points_used=self.n_points,
            notices=self.notices,
        )

    def _quantile(self, share: float, log2_probability: float) -> float:
        """Read a share off the centres of the two levels that enclose the one asked for."""
        position = min(-log2_probability, len(self.distances) - 1.0)
        coarse = math.floor(position)
        fine = min(coarse + 1, len(self.distances) - 1)
        rank = max(1, math.ceil(share * self.n_points))
        logs = np.log(self.distances[[coarse, fine], rank - 1])
        return math.exp(float(logs[0] + (position - coarse) * (logs[1] - logs[0])))


def fit_small_ball(
    points: NDArray[np.floating],
    intrinsic_dim: float,
    variance_dim: float,
    *,
    corrected: bool,
    rng: np.random.Generator,
) -> SmallBall:
    """Fit S(r) about the densest centre of the support, with S = r^d / C_S as r goes to zero.

    In each of five folds the centre is chosen on the other four fifths of the points: the densest
    place is followed from coarse levels to fine ones by mean shift that stays on the manifold. The
    constant is read off the smallest distances, whose tilt by curvature and density is corrected
    if the dimension was.

    Args:
        points: Distinct points, shape (n_points, ambient_dim), at least 5.
        intrinsic_dim: d.
        variance_dim: Squared standard error of d.
        corrected: Whether d was corrected for curvature, so that the manifold is resolved; if not,
            centres are points of the sample and the power law is taken without tilt.
        rng: Splits the points and draws candidate centres.

    Returns:
        The law at every scale.
    """
    moved = centred_matrix(points)
    cloud = moved.rows
    n_points = len(cloud)
    # A centre need not be exact: single precision finds it in half the time and memory.
    coarse = cloud if cloud.size < _SMALL_SIZE else cloud.astype(np.float32, copy=False)
    candidates = find_candidates(coarse, _CANDIDATES, rng)
    levels = _levels(n_points)
    distances = np.empty((len(levels), n_points))
    folds = np.array_split(rng.permutation(n_points), _FOLDS)
    orders = [rng.permutation(np.delete(np.arange(n_points), fold)) for fold in folds]

    def measure(part: tuple[NDArray[np.int64], NDArray[np.int64]]) -> int:
        fold, choosing = part
        dim = intrinsic_dim if corrected else None
        centres, n_unmoved = _centres(coarse, candidates, choosing, levels, dim)
        for row, centre in zip(distances, centres, strict=True):
            row[fold] = np.sqrt(square_distances(cloud[fold], centre))
        return n_unmoved

    n_sample_centres = sum(in_threads(measure, zip(folds, orders, strict=True)))
    # A moved centre may fall on a point; its distance must keep a logarithm.
    smallest = float(distances[distances > 0.0].min(initial=1.0))
    distances = np.sort(np.maximum(distances, smallest), axis=1) * moved.scale
    tilted = _fit_tilted(distances[-1], intrinsic_dim, variance_dim, corrected)
    notices = _notices(tilted, n_sample_centres / (len(folds) * len(levels)))
    return SmallBall(distances, tilted, tilted.power_law(), notices)


def _levels(n_points: int) -> list[float]:
    finest = max(0, math.floor(math.log2(n_points / _LEAST_CHOICE)))
    return [min(_COARSEST_LEVEL, 2.0**-b) for b in range(finest + 1)]


def _centres(
    cloud: NDArray[np.floating],
    candidates: Candidates,
    choosing: NDArray[np.int64],
    levels: list[float],
    intrinsic_dim: float | None,
) -> tuple[list[NDArray[np.float64]], int]:
    """Return a centre for each level, among the rows to choose from, and how many are points."""
    usable = np.isin(candidates.rows, choosing)
    if intrinsic_dim is not None:
        tangent_dim = max(1, round(intrinsic_dim))
        # The bandwidth N^(-1/(d+6)), least in a mode's mean-square error, holds this share.
        smooth_level = 2.0 * len(cloud) ** (-intrinsic_dim / (intrinsic_dim + 6.0))
        if len(choosing) // 2 > chart_neighbours(tangent_dim):
            return shifted_centres(
                cloud, candidates, usable, choosing, levels, smooth_level, tangent_dim
            )
    rows = densest_points(candidates, usable, choosing, levels)
    return [cloud[row].astype(np.float64) for row in rows], len(rows)


def _fit_tilted(
    distance: NDArray[np.float64], d: float, variance_dim: float, corrected: bool
) -> TiltedLaw:
    """Fit the law to the smallest distances, fewer of them until it agrees with the innermost."""
    n_points = len(distance)
    count = _LEAST_COUNT
    if corrected:
        # What is left after the tilt is of order r^4, which N^(8/(d+8)) points balance with noise.
        wanted = min(n_points ** (8.0 / (d + 8.0)), _LARGEST_WINDOW * n_points)
        count = max(count, round(wanted))
    law = _tilted_law(distance, min(count, n_points - 1), d, variance_dim, corrected)
    while count > 2 * _LEAST_COUNT:
        inner = count // 4
        read = math.log(inner / n_points)
        predicted = law.log_probability(math.log(distance[inner]))
        if abs(predicted - read) <= _LARGEST_DEVIATION / math.sqrt(inner):
            break
        count //= 2
        law = _tilted_law(distance, count, d, variance_dim, corrected)
    return law


def _tilted_law(
    distance: NDArray[np.float64], count: int, d: float, variance_dim: float, corrected: bool
) -> TiltedLaw:
    share = count / len(distance)
    square = (distance[:count] / distance[count]) ** 2
    return TiltedLaw(
        intrinsic_dim=d,
        variance_dim=variance_dim,
        log_scale=math.log(distance[count]),
        log_share=math.log(share),
        variance_log_share=_FOLD_INFLATION**2 * (1.0 - share) / count,
        mean_square=float(square.mean()) if corrected else None,
        variance_mean_square=_FOLD_INFLATION**2 * float(square.var()) / count,
        n_points_used=len(distance),
    )


def _notices(tilted: TiltedLaw, sample_centre_share: float) -> tuple[Notice, ...]:
    notices = []
    if sample_centre_share > 0.5:
        notices.append(
            Notice(
                code="centre_is_sample_point",
                message=(
                    "The points do not resolve the manifold well enough to place a centre between "
                    "them, so the densest of them is taken; where density varies, S is read too "
                    "small and radii too large: more points would help."
                ),
            )
        )
    return tuple(notices)
