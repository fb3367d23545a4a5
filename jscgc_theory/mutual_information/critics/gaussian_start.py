"""The log ratio of a Gaussian pair, from which a critic starts."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.parametric.whitening import Whitening

LARGEST_CORRELATION = 0.9999
"""Beyond it the log ratio is a small difference of large numbers in single precision."""
N_PARTS = 5
"""Parts of the pairs that are left out in turn while directions are fitted to the others."""
LEAST_CORRELATION_IN_ERRORS = 2.0
"""Canonical directions less correlated than this, in standard errors, are left out as noise."""

Cloud = Float[NDArray[np.float64], "n_points dim"]
XCloud = Float[NDArray[np.float64], "n_pairs x_dim"]
YCloud = Float[NDArray[np.float64], "n_pairs y_dim"]
Embedding = Float[NDArray[np.float64], "n_points n_start"]


@dataclass(frozen=True)
class GaussianStart:
    """An inner product of embeddings that equals the log density ratio of a Gaussian pair.

    The correlations of its canonical directions are measured by cross-fitting within the pairs:
    where directions were not fitted, their correlations are not overstated.
    """

    to_u: Whitening
    to_v: Whitening
    correlations: Float[NDArray[np.float64], " n_directions"]

    @classmethod
    def of(cls, x: XCloud, y: YCloud) -> Self:
        """Fit the directions on all pairs, and their correlations on parts left out in turn.

        Args:
            x: Training points, shape (n_pairs, x_dim).
            y: Training points, shape (n_pairs, y_dim).

        Returns:
            The start; without a credible correlation its log ratio is 0.
        """
        to_u, to_v = _canonical_maps(x, y)
        correlations = _left_out_correlations(x, y, min(to_u.rank, to_v.rank))
        credible = correlations > LEAST_CORRELATION_IN_ERRORS / math.sqrt(len(x))
        return cls(to_u, to_v, np.where(credible, correlations, 0.0))

    @property
    def without(self) -> Self:
        """The same directions with a log ratio of 0."""
        return dataclasses.replace(self, correlations=np.zeros_like(self.correlations))

    def embed_x(self, cloud: Cloud) -> Embedding:
        """Return the embedding of x, shape (n_points, n_directions + 2).

        Of a cloud with more columns than the start was fitted on, the first ones count.
        """
        u = _project(self.to_u, cloud, len(self.correlations))
        gap = 1.0 - np.square(self.correlations)
        own = -0.5 * np.log(gap).sum() - np.square(u) @ self._own_weights
        return np.column_stack([u * (self.correlations / gap), own, np.ones(len(u))])

    def embed_y(self, cloud: Cloud) -> Embedding:
        """Return the embedding of y, shape (n_points, n_directions + 2)."""
        v = _project(self.to_v, cloud, len(self.correlations))
        return np.column_stack([v, np.ones(len(v)), -np.square(v) @ self._own_weights])

    @property
    def _own_weights(self) -> Float[NDArray[np.float64], " n_directions"]:
        squares = np.square(self.correlations)
        return 0.5 * squares / (1.0 - squares)


def _canonical_maps(x: XCloud, y: YCloud) -> tuple[Whitening, Whitening]:
    to_u, u = Whitening.of(x)
    to_v, v = Whitening.of(y)
    left, _, right = np.linalg.svd(u.T @ v)
    return to_u.turned(left), to_v.turned(right.T)


def _left_out_correlations(
    x: XCloud, y: YCloud, n: int
) -> Float[NDArray[np.float64], " n_directions"]:
    # A part of the pairs may fill fewer directions than all of them: the others stay zero.
    u, v = np.zeros((2, len(x), n))
    part = np.arange(len(x)) % N_PARTS
    for k in range(N_PARTS):
        left_out = part == k
        maps = _canonical_maps(x[~left_out], y[~left_out])
        some = min(n, *(to_canonical.rank for to_canonical in maps))
        u[left_out, :some] = _project(maps[0], x[left_out], some)
        v[left_out, :some] = _project(maps[1], y[left_out], some)
    return _correlations(u, v)


def _project(
    to_canonical: Whitening, cloud: Cloud, n: int
) -> Float[NDArray[np.float64], "n_points n_directions"]:
    return to_canonical(cloud[:, : len(to_canonical.centre)])[:, :n]


def _correlations(u: Cloud, v: Cloud) -> Float[NDArray[np.float64], " dim"]:
    u, v = u - u.mean(axis=0), v - v.mean(axis=0)
    spread = np.sqrt(np.square(u).sum(axis=0) * np.square(v).sum(axis=0))
    covered = np.divide((u * v).sum(axis=0), spread, out=np.zeros_like(spread), where=spread > 0.0)
    return np.asarray(np.minimum(covered, LARGEST_CORRELATION))
