"""Numbers as people read them: rounded to what the interval supports."""

import math

_MOST_DIGITS = 8


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

    Half the interval's width keeps two significant digits, and so does each number that is smaller
    than it; none shows more than eight.

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
    shown = [_rounded(number, half) for number in (value, low, high)]
    return f"{shown[0]} [{shown[1]}, {shown[2]}]"


def _rounded(value: float, half: float) -> str:
    if value == 0.0:
        return "0"
    leading = _exponent(value)
    decimals = min(1 - min(_exponent(half), leading), _MOST_DIGITS - 1 - leading)
    if 1e-4 <= abs(value) < 1e7:
        return f"{value:.{max(decimals, 0)}f}"
    return _tidy(f"{value:.{leading + decimals}e}")


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))


def _tidy(text: str) -> str:
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return f"{mantissa}e{int(exponent)}"
