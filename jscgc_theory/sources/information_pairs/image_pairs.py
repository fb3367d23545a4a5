"""Images and what a channel leaves of the factors they were drawn from."""

import numpy as np
from scipy.special import ndtr

from jscgc_theory.sources.drawn_images import Drawing
from jscgc_theory.sources.information_pairs.bijections import RowMap, unchanged
from jscgc_theory.sources.information_pairs.gaussian_pair import GaussianPair, correlation_of_bits
from jscgc_theory.sources.information_pairs.mapped_pair import MappedPair
from jscgc_theory.sources.information_pairs.pair_source import Rows


def image_pair(drawing: Drawing, mi_bits: float, *, noisy_image: bool) -> MappedPair:
    """Return images paired with noisy copies of their factors, or with images of those.

    One standard normal variable stands behind each factor and goes through the normal
    distribution function, then the drawing, which is injective. The noisy copy of the variables
    shares the wanted bits, evenly over the factors, and so do all images of them.

    Args:
        drawing: How factors become images.
        mi_bits: I(X; Y), shared evenly over the factors.
        noisy_image: Whether Y is the image of the noisy factors or these themselves.

    Returns:
        Pairs with images as x, one a row.

    Raises:
        InputError: If the bits are not positive.
    """
    n_factors = drawing.intrinsic_dim
    correlation = correlation_of_bits(mi_bits / n_factors)
    factors = GaussianPair.linked(n_factors, n_linked=n_factors, correlation=correlation)
    draw = _drawn_rows(drawing)
    seen = "an image of its noisy factors" if noisy_image else "its noisy factors"
    name = f"image of {n_factors} factors and {seen}, {drawing.ambient_dim} pixel values"
    return MappedPair(factors, draw, draw if noisy_image else unchanged, name=name, group="image")


def _drawn_rows(drawing: Drawing) -> RowMap:
    def drawn(rows: Rows) -> Rows:
        return np.asarray(drawing.render(ndtr(rows)).reshape(len(rows), -1))

    return drawn
