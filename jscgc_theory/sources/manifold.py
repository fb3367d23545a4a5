"""What every manifold source offers: points, and the truth about the set they come from."""

import abc
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

Sample = Float[NDArray[np.float64], "n_points ambient_dim"]
"""Shape legend: points drawn from a source."""


@dataclass(frozen=True)
class Manifold(abc.ABC):
    """A law on a d-dimensional set in R^m, with the constants that estimators are judged on.

    A subclass draws points in the least number of coordinates that holds the set
    (``natural_dim``). The base class places them in ``ambient_dim`` coordinates: the leading
    ones or, with a ``rotation_seed``, along a uniformly random orthonormal frame.

    Args:
        ambient_dim: Number of coordinates m; 0 stands for ``natural_dim``.
        rotation_seed: Seed of the orthonormal frame; None leaves the axes alone.
    """

    ambient_dim: int = field(default=0, kw_only=True)
    rotation_seed: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self._check_sizes()
        wanted = check_count(self.ambient_dim, name="ambient_dim", minimum=0) or self.natural_dim
        if wanted < self.natural_dim:
            raise InputError(
                f"ambient_dim = {wanted} cannot hold a {type(self).__name__} that needs "
                f"{self.natural_dim} coordinates; raise ambient_dim"
            )
        object.__setattr__(self, "ambient_dim", wanted)

    @abc.abstractmethod
    def _check_sizes(self) -> None:
        """Refuse impossible sizes with an ``InputError``."""

    @property
    @abc.abstractmethod
    def intrinsic_dim(self) -> int:
        """Dimension d of the set."""

    @property
    @abc.abstractmethod
    def natural_dim(self) -> int:
        """Least number of coordinates that holds the set."""

    @property
    @abc.abstractmethod
    def volume(self) -> float:
        """Measure of the support in dimension d; infinite where the support is unbounded."""

    @property
    @abc.abstractmethod
    def diameter(self) -> float | None:
        """Largest distance between two points of the support; None where not in closed form."""

    @property
    def mean_density(self) -> float:
        """Mean of the density f at a random point, E f(X): 1/volume for a uniform law."""
        return 1.0 / self.volume

    @property
    def geometric_constant(self) -> float:
        r"""The constant C of Lemma 1 in the volume reading K = 1/q, ``C = lim r^d / q(r)``.

        As r falls to 0, ``q(r) = V_d r^d E f(X)`` with V_d the volume of the unit ball of R^d,
        so ``C = 1 / (V_d E f(X))``.
        """
        log_ball = log_unit_ball_volume(self.intrinsic_dim)
        return math.exp(-log_ball - math.log(self.mean_density))

    @abc.abstractmethod
    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        """Draw points in ``natural_dim`` coordinates."""

    def sample(self, n_points: int, rng: np.random.Generator) -> Sample:
        """Draw independent points.

        Args:
            n_points: Number of points.
            rng: Source of randomness.

        Returns:
            Matrix of shape (n_points, ambient_dim).
        """
        natural = self._draw(check_count(n_points, name="n_points"), rng)
        if self.rotation_seed is not None:
            return natural @ self._frame
        missing = self.ambient_dim - self.natural_dim
        return np.pad(natural, ((0, 0), (0, missing)))

    @cached_property
    def _frame(self) -> NDArray[np.float64]:
        return random_frame(
            self.natural_dim, self.ambient_dim, np.random.default_rng(self.rotation_seed)
        )


@runtime_checkable
class KnowsCoincidence(Protocol):
    """A source whose coincidence probability is known in closed form."""

    def coincidence_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        """Return q(r), the probability that two independent points lie within r."""
        ...


@runtime_checkable
class KnowsSmallBall(Protocol):
    """A source whose small-ball probability is known in closed form."""

    def small_ball_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        """Return S(r), the largest probability of a ball of radius r with any centre."""
        ...


def log_unit_ball_volume(dim: int) -> float:
    """Natural logarithm of the volume of the unit ball of R^d, ``pi^(d/2) / Gamma(d/2 + 1)``."""
    return 0.5 * dim * math.log(math.pi) - math.lgamma(0.5 * dim + 1.0)


def random_frame(n_vectors: int, dim: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw orthonormal vectors, uniformly over all such frames (Mezzadri, 2007).

    Args:
        n_vectors: Number of vectors.
        dim: Number of coordinates, at least n_vectors.
        rng: Source of randomness.

    Returns:
        Matrix of shape (n_vectors, dim) with orthonormal rows.
    """
    columns, triangle = np.linalg.qr(rng.standard_normal((dim, n_vectors)))
    # Without the signs the frame would depend on the convention of the QR routine.
    frame: NDArray[np.float64] = (columns * np.sign(np.diag(triangle))).T
    return frame


def draw_by_rejection(
    n_points: int,
    rng: np.random.Generator,
    propose: Callable[[int], NDArray[np.float64]],
    acceptance: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Keep proposals with a given probability until there are enough.

    Args:
        n_points: Number of points to keep.
        rng: Source of randomness for the decisions.
        propose: Draws that many proposals, one a row.
        acceptance: Probability of keeping each proposal, positive on most of them.

    Returns:
        Matrix of shape (n_points, n_columns of a proposal).
    """
    kept: list[NDArray[np.float64]] = []
    n_kept = 0
    while n_kept < n_points:
        proposals = propose(n_points)
        lucky = proposals[rng.random(n_points) < acceptance(proposals)]
        kept.append(lucky)
        n_kept += len(lucky)
    return np.concatenate(kept)[:n_points]


def checked_radii(
    radius: ArrayLike, *, largest: float = math.inf, limit: str = "the largest radius"
) -> NDArray[np.float64]:
    """Check distances handed to a closed form.

    Args:
        radius: Distances.
        largest: Largest distance at which the form holds.
        limit: What ``largest`` is, for the message.

    Returns:
        The distances as an array of their shape.

    Raises:
        InputError: If one is negative, NaN, or beyond ``largest``.
    """
    radii = np.asarray(radius, dtype=np.float64)
    if not np.all(radii >= 0.0):
        raise InputError(f"radius = {radius!r} is not a distance; give values of at least 0")
    if np.any(radii > largest):
        raise InputError(
            f"radius = {float(radii.max()):g} exceeds {limit} = {largest:g}, where the closed "
            "form ends; use smaller radii"
        )
    return radii
