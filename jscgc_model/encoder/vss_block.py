"""The visual state space block: local convolution, global scans, a gate, and a residual."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from jscgc_model.encoder.gssm import S6StateSpace, SsdStateSpace

EXPANSION = 2
STATE_SPACES = {"ssd": SsdStateSpace, "s6": S6StateSpace}


class VSSBlock(nn.Module):
    """``u + W_out(LN(gssm(silu(conv(p)))) * silu(q))`` with ``(p, q) = W_in LN(u)``.

    Args:
        dim: Width of the tokens.
        d_state: States of each column of the scans.
        scan: One decay a head ("ssd") or one a column and state ("s6").

    References:
        Liu et al., VMamba: Visual State Space Model, 2024; Wu et al., MambaJSCC, 2026.
    """

    def __init__(self, dim: int, d_state: int, scan: str) -> None:
        super().__init__()
        d_inner = EXPANSION * dim
        self.norm = nn.LayerNorm(dim)
        self.in_proj = nn.Linear(dim, 2 * d_inner, bias=False)
        self.conv = nn.Conv2d(d_inner, d_inner, kernel_size=3, padding=1, groups=d_inner)
        self.state_space = STATE_SPACES[scan](d_inner, d_state)
        self.out_norm = nn.LayerNorm(d_inner)
        self.out_proj = nn.Linear(d_inner, dim, bias=False)

    def forward(
        self,
        tokens: Float[Tensor, "batch height width dim"],
        snr_db: Float[Tensor, " batch"] | None,
    ) -> Float[Tensor, "batch height width dim"]:
        """Return the grid, every token informed of every other.

        Args:
            tokens: A grid of any size.
            snr_db: Channel state for CSI-ReST; None to leave it out.

        Returns:
            The grid.
        """
        values, gate = self.in_proj(self.norm(tokens)).chunk(2, dim=-1)
        local = functional.silu(self.conv(values.movedim(-1, 1)).movedim(1, -1))
        scanned = self.state_space(local.flatten(1, 2), snr_db).view_as(local)
        gated = self.out_norm(scanned.to(local.dtype)) * functional.silu(gate)
        informed: Tensor = self.out_proj(gated)
        return tokens + informed
