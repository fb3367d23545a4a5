"""CSI-ReST: the state of the scan knows the channel and never forgets it, without parameters."""

import math

from jaxtyping import Float
from torch import Tensor

_SNR_UNIT_DB = 10.0


def csi_response(
    c: Float[Tensor, "batch length n_groups d_state"],
    snr_db: Float[Tensor, " batch"],
    d_inner: int,
) -> Float[Tensor, "batch length d_inner"]:
    """Return what the channel state in the scan's state adds to its outputs, summed over scans.

    The channel state enters the initial state, ``h_0 = g E`` with g = SNR/(10 dB), and what each
    token lets the state forget of it enters again: with A_l = exp(dt_l a),

        ``h_l = A_l h_(l-1) + (1 - A_l) g E + dt_l b_l x_l``.

    ``h_l - g E`` then is the state of the plain scan from zero, so that the outputs are those of
    the plain scan plus ``c_l . g E``, at every token of a sequence of any length. Column k of the
    pattern E holds a one in state k mod d_state: were it the same for all columns, the
    normalisation after the scan would take its effect away.

    Args:
        c: Output vectors of each token and scan.
        snr_db: Signal-to-noise ratio of each sample in dB; 0 dB leaves the plain scan.
        d_inner: Columns of one scan.

    Returns:
        The addition to the summed outputs of the scans.

    References:
        Wu et al., MambaJSCC, IEEE Trans. Wireless Commun. 25, 2026: CSI in the initial state and
        in the residual state. The equation is our reading: the released kernel writes the SNR in
        dB over state 0 after every 2048 tokens, so it acts on no shorter sequence.
    """
    per_state = c.sum(dim=2) * (snr_db / _SNR_UNIT_DB).to(c.dtype)[:, None, None]
    return per_state.repeat(1, 1, math.ceil(d_inner / c.shape[-1]))[..., :d_inner]
