"""The information of a law seen in Gaussian noise, in one or two dimensions, by convolution."""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.mutual_information.channel_aware.gaussian_information import InformationSum

_CELLS_PER_SIGMA = {1: 8.0, 2: 4.0}
_PADDING = 9.0
"""The grid ends this many sigma beyond the samples: what wraps around is below 1e-17."""
_LARGEST_GRID = {1: 2**17, 2: 2**20}
_RELATIVE_FLOOR = 1e-18
_SEPARATION = 16.0
"""Values this many sigma apart are never confused, to 1e-15."""
_DOUBT_RATE = 25.0
_RESOLVED_SHARE = 0.1
"""The correction of the plug-in is trusted while chi^2 / n stays below this."""

_Cloud = Float[NDArray[np.float64], "n_pairs block_dim"]


def smoothed_information(block: _Cloud, noise_variance: float) -> InformationSum | None:
    r"""Return ``h(C + N) - h(N)`` for samples of C and known Gaussian noise N, d = 1 or 2.

    The density of C + N is the empirical law of C smoothed by the noise, on a grid finer than the
    noise, so the entropy is exact up to sampling. Its plug-in reads low by ``chi^2 / (2 n)``
    nats, ``chi^2 = E int phi(t - C)^2 / p(t) dt - 1``, which is added back.

    Args:
        block: Samples of C.
        noise_variance: Of N, per dimension.

    Returns:
        Nats and influences; None where the samples lie too far apart for this noise, so that
        their density is not resolved.
    """
    n_pairs, dim = block.shape
    grid = _Grid.around(block, math.sqrt(noise_variance))
    if grid is None:
        return _separated_information(block, noise_variance)
    mass = np.bincount(grid.cells.ravel(), grid.weights.ravel(), math.prod(grid.shape)) / n_pairs
    density = grid.smooth(mass, 1.0)
    seen = np.maximum(density, _RELATIVE_FLOOR * density.max())
    surprise = -np.log(seen)
    narrow = grid.smooth(mass, math.sqrt(0.5))
    peak = (2.0 * math.sqrt(math.pi) * grid.cells_per_sigma) ** dim
    far = density < 1e-12 * density.max()
    chi_square = float(np.where(far, 0.0, narrow / seen).sum()) / peak - 1.0
    if chi_square > _RESOLVED_SHARE * n_pairs:
        return None
    entropy = float((density * surprise).sum()) - dim * math.log(grid.cells_per_sigma)
    bias = max(chi_square, 0.0) / (2.0 * n_pairs)
    nats = entropy - 0.5 * dim * math.log(2.0 * math.pi * math.e) + bias
    crossed = grid.smooth(surprise, 1.0)
    influence = np.einsum("nk,nk->n", crossed.ravel()[grid.cells], grid.weights)
    # The second-order term has a variance of its own, at most bias / n. Single samples far out
    # make chi^2 read low: a share of it that reaches 1 where chi^2 is 4 % of the samples is open.
    doubt = bias * min(1.0, _DOUBT_RATE * chi_square / n_pairs)
    return InformationSum(nats, influence - influence.mean(), bias / n_pairs, doubt)


def _separated_information(block: _Cloud, noise_variance: float) -> InformationSum | None:
    """Return the entropy of a law of few values so far apart that the noise confuses none."""
    from scipy.spatial import KDTree

    values, place, counts = np.unique(block, axis=0, return_inverse=True, return_counts=True)
    n_pairs, excess = len(block), len(counts) - 1
    if excess > _RESOLVED_SHARE * n_pairs:
        return None
    nearest = KDTree(values).query(values, k=2)[0][:, 1]
    if nearest.min() < _SEPARATION * math.sqrt(noise_variance):
        return None
    surprise = -np.log(counts / n_pairs)
    nats = float((counts / n_pairs) @ surprise) + excess / (2.0 * n_pairs)
    influence = surprise[place.ravel()]
    extra = excess / (2.0 * n_pairs**2)
    return InformationSum(nats, np.asarray(influence - influence.mean()), extra)


@dataclass(frozen=True)
class _Grid:
    """A grid around samples, each spread over its nearest 4^d cells by cubic interpolation."""

    shape: tuple[int, ...]
    cells_per_sigma: float
    cells: Int[NDArray[np.int64], "n_pairs n_cells"]
    weights: Float[NDArray[np.float64], "n_pairs n_cells"]

    @classmethod
    def around(cls, block: _Cloud, sigma: float) -> "_Grid | None":
        """Return the grid, None if it would be too large."""
        from scipy.fft import next_fast_len

        dim = block.shape[1]
        rate = _CELLS_PER_SIGMA[dim]
        places = (block - block.min(axis=0)) * (rate / sigma) + rate * _PADDING
        extents = places.max(axis=0) + rate * _PADDING + 4.0
        if float(np.prod(extents)) > _LARGEST_GRID[dim]:
            return None
        shape = tuple(next_fast_len(math.ceil(extent), real=True) for extent in extents)
        first = np.floor(places).astype(np.int64)
        weights = _cubic_weights(places - first)
        cells, spread = [], []
        for steps in product(range(4), repeat=dim):
            corner = tuple(first[:, axis] + step - 1 for axis, step in enumerate(steps))
            cells.append(np.ravel_multi_index(corner, shape))
            spread.append(np.prod([weights[s, :, a] for a, s in enumerate(steps)], axis=0))
        return cls(shape, rate, np.stack(cells, axis=1), np.stack(spread, axis=1))

    def smooth(
        self, values: Float[NDArray[np.float64], "..."], width: float
    ) -> Float[NDArray[np.float64], "..."]:
        """Convolve with a Gaussian of ``width`` sigma, exactly, in the Fourier domain."""
        from scipy.fft import irfftn, rfftn

        kernel = np.ones(())
        for axis, size in enumerate(self.shape):
            last = axis == len(self.shape) - 1
            cycles = np.fft.rfftfreq(size) if last else np.fft.fftfreq(size)
            angle = 2.0 * math.pi * self.cells_per_sigma * width * cycles
            kernel = kernel[..., None] * np.exp(-0.5 * np.square(angle))
        transform = rfftn(values.reshape(self.shape)) * kernel
        return np.asarray(irfftn(transform, s=self.shape))


def _cubic_weights(
    share: Float[NDArray[np.float64], "n_pairs block_dim"],
) -> Float[NDArray[np.float64], "4 n_pairs block_dim"]:
    """Lagrange weights on cells -1, 0, 1, 2: mass and the first three moments stay exact."""
    left, right, far = share + 1.0, share - 1.0, share - 2.0
    return np.stack(
        [
            -share * right * far / 6.0,
            left * right * far / 2.0,
            -left * share * far / 2.0,
            left * share * right / 6.0,
        ]
    )
