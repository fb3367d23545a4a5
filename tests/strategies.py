"""Hypothesis strategies for well-posed objects: what they draw needs no filtering."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray


def seeds() -> st.SearchStrategy[int]:
    """Seeds for ``np.random.default_rng``."""
    return st.integers(0, 2**32 - 1)


def generators() -> st.SearchStrategy[np.random.Generator]:
    """Random generators, each from a seed that a failure report can name."""
    return seeds().map(np.random.default_rng)


def outage_probabilities(low: float = 1e-6, high: float = 1.0 - 1e-6) -> st.SearchStrategy[float]:
    """Probabilities strictly between 0 and 1."""
    return st.floats(low, high)


def mi_bits(high: float = 4000.0) -> st.SearchStrategy[float]:
    """Information in bits, from none to thousands."""
    return st.floats(0.0, high)


def intrinsic_dims(high: float = 200.0) -> st.SearchStrategy[float]:
    """Positive dimensions, whole or not."""
    return st.floats(0.5, high)


def geometric_constants() -> st.SearchStrategy[float]:
    """Positive constants C over twelve decades, log-uniformly."""
    return st.floats(-6.0, 6.0).map(lambda exponent: float(10.0**exponent))


def probability_vectors(
    min_size: int = 2, max_size: int = 8, floor: float = 1e-3
) -> st.SearchStrategy[NDArray[np.float64]]:
    """Probability vectors whose entries are at least about ``floor / max_size``."""
    return (
        st.integers(min_size, max_size)
        .flatmap(lambda size: hnp.arrays(np.float64, size, elements=st.floats(floor, 1.0)))
        .map(lambda weights: weights / weights.sum())
    )


def joint_tables(
    max_rows: int = 6, max_columns: int = 6, floor: float = 1e-3
) -> st.SearchStrategy[NDArray[np.float64]]:
    """Joint laws of two finite variables: positive tables that sum to one."""
    shapes = st.tuples(st.integers(2, max_rows), st.integers(2, max_columns))
    return shapes.flatmap(
        lambda shape: hnp.arrays(np.float64, shape, elements=st.floats(floor, 1.0))
    ).map(lambda table: table / table.sum())


@st.composite
def covariances(
    draw: st.DrawFn, max_dim: int = 5, least_eigenvalue: float = 0.05
) -> NDArray[np.float64]:
    """Covariance matrices whose eigenvalues lie in [least_eigenvalue, 4]."""
    dim = draw(st.integers(1, max_dim))
    eigenvalues = draw(hnp.arrays(np.float64, dim, elements=st.floats(least_eigenvalue, 4.0)))
    rotation, _ = np.linalg.qr(draw(generators()).standard_normal((dim, dim)))
    covariance = (rotation * eigenvalues) @ rotation.T
    return 0.5 * (covariance + covariance.T)


@st.composite
def point_clouds(
    draw: st.DrawFn,
    min_points: int = 8,
    max_points: int = 60,
    max_dim: int = 5,
    max_scale_exponent: int = 3,
) -> NDArray[np.float64]:
    """Clouds in general position (no two rows equal), at scales over several decades."""
    n_points = draw(st.integers(min_points, max_points))
    ambient_dim = draw(st.integers(1, max_dim))
    scale = 10.0 ** draw(st.integers(-max_scale_exponent, max_scale_exponent))
    offset = draw(st.floats(-10.0, 10.0))
    return scale * (draw(generators()).standard_normal((n_points, ambient_dim)) + offset)
