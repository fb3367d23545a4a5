"""The channel bandwidth ratio: complex symbols over real values of the image, ``n / (3 H W)``.

At 1/384 an image of 256 x 256 pixels takes 512 symbols and a token of 16 x 16 pixels takes two.
"""

import math
from fractions import Fraction

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

_COLOURS = 3
# A float such as 1 / 384 is this near to the ratio that it stands for.
_RELATIVE_ROUNDING = 1e-12


def ratio_of_symbols(n_symbols: int, *, height: int, width: int) -> Fraction:
    """Return the ratio of a number of symbols.

    Args:
        n_symbols: Complex symbols of one image.
        height: Of the image in pixels.
        width: Of the image in pixels.

    Returns:
        The ratio in lowest terms.

    Raises:
        InputError: If a number is not whole and positive.

    >>> ratio_of_symbols(3072, height=512, width=768)
    Fraction(1, 384)
    """
    n_symbols = check_count(n_symbols, name="n_symbols")
    return Fraction(n_symbols, _n_values(height, width))


def symbols_at_ratio(ratio: Fraction | float | str, *, height: int, width: int) -> int:
    """Return the number of symbols of a ratio.

    Args:
        ratio: The ratio, in text as ``"1/384"``.
        height: Of the image, or of one token, in pixels.
        width: Of the image, or of one token, in pixels.

    Returns:
        Complex symbols of the image or token.

    Raises:
        InputError: If the ratio is not positive or gives no whole number of symbols.

    >>> symbols_at_ratio("1/384", height=256, width=256)
    512
    """
    exact = _as_fraction(ratio)
    n_values = _n_values(height, width)
    wanted = exact * n_values
    nearest = round(wanted)
    if nearest and abs(wanted - nearest) <= _RELATIVE_ROUNDING * nearest:
        return nearest
    below, above = math.floor(wanted), math.floor(wanted) + 1
    choices = [str(Fraction(n, n_values)) for n in (below, above) if n]
    raise InputError(
        f"bandwidth ratio {ratio} gives {float(wanted):g} symbols for {height} x {width} pixels, "
        f"no whole number; the nearest that fit: {', '.join(choices)}"
    )


def _as_fraction(ratio: Fraction | float | str) -> Fraction:
    try:
        exact = Fraction(ratio)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise InputError(
            f"bandwidth ratio {ratio!r} is no number; give one such as '1/384'"
        ) from error
    if exact <= 0:
        raise InputError(f"bandwidth ratio {ratio} is not positive; give one such as '1/384'")
    return exact


def _n_values(height: int, width: int) -> int:
    height, width = check_count(height, name="height"), check_count(width, name="width")
    return _COLOURS * height * width
