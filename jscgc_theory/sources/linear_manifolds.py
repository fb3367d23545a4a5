"""Sources on flat sets: Gaussian subspaces and parallelotopes."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from jscgc_theory.errors import InputError
from jscgc_theory.sources.manifold import Manifold, Sample, checked_radii
from jscgc_theory.validation import check_count, check_finite_number, check_positive


@dataclass(frozen=True)
class GaussianSubspace(Manifold):
    """A centred Gaussian with independent coordinates on a d-dimensional subspace.

    Args:
        dim: Dimension d.
        scale: Standard deviation of every coordinate, or one for each.
    """

    dim: int
    scale: float | tuple[float, ...] = 1.0

    def _check_sizes(self) -> None:
        check_count(self.dim, name="dim")
        for value in np.atleast_1d(self.scale):
            check_positive(float(value), name="scale")
        if np.size(self.scale) not in (1, self.dim):
            raise InputError(
                f"scale has {np.size(self.scale)} entries for dim = {self.dim}; "
                "give one number or one per dimension"
            )

    @property
    def scales(self) -> NDArray[np.float64]:
        """Standard deviation of each coordinate, of shape (dim,)."""
        return np.broadcast_to(np.asarray(self.scale, dtype=np.float64), (self.dim,))

    @property
    def intrinsic_dim(self) -> int:
        """Dimension d of the subspace."""
        return self.dim

    @property
    def natural_dim(self) -> int:
        """Dimension d of the subspace."""
        return self.dim

    @property
    def volume(self) -> float:
        """Infinite: the support is the whole subspace."""
        return math.inf

    @property
    def diameter(self) -> float:
        """Infinite: the support is the whole subspace."""
        return math.inf

    @property
    def mean_density(self) -> float:
        """Mean of the density at a random point, ``prod_i (4 pi s_i^2)^(-1/2)``."""
        return math.exp(-float(np.sum(np.log(self.scales) + 0.5 * math.log(4.0 * math.pi))))

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        return self.scales * rng.standard_normal((n_points, self.dim))

    def coincidence_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        """Probability that two points lie within r, ``q(r) = F(r^2 / (2 s^2))``.

        F is the chi-square law with d degrees of freedom; the difference of two points has
        variance ``2 s^2`` per coordinate.

        Args:
            radius: Distances.

        Returns:
            Probabilities, of the shape of ``radius``.

        Raises:
            InputError: If the coordinates have different scales, where there is no closed form.
        """
        square = checked_radii(radius) ** 2
        return np.asarray(special.chdtr(self.dim, square / (2.0 * self._common_scale**2)))

    def small_ball_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        """Largest probability of a ball, ``S(r) = F(r^2 / s^2)``, about the mean (Anderson, 1955).

        Args:
            radius: Radii of the ball.

        Returns:
            Probabilities, of the shape of ``radius``.

        Raises:
            InputError: If the coordinates have different scales, where there is no closed form.
        """
        square = checked_radii(radius) ** 2
        return np.asarray(special.chdtr(self.dim, square / self._common_scale**2))

    @property
    def _common_scale(self) -> float:
        scales = self.scales
        if not np.all(scales == scales[0]):
            raise InputError(
                f"scale = {self.scale} differs between coordinates, where q and S have no closed "
                "form; use one scale or estimate them from samples"
            )
        return float(scales[0])


@dataclass(frozen=True)
class Parallelotope(Manifold):
    """The uniform law on the parallelotope spanned by given edges, an affine image of a cube.

    Args:
        edges: One vector of m coordinates for each of the d edges, linearly independent.
        corner: Where the edges start; the origin by default.
    """

    edges: tuple[tuple[float, ...], ...]
    corner: tuple[float, ...] = ()

    def _check_sizes(self) -> None:
        lengths = {len(edge) for edge in self.edges}
        if len(lengths) != 1:
            raise InputError(
                f"edges have lengths {sorted(lengths)}; give at least one edge, all equally long"
            )
        for value in (*(x for edge in self.edges for x in edge), *self.corner):
            check_finite_number(value, name="edges or corner")
        if np.linalg.matrix_rank(np.asarray(self.edges, dtype=np.float64)) < len(self.edges):
            raise InputError(
                f"edges of a {len(self.edges)}-dimensional parallelotope are linearly dependent; "
                "give independent vectors"
            )
        if len(self.corner) not in (0, self.natural_dim):
            raise InputError(
                f"corner has {len(self.corner)} coordinates but the edges have {self.natural_dim};"
                " give as many"
            )

    @property
    def intrinsic_dim(self) -> int:
        """Number of edges."""
        return len(self.edges)

    @property
    def natural_dim(self) -> int:
        """Number of coordinates of an edge."""
        return len(self.edges[0])

    @property
    def volume(self) -> float:
        """Volume ``sqrt(det(E E^T))`` with the edges as the rows of E."""
        edges = np.asarray(self.edges, dtype=np.float64)
        return float(np.exp(0.5 * np.linalg.slogdet(edges @ edges.T)[1]))

    @property
    def diameter(self) -> None:
        """Not offered: the longest diagonal is a search over all sign patterns."""
        return

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        edges = np.asarray(self.edges, dtype=np.float64)
        corner = np.asarray(self.corner or (0.0,) * self.natural_dim, dtype=np.float64)
        return corner + rng.random((n_points, self.intrinsic_dim)) @ edges
