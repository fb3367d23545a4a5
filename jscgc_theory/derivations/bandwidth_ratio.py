"""The channel bandwidth ratio of the paper's experiments."""

import sympy as sp

from jscgc_theory.derivations.step import Proof, Step

height, width = sp.symbols("H W", positive=True)
channel_uses, source_dim = sp.symbols("l m", positive=True)


def bandwidth_ratio() -> sp.Expr:
    """Return ``CBR = l/(3 H W)``: complex channel uses over the pixel values of the image."""
    return channel_uses / (3 * height * width)


def erratum_of_bandwidth_ratio() -> Proof:
    """Show that "CBR = n/l" cannot be 1/384 with l the symbols sent, and that l/(3HW) is.

    Section IV-B of the paper; l complex symbols by its section II.

    Returns:
        The steps.
    """
    crop = {height: 256, width: 256}
    symbols_sent = sp.Integer(512)
    return (
        Step(
            "512 symbols for a 256 x 256 image are 1/384 of its values",
            bandwidth_ratio().subs(crop).subs(channel_uses, symbols_sent),
            sp.Rational(1, 384),
        ),
        Step(
            "n/l with l = 512 symbols and n the image's values is their inverse, 384",
            (source_dim / channel_uses).subs({source_dim: 3 * 256**2, channel_uses: symbols_sent}),
            sp.Rational(1, 384),
            "!=",
        ),
    )
