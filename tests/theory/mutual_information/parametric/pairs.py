"""Pairs with known mutual information, in nats, that judge the parametric estimators."""

import math

import numpy as np
from scipy import special, stats

Pairs = tuple[np.ndarray, np.ndarray, float]


def gaussian_pairs(n, correlations, rng, x_dim=None, y_dim=None):
    """Correlated coordinates, mixed by random matrices: I = -sum log sqrt(1 - rho^2)."""
    rho = np.asarray(correlations, dtype=float)
    x_dim, y_dim = x_dim or len(rho), y_dim or len(rho)
    x, y = rng.standard_normal((n, x_dim)), rng.standard_normal((n, y_dim))
    y[:, : len(rho)] = rho * x[:, : len(rho)] + np.sqrt(1 - rho**2) * y[:, : len(rho)]
    return x, y, float(-0.5 * np.log1p(-(rho**2)).sum())


def rotation(dim, rng):
    """A random rotation, Haar distributed."""
    return stats.ortho_group.rvs(dim, random_state=rng) if dim > 1 else np.ones((1, 1))


def mixed(x, y, rng):
    """Both sides turned at random."""
    return x @ rotation(x.shape[1], rng), y @ rotation(y.shape[1], rng)


def dense_gaussian_pairs(n, dim, rng, off_diagonal=0.5):
    """All 2 dim coordinates equally correlated, as the benchmark's dense multinormal."""
    covariance = np.full((2 * dim, 2 * dim), off_diagonal) + (1 - off_diagonal) * np.eye(2 * dim)
    z = rng.standard_normal((n, 2 * dim)) @ np.linalg.cholesky(covariance).T
    within = np.linalg.slogdet(covariance[:dim, :dim])[1]
    information = within - 0.5 * np.linalg.slogdet(covariance)[1]
    return z[:, :dim], z[:, dim:], float(information)


def student_pairs(n, dim, dof, rng, x_dim=None):
    """Multivariate t with identity scatter: dependent through the common radius only."""
    x_dim = x_dim or dim
    z = rng.standard_normal((n, x_dim + dim))
    z /= np.sqrt(rng.chisquare(dof, n) / dof)[:, None]
    information = _t_entropy(x_dim, dof) + _t_entropy(dim, dof) - _t_entropy(x_dim + dim, dof)
    return z[:, :x_dim], z[:, x_dim:], float(information)


def _t_entropy(dim, dof):
    psi = special.digamma(0.5 * (dof + dim)) - special.digamma(0.5 * dof)
    log_constant = special.betaln(0.5 * dim, 0.5 * dof) - special.gammaln(0.5 * dim)
    return 0.5 * dim * math.log(dof * math.pi) + log_constant + 0.5 * (dof + dim) * psi


def uniform_noise_pairs(n, half_width, rng):
    """X uniform on (0, 1), Y = X + U(-e, e), e <= 1/2: h(Y) - log 2e = e - log 2e."""
    x = rng.uniform(size=(n, 1))
    y = x + rng.uniform(-half_width, half_width, (n, 1))
    return x, y, half_width - math.log(2 * half_width)


def swiss_roll_pairs(n, rho, rng):
    """X is rolled up along t = 3 pi (1 + 2 u) / 2, u = Phi(g): a bijection of g."""
    g, h, information = gaussian_pairs(n, [rho], rng)
    t = 1.5 * math.pi * (1 + 2 * special.ndtr(g))
    return np.hstack([t * np.cos(t), t * np.sin(t)]) / 21, special.ndtr(h), information


def spiral(points, plane, speed):
    """Turn two coordinates by an angle of speed times the squared norm: a bijection."""
    i, j = plane
    angle = speed * np.square(points).sum(axis=1)
    turned = points.copy()
    turned[:, i] = np.cos(angle) * points[:, i] - np.sin(angle) * points[:, j]
    turned[:, j] = np.sin(angle) * points[:, i] + np.cos(angle) * points[:, j]
    return turned


def half_cube(points):
    """sign(z) |z|^1.5, coordinate-wise."""
    return points * np.sqrt(np.abs(points))


def sphere_channel_pairs(n, dim, noise, rng):
    """X uniform on S^(dim-1) and Y = X + noise * N; the truth by a table of large samples."""
    x = rng.standard_normal((n, dim))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x, x + noise * rng.standard_normal((n, dim)), sphere_information(dim, noise)


def sphere_information(dim, noise):
    """E log p(y|x)/p(y) with p(y) in closed form by a Bessel function, at 200 000 draws."""
    rng = np.random.default_rng(1234)
    n = 200_000
    along = 1 + noise * rng.standard_normal(n)
    across = noise**2 * rng.chisquare(dim - 1, n)
    kappa = np.sqrt(along**2 + across) / noise**2
    order = dim / 2 - 1
    log_bessel = np.log(special.ive(order, kappa)) + kappa
    log_mean = special.gammaln(dim / 2) + order * (math.log(2) - np.log(kappa)) + log_bessel
    return float((along / noise**2 - log_mean).mean())


def bpsk_pairs(n, dim, snr, rng):
    """Signs over white Gaussian noise of variance 1/snr; the truth by quadrature."""
    x = rng.choice([-1.0, 1.0], (n, dim))
    y = x + rng.standard_normal((n, dim)) / math.sqrt(snr)
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    soft = np.logaddexp(0, -2 * snr - 2 * math.sqrt(snr) * nodes)
    return x, y, dim * (math.log(2) - float(soft @ weights) / math.sqrt(2 * math.pi))


def bimodal_pairs(n, rho, rng):
    """Each coordinate of a correlated Gaussian pair mapped monotonically to two humps."""
    g, h, information = gaussian_pairs(n, [rho], rng)
    grid = np.linspace(-8, 8, 20_001)
    law = 0.3 * special.ndtr(grid / 0.3 + 1 / 0.3 * 5) + 0.7 * special.ndtr(grid - 1)
    return (
        np.interp(special.ndtr(g), law, grid),
        np.interp(special.ndtr(h), law, grid),
        information,
    )
