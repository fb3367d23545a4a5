"""Channel inputs and outputs with the phase of the gains taken out, and the noise checked."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Complex, Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Notice

_SIGNIFICANT = 6.0
"""Standard errors beyond which the noise in the pairs is not the stated one."""
_REFUSED_SHARE = 0.05
"""A noise variance off by more than this is a mistake, not rounding."""

Columns = Float[NDArray[np.float64], "n_pairs n_real"]


@dataclass(frozen=True)
class CoherentPairs:
    """Real channels ``output = amplitude * input + noise`` of equal noise variance.

    Turning every complex output by the phase of its gain leaves |h| as the amplitude of both its
    columns and the noise as it was; no information is lost.
    """

    inputs: Columns
    outputs: Columns
    noise_variance: float
    amplitudes: Columns | None = None
    """|h| of every column, None without fading."""
    notices: tuple[Notice, ...] = ()

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return len(self.inputs)

    @property
    def n_real(self) -> int:
        """Real channel dimensions."""
        return int(self.inputs.shape[1])

    @property
    def centred_inputs(self) -> Columns:
        """The inputs less their mean."""
        return np.asarray(self.inputs - self.inputs.mean(axis=0))

    def take(self, rows: NDArray[np.integer]) -> "CoherentPairs":
        """Return some of the pairs.

        Args:
            rows: Row numbers.

        Returns:
            These pairs, without the notices.
        """
        amplitudes = None if self.amplitudes is None else self.amplitudes[rows]
        return CoherentPairs(
            self.inputs[rows], self.outputs[rows], self.noise_variance, amplitudes
        )


def coherent_pairs(sample: PairedSample, channel: KnownChannel) -> CoherentPairs:
    """Bring pairs (y, y_hat) of a known channel into real channels of equal noise.

    Args:
        sample: Channel inputs as x and outputs as y.
        channel: The noise and the gains.

    Returns:
        The pairs, with a notice if their noise is significantly not the stated one.

    Raises:
        InputError: If the shapes do not fit, or if the noise in the pairs contradicts the channel.
    """
    if sample.x_dim != sample.y_dim:
        raise InputError(
            f"the channel has {sample.x_dim} real inputs but {sample.y_dim} real outputs; "
            "give inputs y as x and outputs y_hat as y, in equal columns"
        )
    outputs, amplitudes = sample.y, None
    if channel.gains is not None:
        _check_gains(channel.gains, sample)
        outputs, amplitudes = _turned_back(sample.y, channel.gains)
    signal = sample.x if amplitudes is None else amplitudes * sample.x
    notices = _noise_notices(outputs - signal, channel.noise_variance)
    return CoherentPairs(sample.x, outputs, channel.noise_variance, amplitudes, notices)


def _check_gains(gains: NDArray[np.complex128], sample: PairedSample) -> None:
    wanted = (sample.n_pairs, sample.x_dim / 2)
    if gains.shape == wanted:
        return
    dropped = f" ({sample.n_duplicates} repeated pairs were dropped)" * bool(sample.n_duplicates)
    raise InputError(
        f"gains of shape {gains.shape} do not fit {sample.n_pairs} pairs{dropped} of "
        f"{sample.x_dim} real columns; give one gain for each pair and complex symbol"
    )


def _turned_back(
    outputs: Columns, gains: Complex[NDArray[np.complex128], "n_pairs n_symbols"]
) -> tuple[Columns, Columns]:
    n_symbols = gains.shape[1]
    sizes = np.abs(gains)
    # A gain of zero carries no phase and no signal.
    phases = np.where(sizes > 0.0, np.conj(gains) / np.where(sizes > 0.0, sizes, 1.0), 1.0)
    turned = (outputs[:, :n_symbols] + 1j * outputs[:, n_symbols:]) * phases
    return (
        np.concatenate([turned.real, turned.imag], axis=1),
        np.concatenate([sizes, sizes], axis=1),
    )


def _noise_notices(noise: Columns, noise_variance: float) -> tuple[Notice, ...]:
    """Compare the noise in the pairs, chi-squared if the channel is right, with the stated one."""
    measured = float(np.mean(np.square(noise)))
    excess = measured / noise_variance - 1.0
    if abs(excess) <= _SIGNIFICANT * math.sqrt(2.0 / noise.size):
        return ()
    if abs(excess) > _REFUSED_SHARE:
        raise InputError(
            f"noise_variance = {noise_variance:.4g} contradicts the pairs, whose outputs differ "
            f"from the inputs (times the gains) by {measured:.4g} per real column; check the "
            "variance (N0/2 for complex noise), the gains, and that real parts come first"
        )
    message = (
        f"The noise in the pairs has variance {measured:.6g} per real dimension, not "
        f"{noise_variance:.6g} as stated; that is {abs(excess):.1%} off, more than chance. "
        "State the variance more exactly."
    )
    return (Notice(code="noise_variance_off", message=message),)
