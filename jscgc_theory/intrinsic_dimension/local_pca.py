"""Local principal components: how many directions the neighbours of a point spread in."""

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator, normal_estimate
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.records import Estimate
from jscgc_theory.validation import check_count, check_probability

_MAX_CENTRES = 2000
_VALUES_PER_BLOCK = 4_000_000


class LocalPCA(DimensionEstimator):
    r"""Dimension as the mean number of large local principal components.

    Around each point the eigenvalues of the covariance of its neighbours are counted that exceed
    ``threshold`` times the largest (Fukunaga and Olsen 1971). Counting is whole-numbered at each
    point; noise and curvature above the threshold raise it.

    Args:
        n_neighbours: Neighbours about each centre.
        threshold: Share of the largest eigenvalue that counts, in (0, 1).

    References:
        Fukunaga, Olsen. An algorithm for finding intrinsic dimensionality of data. 1971.
    """

    def __init__(self, *, n_neighbours: int = 50, threshold: float = 0.05) -> None:
        self.n_neighbours = n_neighbours
        self.threshold = threshold

    @property
    def n_neighbours_needed(self) -> int:
        """Neighbours about each centre."""
        return check_count(self.n_neighbours, name="n_neighbours", minimum=2)

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from up to 2000 evenly chosen centres.

        The interval treats centres farther apart than a neighbourhood as independent: n centres
        of k neighbours among N points count as at most N / k.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.

        Raises:
            InputError: If only distances are known or the threshold is out of range.
        """
        points = sample.require_points("local PCA")
        threshold = check_probability(self.threshold, name="threshold")
        k = min(self.n_neighbours_needed, sample.neighbours.n_neighbours)
        if k < 2:
            raise InputError("local PCA needs at least 2 neighbours a point; add points")
        centres = np.unique(np.linspace(0, sample.n_points - 1, _MAX_CENTRES).astype(np.int64))
        counts = _component_counts(points, sample.neighbours.indices[centres, :k], threshold)
        n_independent = max(1.0, min(float(len(centres)), sample.n_points / k))
        return normal_estimate(
            float(counts.mean()),
            float(counts.std()) / float(np.sqrt(n_independent)),
            method=f"local PCA, {k} neighbours, eigenvalues above {threshold:g} of the largest",
            n_points_used=len(centres),
            n_neighbours=k,
        )


def _component_counts(
    points: NDArray[np.floating], neighbours: NDArray[np.int64], threshold: float
) -> NDArray[np.float64]:
    n_centres, k = neighbours.shape
    counts = np.empty(n_centres)
    step = max(1, _VALUES_PER_BLOCK // (k * points.shape[1]))
    for start in range(0, n_centres, step):
        block = slice(start, min(start + step, n_centres))
        cloud = points[neighbours[block]].astype(np.float64)
        cloud -= cloud.mean(axis=1, keepdims=True)
        # The largest step is one, so that squares keep within the range of floating-point numbers.
        cloud /= np.maximum(np.abs(cloud).max(axis=(1, 2), keepdims=True), np.finfo(float).tiny)
        eigenvalues = np.linalg.eigvalsh(np.einsum("nki,nli->nkl", cloud, cloud))
        counts[block] = (eigenvalues > threshold * eigenvalues[:, -1:]).sum(axis=1)
    return counts
