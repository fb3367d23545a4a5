"""What training maximises, on a matrix of scores in torch."""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

Scores = Float[Tensor, "m m"]
Scalar = Float[Tensor, ""]


def info_nce(scores: Scores) -> Scalar:
    """Return mean_i [T_ii - ln mean_j e^T_ij] (van den Oord et al. 2018).

    Args:
        scores: Critic values of a batch.

    Returns:
        The objective in nats.
    """
    return (scores.diagonal() - scores.logsumexp(dim=1)).mean() + math.log(len(scores))


def nwj(scores: Scores) -> Scalar:
    """Return mean_i T_ii - mean_{i!=j} e^T_ij + 1 (Nguyen, Wainwright, Jordan 2010).

    Args:
        scores: Critic values of a batch.

    Returns:
        The objective in nats.
    """
    return scores.diagonal().mean() - log_product_mean(scores).exp() + 1.0


def jensen_shannon(scores: Scores) -> Scalar:
    """Return -mean_i sp(-T_ii) - mean_{i!=j} sp(T_ij), sp the softplus, which SMILE trains by.

    Args:
        scores: Critic values of a batch.

    Returns:
        The objective in nats; its optimum is the log ratio.
    """
    product = softplus(scores)
    n_products = len(scores) * (len(scores) - 1)
    off_diagonal = (product.sum() - product.diagonal().sum()) / n_products
    return -softplus(-scores.diagonal()).mean() - off_diagonal


class BiasCorrectedDV:
    """mean_i T_ii - ln mean_{i!=j} e^T_ij, its gradient divided by a moving average of e^T.

    The logarithm of a batch's mean has a biased gradient; dividing by an average over batches
    instead removes the bias as the average settles (MINE, Belghazi et al. 2018, section 3.2).

    Args:
        rate: Weight of the newest batch in the moving average.
    """

    def __init__(self, rate: float = 0.1) -> None:
        self.rate = rate
        self._log_average: Tensor | None = None

    def __call__(self, scores: Scores) -> Scalar:
        """Return an objective with that gradient.

        Args:
            scores: Critic values of a batch.

        Returns:
            The objective in nats; only its gradient is meant.
        """
        log_mean = log_product_mean(scores)
        now = log_mean.detach()
        if self._log_average is None:
            self._log_average = now
        else:
            kept = self._log_average + math.log1p(-self.rate)
            self._log_average = torch.logaddexp(kept, now + math.log(self.rate))
        return scores.diagonal().mean() - (log_mean - self._log_average).exp()


def log_product_mean(scores: Scores) -> Scalar:
    """Return ln mean_{i!=j} e^T_ij.

    Args:
        scores: Critic values of a batch.

    Returns:
        The logarithm in nats.
    """
    m = len(scores)
    diagonal = torch.eye(m, dtype=torch.bool, device=scores.device)
    off_diagonal = scores.masked_fill(diagonal, -math.inf)
    return off_diagonal.flatten().logsumexp(dim=0) - math.log(m * (m - 1))
