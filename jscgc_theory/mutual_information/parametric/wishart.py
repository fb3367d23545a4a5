"""What a finite sample adds to the log-determinants of Gaussian covariances."""

import numpy as np
from scipy.special import digamma, polygamma


def information_bias_nats(x_dim: int, y_dim: int, degrees_of_freedom: int) -> float:
    r"""Return the exact bias of the Gaussian plug-in information.

    For a Wishart matrix W_p with nu degrees of freedom E log det W = log det Sigma + p log 2 +
    sum_{i=1}^p psi((nu - i + 1)/2) (Anderson 2003, theorem 7.5.3), so the plug-in
    (1/2) log(det S_x det S_y / det S) exceeds I by half the difference of the sums of digammas:
    d_x d_y / (2 nu) to first order.

    Args:
        x_dim: Dimensions of X.
        y_dim: Dimensions of Y.
        degrees_of_freedom: nu, pairs less one; at least x_dim + y_dim.

    Returns:
        The bias in nats, whatever the true covariance.

    References:
        Anderson. An Introduction to Multivariate Statistical Analysis. 2003.
    """
    halves = 0.5 * (degrees_of_freedom - np.arange(x_dim + y_dim))
    return float(0.5 * (digamma(halves[:x_dim]) - digamma(halves[y_dim:])).sum())


def null_variance(x_dim: int, y_dim: int, degrees_of_freedom: int) -> float:
    r"""Return the exact variance of the plug-in information of independent X and Y.

    Wilks' Lambda is then independent of both covariances, so that the variances of the
    log-determinants, sums of trigammas, subtract. It is d_x d_y / (2 nu^2) to first order: the
    part of the variance that the influence function, of first order only, does not see.

    Args:
        x_dim: Dimensions of X.
        y_dim: Dimensions of Y.
        degrees_of_freedom: nu, at least x_dim + y_dim.

    Returns:
        The variance in nats squared.
    """
    halves = 0.5 * (degrees_of_freedom - np.arange(x_dim + y_dim))
    return float(0.25 * (polygamma(1, halves[y_dim:]) - polygamma(1, halves[:x_dim])).sum())
