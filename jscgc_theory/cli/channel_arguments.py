"""Checks of numbers on the command line, made before any file is read."""

from collections.abc import Sequence

from jscgc_theory.errors import InputError
from jscgc_theory.validation import (
    check_count,
    check_finite_number,
    check_nonnegative,
    check_positive,
    check_probability,
)


def check_mi_bits(mi_bits: float) -> None:
    """Check one mutual information.

    Args:
        mi_bits: In bits.

    Raises:
        InputError: If it is negative or not finite.
    """
    check_nonnegative(mi_bits, name="--mi-bits")


def check_outages(outages: Sequence[float]) -> tuple[float, ...]:
    """Check outage probabilities.

    Args:
        outages: The probabilities.

    Returns:
        Each once, in the order given.

    Raises:
        InputError: If one lies outside (0, 1).
    """
    return tuple(dict.fromkeys(check_probability(one, name="--outage") for one in outages))


def check_information(
    mi_bits: Sequence[float] | None,
    snr_db: Sequence[float] | None,
    channel_uses: int | None,
    fading: str,
) -> None:
    """Check that the information is given in exactly one way, and completely.

    Args:
        mi_bits: Mutual informations in bits, or None.
        snr_db: Signal-to-noise ratios in dB, or None.
        channel_uses: Complex channel uses, or None.
        fading: ``none`` or ``rayleigh``.

    Raises:
        InputError: If neither or both are given, one lacks its companion, or a number is out of
            range.
    """
    if mi_bits and snr_db:
        raise InputError("--mi-bits and --snr-db are both given; give one of them")
    if not mi_bits and not snr_db:
        raise InputError(
            "no information is given; add --mi-bits B, or --snr-db S with --channel-uses N"
        )
    if mi_bits:
        if channel_uses is not None or fading != "none":
            raise InputError(
                "--channel-uses and --fading belong to --snr-db, not to --mi-bits; drop them"
            )
        for one in mi_bits:
            check_mi_bits(one)
        return
    if channel_uses is None:
        raise InputError("--snr-db is given without --channel-uses; add --channel-uses N")
    check_count(channel_uses, name="--channel-uses")
    _check_ratios(snr_db or ())


def check_known_channel(
    noise_variance: float | None, snr_db: float | None, gains: str | None
) -> None:
    """Check that a known channel is described in one way, and completely.

    Args:
        noise_variance: Noise variance per real column, or None.
        snr_db: Signal-to-noise ratio in dB, or None.
        gains: File of fading gains, or None.

    Raises:
        InputError: If noise is given twice, is out of range, or is missing where gains are given.
    """
    if noise_variance is not None and snr_db is not None:
        raise InputError("--noise-variance and --snr-db are both given; give one of them")
    if noise_variance is not None:
        check_positive(noise_variance, name="--noise-variance")
    elif snr_db is not None:
        check_finite_number(snr_db, name="--snr-db")
    elif gains is not None:
        raise InputError("--gains is given without the noise; add --noise-variance or --snr-db")


def check_exact(dim: int, snr_db: Sequence[float] | None) -> tuple[float, ...]:
    """Check dimension and signal-to-noise ratios of an exact case.

    Args:
        dim: Intrinsic dimension.
        snr_db: Signal-to-noise ratios in dB, or None.

    Returns:
        The ratios.

    Raises:
        InputError: If one is out of range or no ratio is given.
    """
    check_count(dim, name="--dim")
    if not snr_db:
        raise InputError("no signal-to-noise ratio is given; add --snr-db S")
    return _check_ratios(snr_db)


def _check_ratios(snr_db: Sequence[float]) -> tuple[float, ...]:
    return tuple(check_finite_number(one, name="--snr-db") for one in snr_db)
