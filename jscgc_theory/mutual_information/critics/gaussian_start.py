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
LEAST_CORRELATION_IN_ERRORS = 2.0
"""Canonical directions less correlated than this, in standard errors, are left out as noise."""

Cloud = Float[NDArray[np.float64], "n_points dim"]
Embedding = Float[NDArray[np.float64], "n_points n_start"]


@dataclass(frozen=True)
class GaussianStart:
    """An inner product of embeddings that equals the log density ratio of a Gaussian pair.

    The canonical directions are those of the training pairs, their correlations those of the
    validation pairs: measured where they were not fitted, they do not overstate.
    """

    to_u: Whitening
    to_v: Whitening
    correlations: Float[NDArray[np.float64], " n_directions"]

    @classmethod
    def of(
        cls,
        x: Float[NDArray[np.float64], "n_train x_dim"],
        y: Float[NDArray[np.float64], "n_train y_dim"],
        held_out_x: Float[NDArray[np.float64], "n_held_out x_dim"],
        held_out_y: Float[NDArray[np.float64], "n_held_out y_dim"],
    ) -> Self:
        """Fit the directions on some pairs and their correlations on others.

        Args:
            x: Training points, shape (n_train, x_dim).
            y: Training points, shape (n_train, y_dim).
            held_out_x: Points for the correlations.
            held_out_y: Points for the correlations.

        Returns:
            The start; without a credible correlation its log ratio is 0.
        """
        to_u, u = Whitening.of(x)
        to_v, v = Whitening.of(y)
        left, _, right = np.linalg.svd(u.T @ v)
        to_u, to_v = to_u.turned(left), to_v.turned(right.T)
        n = min(to_u.rank, to_v.rank)
        correlations = _correlations(_project(to_u, held_out_x, n), _project(to_v, held_out_y, n))
        credible = correlations > LEAST_CORRELATION_IN_ERRORS / math.sqrt(len(held_out_x))
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


def _project(
    to_canonical: Whitening, cloud: Cloud, n: int
) -> Float[NDArray[np.float64], "n_points n_directions"]:
    return to_canonical(cloud[:, : len(to_canonical.centre)])[:, :n]


def _correlations(u: Cloud, v: Cloud) -> Float[NDArray[np.float64], " dim"]:
    u, v = u - u.mean(axis=0), v - v.mean(axis=0)
    spread = np.sqrt(np.square(u).sum(axis=0) * np.square(v).sum(axis=0))
    covered = np.divide((u * v).sum(axis=0), spread, out=np.zeros_like(spread), where=spread > 0.0)
    return np.asarray(np.minimum(covered, LARGEST_CORRELATION))
