"""KSG as it is written down, by all pairs of points: the judge of the fast searches."""

import numpy as np
from scipy.special import digamma


def slow_counts(x, y, n_neighbours, algorithm):
    """Return n_x and n_y in the order of the pairs."""
    x_distance = np.abs(x[:, None] - x[None]).max(axis=-1)
    y_distance = np.abs(y[:, None] - y[None]).max(axis=-1)
    joint = np.maximum(x_distance, y_distance)
    for matrix in (x_distance, y_distance, joint):
        np.fill_diagonal(matrix, np.inf)
    nearest = np.argsort(joint, axis=1, kind="stable")[:, :n_neighbours]
    if algorithm == 1:
        radius = np.take_along_axis(joint, nearest, axis=1)[:, -1:]
        return (x_distance < radius).sum(axis=1), (y_distance < radius).sum(axis=1)
    reaches = (
        np.take_along_axis(matrix, nearest, axis=1).max(axis=1, keepdims=True)
        for matrix in (x_distance, y_distance)
    )
    x_reach, y_reach = reaches
    return (x_distance <= x_reach).sum(axis=1), (y_distance <= y_reach).sum(axis=1)


def slow_bits(x, y, n_neighbours, algorithm):
    """Return eq. (8) or (9) of Kraskov et al. (2004), in bits."""
    n_x, n_y = slow_counts(x, y, n_neighbours, algorithm)
    nats = digamma(n_neighbours) + digamma(len(x))
    if algorithm == 1:
        nats -= np.mean(digamma(n_x + 1) + digamma(n_y + 1))
    else:
        nats -= 1.0 / n_neighbours + np.mean(digamma(n_x) + digamma(n_y))
    return nats / np.log(2.0)
