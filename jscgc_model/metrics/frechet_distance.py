"""Frechet distance between sets of features, as if both were Gaussian."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.metrics.set_metric import SetMetric
from jscgc_theory.records import Notice

STABLE_ROWS = 10_000
"""Below this number of rows values of different sizes of sample are not comparable."""


def squared_frechet_distance(
    first: Float[Tensor, "n_first dim"], second: Float[Tensor, "n_second dim"]
) -> float:
    """Return the squared Frechet distance of the Gaussians with the sets' moments.

    d^2 = |m_1 - m_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2)). With S_k = A_k^T A_k the trace of the
    root is the sum of the singular values of A_1 A_2^T, which needs no root of a matrix and holds
    for sets smaller than their dimension.

    Args:
        first: Features, at least two rows.
        second: Features, at least two rows.

    Returns:
        The distance, at least 0 but for rounding.

    References:
        Dowson, Landau. The Frechet distance between multivariate normal distributions. Journal of
        Multivariate Analysis 12 (1982). Heusel et al. GANs trained by a two time-scale update
        rule converge to a local Nash equilibrium. NeurIPS 2017.
    """
    a_first, a_second = _covariance_factor(first), _covariance_factor(second)
    means = (first.mean(dim=0) - second.mean(dim=0)).square().sum()
    spreads = a_first.square().sum() + a_second.square().sum()
    roots = torch.linalg.svdvals(a_first @ a_second.T).sum()
    return float(means + spreads - 2.0 * roots)


def _covariance_factor(rows: Float[Tensor, "n dim"]) -> Float[Tensor, "rank dim"]:
    centred = (rows - rows.mean(dim=0)) / (len(rows) - 1) ** 0.5
    n_rows, dim = centred.shape
    return torch.linalg.qr(centred, mode="r").R if n_rows > dim else centred


@dataclass(frozen=True, kw_only=True)
class FrechetDistance(SetMetric):
    """Frechet distance of features; called rFID where the features are Inception's."""

    units: str = "squared feature distance"

    def of_sets(
        self, originals: Float[Tensor, "n dim"], reconstructions: Float[Tensor, "n dim"]
    ) -> float:
        """Return the Frechet distance of two sets."""
        return squared_frechet_distance(originals, reconstructions)

    def sample_notices(self, n_rows: int, dim: int) -> tuple[Notice, ...]:
        """Say so where covariances are singular, or the bias of small samples matters."""
        if n_rows <= dim:
            message = (
                f"{n_rows} rows of {dim} features have singular covariances: the value depends "
                "on n above all, so compare it with values at this n only."
            )
            return (Notice(code="rank_deficient", message=message),)
        if n_rows < STABLE_ROWS:
            message = (
                f"The value is too high by an amount of order 1/n, and n = {n_rows} is below "
                f"{STABLE_ROWS}: compare it with values at this n only."
            )
            return (Notice(code="biased_by_sample_size", message=message),)
        return ()
