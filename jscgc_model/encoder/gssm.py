"""The generalised state space model: selective scans along a sequence and its reversal."""

import abc
import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from jscgc_model.encoder.csi_rest import csi_response
from jscgc_model.encoder.selective_scan import s6_scan, ssd_scan

N_SCANS = 2
"""Forward and reversed; two permutations suffice to carry every token to every other."""
HEAD_DIM = 32
_COLUMNS_PER_RANK = 32
_LEAST_STEP, _LARGEST_STEP = 1e-3, 0.1


class GeneralisedStateSpace(nn.Module, abc.ABC):
    """Sum over permutations P of ``P^-1 scan(P x)``, plus ``skip * x``.

    Step sizes, input and output vectors of each scan are linear in the token. The reversal
    stands for P, as in the published MambaJSCC.

    Args:
        d_inner: Columns of the sequence.
        d_state: States of each column.
        n_step_features: Numbers of a token and scan from which its step sizes follow.
    """

    def __init__(self, d_inner: int, d_state: int, n_step_features: int) -> None:
        super().__init__()
        self.split = [n_step_features, d_state, d_state]
        self.project = nn.Linear(d_inner, N_SCANS * sum(self.split), bias=False)
        self.skip = nn.Parameter(torch.ones(d_inner))

    def forward(
        self,
        x: Float[Tensor, "batch length d_inner"],
        snr_db: Float[Tensor, " batch"] | None,
    ) -> Float[Tensor, "batch length d_inner"]:
        """Return the summed scans.

        Args:
            x: Sequences.
            snr_db: Channel state for CSI-ReST; None to scan without.

        Returns:
            Sequences, float32 or better.
        """
        projected = torch.unflatten(self.project(x), -1, (N_SCANS, -1))
        step_features, b, c = torch.split(_permuted(projected), self.split, dim=-1)
        twice = torch.stack([x, x.flip(1)], dim=2)
        forward, reversed_ = self.scan(twice, step_features, b, c).unbind(dim=2)
        y = forward + reversed_.flip(1)
        if snr_db is not None:
            y = y + csi_response(projected[..., -self.split[-1] :].to(y.dtype), snr_db, x.shape[2])
        return torch.addcmul(y, self.skip, x)

    @abc.abstractmethod
    def scan(
        self,
        x: Float[Tensor, "batch length n_scans d_inner"],
        step_features: Float[Tensor, "batch length n_scans n_step_features"],
        b: Float[Tensor, "batch length n_scans d_state"],
        c: Float[Tensor, "batch length n_scans d_state"],
    ) -> Float[Tensor, "batch length n_scans d_inner"]:
        """Run the scans, each along the tokens in its own order."""


class SsdStateSpace(GeneralisedStateSpace):
    """One decay for each head of up to 32 columns.

    Args:
        d_inner: Columns of the sequence, at most 32 or a multiple of 32.
        d_state: States of each column.
    """

    def __init__(self, d_inner: int, d_state: int) -> None:
        head_dim = min(HEAD_DIM, d_inner)
        n_heads = d_inner // head_dim
        super().__init__(d_inner, d_state, n_step_features=n_heads)
        self.heads = (N_SCANS * n_heads, head_dim)
        self.step_bias = nn.Parameter(_first_step_biases(n_heads).repeat(N_SCANS))
        self.log_rates = nn.Parameter(torch.linspace(1, 16, n_heads).log().repeat(N_SCANS))

    def scan(
        self,
        x: Float[Tensor, "batch length n_scans d_inner"],
        step_features: Float[Tensor, "batch length n_scans n_step_features"],
        b: Float[Tensor, "batch length n_scans d_state"],
        c: Float[Tensor, "batch length n_scans d_state"],
    ) -> Float[Tensor, "batch length n_scans d_inner"]:
        """Run the scans as groups of heads."""
        dt = functional.softplus(step_features.flatten(2).to(_wide(x)) + self.step_bias)
        y = ssd_scan(x.reshape(*x.shape[:2], *self.heads), dt, -self.log_rates.exp(), b, c)
        return y.reshape(x.shape)


class S6StateSpace(GeneralisedStateSpace):
    """One decay for each column and state, step sizes of low rank, as in MambaJSCC.

    Args:
        d_inner: Columns of the sequence.
        d_state: States of each column.
    """

    def __init__(self, d_inner: int, d_state: int) -> None:
        rank = math.ceil(d_inner / _COLUMNS_PER_RANK)
        super().__init__(d_inner, d_state, n_step_features=rank)
        self.step_weight = nn.Parameter(torch.empty(N_SCANS, rank, d_inner))
        nn.init.uniform_(self.step_weight, -(rank**-0.5), rank**-0.5)
        self.step_bias = nn.Parameter(_first_step_biases(d_inner).repeat(N_SCANS))
        rates = torch.arange(1.0, d_state + 1).log()
        self.log_rates = nn.Parameter(rates.repeat(N_SCANS * d_inner, 1))

    def scan(
        self,
        x: Float[Tensor, "batch length n_scans d_inner"],
        step_features: Float[Tensor, "batch length n_scans n_step_features"],
        b: Float[Tensor, "batch length n_scans d_state"],
        c: Float[Tensor, "batch length n_scans d_state"],
    ) -> Float[Tensor, "batch length n_scans d_inner"]:
        """Run the scans as groups of columns."""
        spread = torch.einsum("blsr,srd->blsd", step_features, self.step_weight).flatten(2)
        dt = functional.softplus(spread.to(_wide(x)) + self.step_bias)
        y = s6_scan(x.flatten(2), dt, -self.log_rates.exp(), b, c)
        return y.reshape(x.shape)


def _permuted(
    values: Float[Tensor, "batch length n_scans columns"],
) -> Float[Tensor, "batch length n_scans columns"]:
    """Bring the tokens of each scan into its order."""
    forward, reversed_ = values.unbind(dim=2)
    return torch.stack([forward, reversed_.flip(1)], dim=2)


def _first_step_biases(n_steps: int) -> Float[Tensor, " n_steps"]:
    """Return the inverse softplus of step sizes spread evenly on the logarithmic scale."""
    steps = torch.logspace(math.log10(_LEAST_STEP), math.log10(_LARGEST_STEP), n_steps)
    return steps + torch.log(-torch.expm1(-steps))


def _wide(x: Tensor) -> torch.dtype:
    return torch.float64 if x.dtype == torch.float64 else torch.float32
