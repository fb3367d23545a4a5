"""Jointly Gaussian pairs: dense, sparse, and through one common factor."""

import math
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource
from jscgc_theory.units import bits_to_nats, nats_to_bits
from jscgc_theory.validation import check_count, check_points, check_positive

_SYMMETRY_TOLERANCE = 1e-12


class GaussianPair(PairSource):
    """X and Y jointly Gaussian, ``I = 1/2 log2(|S_xx| |S_yy| / |S|)``.

    Args:
        covariance: Joint covariance S, X first, shape (x_dim + y_dim, x_dim + y_dim).
        x_dim: Columns of X.
        name: What it is, in plain words.

    Raises:
        InputError: If S is not a symmetric positive definite matrix with room for X and Y.

    >>> round(GaussianPair.linked(1, n_linked=1, correlation=0.75).mutual_information_bits(), 4)
    0.5963
    """

    def __init__(self, covariance: ArrayLike, x_dim: int, name: str = "Gaussian") -> None:
        self.covariance, self._root = _checked_covariance(covariance)
        n_columns = len(self.covariance)
        x_dim = check_count(x_dim, name="x_dim")
        if x_dim >= n_columns:
            raise InputError(
                f"x_dim = {x_dim} leaves no column of {n_columns} for Y; give a smaller one"
            )
        super().__init__(name, "gaussian", x_dim, n_columns - x_dim)

    @classmethod
    def dense(cls, dim: int, correlation: float = 0.5) -> Self:
        """Return dim + dim unit variances that all share one correlation.

        Args:
            dim: Columns of X and of Y.
            correlation: Of every two columns.

        Returns:
            The pair.
        """
        n_columns = 2 * check_count(dim, name="dim")
        shared = np.full((n_columns, n_columns), correlation)
        covariance = shared + (1.0 - correlation) * np.eye(n_columns)
        return cls(covariance, dim, f"dense Gaussian, {dim} + {dim}")

    @classmethod
    def linked(cls, dim: int, n_linked: int, correlation: float) -> Self:
        """Return dim + dim independent columns but for some of X that are linked to one of Y.

        Args:
            dim: Columns of X and of Y.
            n_linked: How many columns of X, from the first, go with that of Y.
            correlation: Of every linked pair of columns.

        Returns:
            The pair.

        Raises:
            InputError: If more columns are to be linked than there are.
        """
        if check_count(n_linked, name="n_linked") > check_count(dim, name="dim"):
            raise InputError(f"n_linked = {n_linked} exceeds dim = {dim}; link fewer columns")
        covariance = np.eye(2 * dim)
        column = np.arange(n_linked)
        covariance[column, dim + column] = covariance[dim + column, column] = correlation
        kind = "Gaussian" if n_linked == dim else "sparse Gaussian"
        name = f"{kind}, {n_linked} linked at {correlation:.3g}, {dim} + {dim}"
        return cls(covariance, dim, name)

    @classmethod
    def one_factor(cls, dim: int, snr: float) -> Self:
        """Return X and Y that both show one hidden factor s, ``a s + noise`` with |a|^2 = snr.

        The factor's weights fall like 1/sqrt(column), the noise has unit variance.

        Args:
            dim: Columns of X and of Y.
            snr: Power of the factor in X, and in Y, over the noise variance.

        Returns:
            The pair, with ``I = -1/2 log2(1 - (snr/(1 + snr))^2)``.
        """
        weight = 1.0 / np.sqrt(np.arange(1.0, check_count(dim, name="dim") + 1.0))
        weight *= math.sqrt(check_positive(snr, name="snr")) / np.linalg.norm(weight)
        both = np.concatenate((weight, weight))
        covariance = np.eye(2 * dim) + np.outer(both, both)
        return cls(covariance, dim, f"one-factor Gaussian, SNR {snr:.3g}, {dim} + {dim}")

    def mutual_information_bits(self) -> float:
        """Return ``1/2 log2(|S_xx| |S_yy| / |S|)``."""
        own, other = slice(None, self.x_dim), slice(self.x_dim, None)
        blocks = (self.covariance[own, own], self.covariance[other, other])
        log_dets = [float(np.linalg.slogdet(block)[1]) for block in blocks]
        joint = 2.0 * float(np.log(np.diag(self._root)).sum())
        return nats_to_bits(0.5 * (sum(log_dets) - joint))

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        both = rng.standard_normal((n_pairs, len(self._root))) @ self._root.T
        return both[:, : self.x_dim], both[:, self.x_dim :]


def correlation_of_bits(mi_bits: float) -> float:
    """Return the correlation at which two Gaussian variables share ``-1/2 log2(1 - rho^2)``.

    Args:
        mi_bits: Bits.

    Returns:
        rho.

    Raises:
        InputError: If the bits are not positive.
    """
    nats = bits_to_nats(check_positive(mi_bits, name="mi_bits"))
    return math.sqrt(-math.expm1(-2.0 * nats))


def _checked_covariance(
    covariance: ArrayLike,
) -> tuple[Float[NDArray[np.float64], "n n"], Float[NDArray[np.float64], "n n"]]:
    """Return the matrix and its Cholesky root."""
    matrix = check_points(covariance, name="covariance").astype(np.float64)
    if matrix.shape[0] != matrix.shape[1] or np.ndim(covariance) != 2:
        raise InputError(f"covariance has shape {np.shape(covariance)}; give a square matrix")
    if np.abs(matrix - matrix.T).max() > _SYMMETRY_TOLERANCE * np.abs(matrix).max():
        raise InputError("covariance is not symmetric; give a symmetric matrix")
    try:
        return matrix, np.linalg.cholesky(matrix).astype(np.float64)
    except np.linalg.LinAlgError as error:
        raise InputError("covariance is not positive definite; shrink the correlations") from error
