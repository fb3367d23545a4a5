"""Conversions between units; the only place where ln 2 or a power of ten appears.

Public functions of the package speak bits and decibels; nats and linear powers stay inside.
"""

import math

BITS_PER_NAT = 1.0 / math.log(2.0)


def nats_to_bits(nats: float) -> float:
    """Convert natural units of information to bits, ``bits = nats / ln 2``.

    >>> round(nats_to_bits(math.log(8.0)), 12)
    3.0
    """
    return nats * BITS_PER_NAT


def bits_to_nats(bits: float) -> float:
    """Convert bits to natural units of information, ``nats = bits ln 2``.

    >>> round(math.exp(bits_to_nats(3.0)), 12)
    8.0
    """
    return bits / BITS_PER_NAT


def db_to_power_ratio(db: float) -> float:
    """Convert decibels to a ratio of powers, ``10^(db / 10)``.

    >>> db_to_power_ratio(20.0)
    100.0
    """
    return float(10.0 ** (db / 10.0))


def power_ratio_to_db(ratio: float) -> float:
    """Convert a ratio of powers to decibels, ``10 log10(ratio)``.

    >>> power_ratio_to_db(100.0)
    20.0
    """
    return 10.0 * math.log10(ratio)
