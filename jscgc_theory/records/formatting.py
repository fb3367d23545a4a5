"""Numbers as people read them: rounded to what the interval supports."""

import math


def format_number(value: float, digits: int = 4) -> str:
    """Return a number rounded to significant digits.

    >>> format_number(3.14159), format_number(20000), format_number(1.5e-7)
    ('3.142', '20000', '1.5e-7')

    Args:
        value: The number; NaN reads ``n/a`` and infinities ``∞``.
        digits: Significant digits of a number that is not whole.

    Returns:
        Plain text.
    """
    if math.isnan(value):
        return "n/a"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) < 1e7:
        return str(int(value))
    return _tidy(f"{value:.{digits}g}")


def format_estimate(value: float, interval: tuple[float, float] | None) -> str:
    """Return ``value [low, high]`` with the digits its interval supports.

    Half the interval's width keeps two significant digits, and so does the value if it is smaller.

    >>> format_estimate(2.01342, (1.9512, 2.0781))
    '2.013 [1.951, 2.078]'
    >>> format_estimate(2.01342, None)
    '2.013'

    Args:
        value: The estimate.
        interval: Its ends, or None.

    Returns:
        Plain text.
    """
    if interval is None:
        return format_number(value)
    low, high = interval
    half = 0.5 * (high - low)
    if not math.isfinite(half) or half <= 0.0 or not math.isfinite(value):
        return f"{format_number(value)} [{format_number(low)}, {format_number(high)}]"
    decimals = 1 - _exponent(half)
    if value != 0.0:
        decimals = max(decimals, 1 - _exponent(value))
    shown = [_rounded(number, decimals) for number in (value, low, high)]
    return f"{shown[0]} [{shown[1]}, {shown[2]}]"


def _rounded(value: float, decimals: int) -> str:
    if value == 0.0:
        return "0"
    if 1e-4 <= abs(value) < 1e7:
        return f"{value:.{max(decimals, 0)}f}"
    digits = min(max(_exponent(value) + decimals, 0), 15)
    return _tidy(f"{value:.{digits}e}")


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))


def _tidy(text: str) -> str:
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return f"{mantissa}e{int(exponent)}"
