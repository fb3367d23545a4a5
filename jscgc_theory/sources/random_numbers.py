"""Random numbers that spread over decades."""

import numpy as np
from numpy.typing import NDArray


def log_uniform(
    low: float, high: float, rng: np.random.Generator, size: int | None = None
) -> NDArray[np.float64]:
    """Draw numbers whose logarithms are uniform between those of two bounds."""
    return np.asarray(np.exp(rng.uniform(np.log(low), np.log(high), size)))
