"""Gaussian pairs and the scores of the critic that is optimal for them."""

import numpy as np


def gaussian_pairs(n_pairs, correlations, rng):
    rho = np.asarray(correlations)
    x = rng.standard_normal((n_pairs, rho.size))
    return x, rho * x + np.sqrt(1.0 - rho**2) * rng.standard_normal(x.shape)


def log_ratio(x, y, correlations):
    rho = np.asarray(correlations)
    gap = 1.0 - rho**2
    own = 0.5 * rho**2 / gap
    products = (x * rho / gap) @ y.T
    return products - (x**2 @ own)[:, None] - y**2 @ own - 0.5 * np.log(gap).sum()


def information_bits(correlations):
    return float(-0.5 * np.log2(1.0 - np.asarray(correlations) ** 2).sum())
