"""Compiled: how much of a vector lies along the leading eigenvectors of a small matrix.

Householder reflections make the matrix tridiagonal and the QL iteration makes it diagonal; both
are applied to the one vector instead of to a matrix of eigenvectors, which are never found, as
Golub and Welsch do for the weights of a quadrature.
"""

import math
from typing import Any, no_type_check

import numpy as np
from numba import njit

_MOST_STEPS = 60


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
@no_type_check
def write_leading_parts(
    matrices: Any, vectors: Any, n_leading: int, power: int, part: Any
) -> None:
    """Write sum_i lambda_i^power (v_i . w)^2 over the largest eigenvalues of each matrix.

    Args:
        matrices: Symmetric, positive semidefinite, shape (n, m, m); overwritten.
        vectors: w, shape (n, m), float64; overwritten.
        n_leading: How many eigenvalues.
        power: 0 or 1.
        part: Overwritten, shape (n,).

    References:
        Golub, Welsch. Calculation of Gauss quadrature rules. Math. Comp. 23 (1969).
    """
    m = vectors.shape[1]
    off_diagonal = np.empty(m)
    diagonal = np.empty(m)
    for place in range(vectors.shape[0]):
        vector = vectors[place]
        _make_tridiagonal(matrices[place], vector, diagonal, off_diagonal)
        _make_diagonal(diagonal, off_diagonal, vector)
        total = 0.0
        for leading in np.argsort(diagonal)[m - n_leading :]:
            value = diagonal[leading] if power == 1 else 1.0
            total += max(value, 0.0) * vector[leading] ** 2
        part[place] = total


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
@no_type_check
def _make_tridiagonal(matrix: Any, vector: Any, diagonal: Any, off_diagonal: Any) -> None:
    """Reflect matrix and vector until only two diagonals are left, given back in two arrays."""
    m = vector.size
    mirror = np.empty(m)
    image = np.empty(m)
    for column in range(m - 1):
        first = matrix[column + 1, column]
        square = 0.0
        for row in range(column + 2, m):
            mirror[row] = matrix[row, column]
            square += mirror[row] ** 2
        diagonal[column] = matrix[column, column]
        off_diagonal[column] = first
        if square != 0.0:
            length = math.sqrt(first * first + square)
            off_diagonal[column] = -length if first > 0.0 else length
            mirror[column + 1] = first - off_diagonal[column]
            twice = 2.0 / (mirror[column + 1] ** 2 + square)
            _reflect(matrix, vector, mirror, image, twice, column + 1)
    diagonal[m - 1] = matrix[m - 1, m - 1]
    off_diagonal[m - 1] = 0.0


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
@no_type_check
def _reflect(matrix: Any, vector: Any, mirror: Any, image: Any, twice: float, start: int) -> None:
    """Take matrix and vector, from ``start`` on, through 1 - twice mirror mirror^T."""
    m = vector.size
    along, bent = 0.0, 0.0
    for row in range(start, m):
        total = 0.0
        for other in range(start, m):
            total += matrix[row, other] * mirror[other]
        image[row] = twice * total
        bent += image[row] * mirror[row]
        along += vector[row] * mirror[row]
    for row in range(start, m):
        image[row] -= 0.5 * twice * bent * mirror[row]
        vector[row] -= twice * along * mirror[row]
    for row in range(start, m):
        for other in range(start, m):
            matrix[row, other] -= mirror[row] * image[other] + image[row] * mirror[other]


@njit(cache=True, nogil=True)
@no_type_check
def _make_diagonal(diagonal: Any, off_diagonal: Any, vector: Any) -> None:
    """Rotate a tridiagonal matrix and a vector until the matrix is diagonal."""
    m = diagonal.size
    for first in range(m):
        for _ in range(_MOST_STEPS):
            last = first
            while last < m - 1:
                size = abs(diagonal[last]) + abs(diagonal[last + 1])
                if abs(off_diagonal[last]) + size == size:
                    break
                last += 1
            if last == first:
                break
            _rotate(diagonal, off_diagonal, vector, first, last)


@njit(cache=True, nogil=True)
@no_type_check
def _rotate(diagonal: Any, off_diagonal: Any, vector: Any, first: int, last: int) -> None:
    """Make one implicit QL step on rows ``first`` to ``last``, with Wilkinson's shift."""
    half = (diagonal[first + 1] - diagonal[first]) / (2.0 * off_diagonal[first])
    root = math.hypot(half, 1.0)
    shifted = half + root if half >= 0.0 else half - root
    bulge = diagonal[last] - diagonal[first] + off_diagonal[first] / shifted
    sine, cosine, moved = 1.0, 1.0, 0.0
    for row in range(last - 1, first - 1, -1):
        outer, inner = sine * off_diagonal[row], cosine * off_diagonal[row]
        length = math.sqrt(outer * outer + bulge * bulge)
        off_diagonal[row + 1] = length
        if length == 0.0:
            diagonal[row + 1] -= moved
            off_diagonal[last] = 0.0
            return
        sine, cosine = outer / length, bulge / length
        bulge = diagonal[row + 1] - moved
        change = (diagonal[row] - bulge) * sine + 2.0 * cosine * inner
        moved = sine * change
        diagonal[row + 1] = bulge + moved
        bulge = cosine * change - inner
        upper = vector[row + 1]
        vector[row + 1] = sine * vector[row] + cosine * upper
        vector[row] = cosine * vector[row] - sine * upper
    diagonal[first] -= moved
    off_diagonal[first] = bulge
    off_diagonal[last] = 0.0
