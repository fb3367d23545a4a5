"""The exact velocity field of the straight path from an exactly known source to noise."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.channel_inputs import check_width
from jscgc_theory.sources.cubes_and_tori import FlatTorus
from jscgc_theory.sources.exact_channel import ExactChannel
from jscgc_theory.sources.exact_denoisers import (
    CirclesDenoiser,
    EmbeddedDenoiser,
    ExactDenoiser,
    GaussianDenoiser,
    Scales,
    SphereDenoiser,
)
from jscgc_theory.sources.gaussian_channel import LinearGaussianChannel
from jscgc_theory.sources.gaussian_posterior import GaussianPosterior
from jscgc_theory.sources.linear_manifolds import GaussianSubspace
from jscgc_theory.sources.manifold import Manifold, random_frame
from jscgc_theory.sources.sphere_channel import SphereChannel
from jscgc_theory.sources.spheres_and_balls import Sphere
from jscgc_theory.sources.torus_channel import TorusChannel

Field = Float[NDArray[np.float64], "n_points ambient_dim"]


class ExactVelocity:
    r"""The field that flow matching would learn with infinite data and an infinite network.

    On the straight path ``x_t = (1-t) x_0 + t n``, ``n ~ N(0, I)``, the velocity is
    ``u = n - x_0`` and the field ``v(x_t, t, y_hat) = E[u | x_t, y_hat]``. With
    ``z = x_t/(1-t) = x_0 + sigma n``, ``sigma = t/(1-t)``, and the posterior mean
    ``D = E[x_0 | z, y_hat]`` it is ``v = (z - D)/sigma - D``, where z - D is computed without
    cancellation. Rounding of x_t itself leaves an error of 1e-16/t.

    Args:
        source: A :class:`SphereChannel`, :class:`TorusChannel` or :class:`LinearGaussianChannel`,
            whose output is ``y_hat``; or a :class:`Sphere`, :class:`FlatTorus` or
            :class:`GaussianSubspace`, which have the unconditional field only.

    Raises:
        InputError: If no exact field is known for the source.

    >>> field = ExactVelocity(LinearGaussianChannel.isotropic(dim=1, snr_db=0.0))
    >>> field([[0.3]], [0.5]).tolist()
    [[0.0]]
    """

    def __init__(self, source: ExactChannel | Manifold) -> None:
        self._ambient_dim = source.ambient_dim
        if isinstance(source, Manifold):
            self._n_outputs = None
            self._unconditional = self._conditional = _manifold_denoiser(source)
        else:
            self._n_outputs = source.n_outputs
            self._unconditional, self._conditional = _channel_denoisers(source)

    def __call__(self, x_t: ArrayLike, t: ArrayLike, y_hat: ArrayLike | None = None) -> Field:
        """Return ``v(x_t, t, y_hat)`` row by row.

        Args:
            x_t: Points of the path, shape (n_points, ambient_dim).
            t: Times in (0, 1), shape (n_points,), or one for all.
            y_hat: Channel outputs, shape (n_points, n_outputs); None for the unconditional field.

        Returns:
            Velocities, shape (n_points, ambient_dim).

        Raises:
            InputError: If shapes do not fit, a time is outside (0, 1), or the source has no
                channel but y_hat is given.
        """
        points = check_width(x_t, self._ambient_dim, name="x_t")
        time = _column(t, len(points), name="t", upper=1.0)
        sigma = time / (1.0 - time)
        denoiser, outputs = self._chosen(y_hat, len(points))
        mean, residual = denoiser.denoise(points / (1.0 - time), sigma, outputs)
        return np.asarray(residual / sigma - mean)

    def denoise(self, z: ArrayLike, sigma: ArrayLike, y_hat: ArrayLike | None = None) -> Field:
        """Return ``E[x_0 | z = x_0 + sigma n, y_hat]`` row by row.

        Args:
            z: Points in noise, shape (n_points, ambient_dim).
            sigma: Noise deviations above 0, shape (n_points,), or one for all.
            y_hat: Channel outputs, shape (n_points, n_outputs), or None.

        Returns:
            Posterior means, shape (n_points, ambient_dim).

        Raises:
            InputError: If shapes do not fit, a deviation is not positive, or the source has no
                channel but y_hat is given.
        """
        points = check_width(z, self._ambient_dim, name="z")
        deviation = _column(sigma, len(points), name="sigma", upper=np.inf)
        denoiser, outputs = self._chosen(y_hat, len(points))
        return denoiser.denoise(points, deviation, outputs).mean

    def _chosen(
        self, y_hat: ArrayLike | None, n_points: int
    ) -> tuple[ExactDenoiser, NDArray[np.float64] | None]:
        if y_hat is None:
            return self._unconditional, None
        if self._n_outputs is None:
            raise InputError("y_hat was given but the source has no channel; give a channel")
        outputs = check_width(y_hat, self._n_outputs, name="y_hat")
        if len(outputs) != n_points:
            raise InputError(
                f"y_hat has {len(outputs)} rows for {n_points} points; rows must pair up"
            )
        return self._conditional, outputs


def _channel_denoisers(source: ExactChannel) -> tuple[ExactDenoiser, ExactDenoiser]:
    """Return the denoiser that ignores the output and the one that uses it."""
    if isinstance(source, SphereChannel):
        weight = math.sqrt(source.ambient_dim) / source.noise_power
        sphere = SphereDenoiser(source.dim, 1.0, weight)
        return sphere, sphere
    if isinstance(source, TorusChannel):
        circles = CirclesDenoiser(math.sqrt(2.0) / source.noise_power)
        return circles, circles
    if isinstance(source, LinearGaussianChannel):
        posterior = GaussianPosterior(source.mixing, source.encoding, source.noise_power)
        return GaussianDenoiser(source.mixing), GaussianDenoiser(posterior.root, posterior.gain)
    raise _unknown(source)


def _manifold_denoiser(source: Manifold) -> ExactDenoiser:
    own = _own_denoiser(source)
    if source.rotation_seed is not None:
        rng = np.random.default_rng(source.rotation_seed)
        return EmbeddedDenoiser(own, random_frame(source.natural_dim, source.ambient_dim, rng))
    if source.ambient_dim > source.natural_dim:
        return EmbeddedDenoiser(own, np.eye(source.natural_dim, source.ambient_dim))
    return own


def _own_denoiser(source: Manifold) -> ExactDenoiser:
    if isinstance(source, Sphere):
        return SphereDenoiser(source.dim, source.radius)
    if isinstance(source, FlatTorus):
        return CirclesDenoiser()
    if isinstance(source, GaussianSubspace):
        return GaussianDenoiser(np.diag(source.scales))
    raise _unknown(source)


def _unknown(source: object) -> InputError:
    return InputError(
        f"source = {type(source).__name__} has no exact velocity field; give a SphereChannel, "
        "TorusChannel, LinearGaussianChannel, Sphere, FlatTorus or GaussianSubspace"
    )


def _column(values: ArrayLike, n_points: int, *, name: str, upper: float) -> Scales:
    """Check one number for each row, or one for all, strictly between 0 and a limit."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in ((), (n_points,)):
        raise InputError(f"{name} has shape {array.shape}; give ({n_points},) or one number")
    if not np.all((array > 0.0) & (array < upper)):
        raise InputError(f"{name} holds values outside (0, {upper:g}); stay strictly inside")
    return np.broadcast_to(array.reshape(-1, 1), (n_points, 1))
