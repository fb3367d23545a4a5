"""Images drawn from a few smooth factors: data of known intrinsic dimension that look like images.

Every image is one soft-edged ellipse on a soft background. Pixels are smooth functions of the
factors, the map from factors to images has a Jacobian of full rank and no two factor vectors give
the same image, so the images fill a manifold whose dimension is the number of factors, exactly.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.manifold import log_unit_ball_volume
from jscgc_theory.validation import check_count, check_positive

Images = Float[NDArray[np.float64], "n_images channels height width"]
Factors = Float[NDArray[np.float64], "n_images n_factors"]


class _Range(NamedTuple):
    low: float
    high: float
    default: float


# Lengths are in half-widths of the image. Orientation stays well inside a half turn and the
# aspect away from 1, hue within two thirds of the colour circle: none of them closes on itself.
_RANGES = {
    "x": _Range(-0.4, 0.4, 0.0),
    "y": _Range(-0.4, 0.4, 0.0),
    "size": _Range(0.3, 0.55, 0.4),
    "intensity": _Range(0.6, 1.0, 0.9),
    "orientation": _Range(-math.pi / 3.0, math.pi / 3.0, 0.0),
    "aspect": _Range(1.4, 2.2, 1.7),
    "background": _Range(0.15, 0.4, 0.15),
    "shade": _Range(-0.15, 0.15, 0.0),
    "hue": _Range(0.0, 4.0 * math.pi / 3.0, 2.0 * math.pi / 3.0),
}
FACTOR_NAMES = tuple(_RANGES)
"""Every factor on offer: ``hue`` needs three channels."""

_CHUNK_VALUES = 65_536
_DIFFERENCE_STEP = 1e-4


class DrawnSample(NamedTuple):
    """Images together with the factors that made them."""

    images: Images
    """Pixels in [0, 1], shape (n_images, channels, height, width)."""
    factors: Factors
    """Factors in [0, 1], shape (n_images, n_factors)."""


@dataclass(frozen=True)
class Drawing:
    r"""How factors become images.

    The ellipse covers a pixel by ``m = sigmoid(s (1 - rho^2))``, ``rho^2`` its squared elliptical
    distance from the centre; channel c shows ``b + (a w_c - b) m`` with background b, intensity a
    and channel weight w_c of the hue (1 for a single channel).

    Args:
        factors: Names of the factors that vary, in the order of the columns; the others rest.
        pixels: Height and width of the image.
        channels: 1 for grey, 3 for colour.
        sharpness: Steepness s of the edge.
    """

    factors: tuple[str, ...] = ("x", "y", "size", "intensity")
    pixels: int = 16
    channels: int = 1
    sharpness: float = 4.0

    def __post_init__(self) -> None:
        check_count(self.pixels, name="pixels", minimum=4)
        check_positive(self.sharpness, name="sharpness")
        if self.channels not in (1, 3):
            raise InputError(f"channels = {self.channels} is neither 1 (grey) nor 3 (colour)")
        unknown = [name for name in self.factors if name not in _RANGES]
        if unknown or not self.factors or len(set(self.factors)) < len(self.factors):
            raise InputError(
                f"factors = {list(self.factors)} are not distinct names out of "
                f"{', '.join(FACTOR_NAMES)}; give at least one"
            )
        if "hue" in self.factors and self.channels == 1:
            raise InputError("factors = hue needs colour; set channels = 3 or leave hue out")

    @property
    def intrinsic_dim(self) -> int:
        """Dimension of the manifold of images: the number of factors."""
        return len(self.factors)

    @property
    def ambient_dim(self) -> int:
        """Number of pixel values of an image."""
        return self.channels * self.pixels**2

    def sample(self, n_images: int, rng: np.random.Generator) -> DrawnSample:
        """Draw factors uniformly from the unit cube and render them.

        Args:
            n_images: Number of images.
            rng: Source of randomness.

        Returns:
            The images and their factors.
        """
        factors = rng.random((check_count(n_images, name="n_images"), self.intrinsic_dim))
        return DrawnSample(self.render(factors), factors)

    def render(self, factors: ArrayLike) -> Images:
        """Draw the images of given factors; the same factors always give the same pixels.

        Args:
            factors: Matrix of shape (n_images, n_factors) with entries in [0, 1].

        Returns:
            Pixels in [0, 1], shape (n_images, channels, pixels, pixels).

        Raises:
            InputError: If the shape is wrong or an entry lies outside [0, 1].
        """
        units = np.asarray(factors, dtype=np.float64)
        if units.ndim != 2 or units.shape[1] != self.intrinsic_dim:
            raise InputError(
                f"factors have shape {units.shape}; expected (n_images, {self.intrinsic_dim}) for "
                f"{', '.join(self.factors)}"
            )
        if not np.all((units >= 0.0) & (units <= 1.0)):
            raise InputError("factors hold values outside [0, 1]; rescale them to the unit cube")
        return self._render(units)

    def jacobian(self, factors: ArrayLike) -> Float[NDArray[np.float64], "n_images values k"]:
        """Derivative of the pixels by the factors, by central differences.

        Args:
            factors: Matrix of shape (n_images, n_factors) with entries in [0, 1].

        Returns:
            Array of shape (n_images, ambient_dim, n_factors), relative error about 1e-7.

        Raises:
            InputError: If the factors are unusable.
        """
        n_images = self.render(factors).shape[0]
        units = np.asarray(factors, dtype=np.float64)
        columns = []
        for step in _DIFFERENCE_STEP * np.eye(self.intrinsic_dim):
            # The formulas hold a little beyond the unit cube, so its faces need no special care.
            rise = self._render(units + step) - self._render(units - step)
            columns.append(rise.reshape(n_images, -1) / (2.0 * _DIFFERENCE_STEP))
        return np.stack(columns, axis=2)

    def geometric_constant(self, n_draws: int, rng: np.random.Generator) -> tuple[float, float]:
        r"""The constant C of Lemma 1 in the volume reading, by Monte Carlo over the factors.

        At the image of factors u the density is ``1 / sqrt(det J^T J)``, so
        ``C = 1 / (V_d E[det(J^T J)^(-1/2)])`` with J the Jacobian at uniform u.

        Args:
            n_draws: Number of draws.
            rng: Source of randomness.

        Returns:
            The constant and its standard error, in pixel units to the power d.
        """
        factors = rng.random((check_count(n_draws, name="n_draws", minimum=2), self.intrinsic_dim))
        slopes = self.jacobian(factors)
        log_det = np.linalg.slogdet(np.swapaxes(slopes, 1, 2) @ slopes)[1]
        density = np.exp(-0.5 * log_det)
        constant = math.exp(-log_unit_ball_volume(self.intrinsic_dim)) / density.mean()
        relative_error = density.std(ddof=1) / math.sqrt(n_draws) / density.mean()
        return float(constant), float(constant * relative_error)

    def _render(self, units: Factors) -> Images:
        images = np.empty((len(units), self.channels, self.pixels, self.pixels))
        step = max(1, _CHUNK_VALUES // self.pixels**2)
        for start in range(0, len(units), step):
            chunk = slice(start, start + step)
            self._render_chunk(units[chunk], images[chunk])
        return images

    def _render_chunk(self, units: Factors, out: Images) -> None:
        value = self._physical(units)
        across = (2.0 * np.arange(self.pixels) + 1.0) / self.pixels - 1.0
        cover = self._cover(value, across)
        background = value["background"] + value["shade"] * across
        for channel in range(self.channels):
            colour = value["intensity"] * self._weight(value["hue"], channel)
            contrast = (colour - background)[:, None, :]
            np.multiply(cover, contrast, out=out[:, channel])
            out[:, channel] += background[:, None, :]

    def _physical(self, units: Factors) -> dict[str, NDArray[np.float64]]:
        value = {name: np.full((len(units), 1), r.default) for name, r in _RANGES.items()}
        for column, name in enumerate(self.factors):
            low, high, _ = _RANGES[name]
            value[name] = low + (high - low) * units[:, column : column + 1]
        if not {"orientation", "aspect"} & set(self.factors):
            value["aspect"] = np.ones((len(units), 1))
        return value

    def _cover(
        self, value: dict[str, NDArray[np.float64]], across: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        cos, sin = np.cos(value["orientation"]), np.sin(value["orientation"])
        long_axis = 1.0 / (value["size"] ** 2 * value["aspect"])
        short_axis = value["aspect"] / value["size"] ** 2
        dx, dy = across - value["x"], across - value["y"]
        square_x = (cos**2 * long_axis + sin**2 * short_axis) * dx**2
        square_y = (sin**2 * long_axis + cos**2 * short_axis) * dy**2
        mixed_x = 2.0 * cos * sin * (long_axis - short_axis) * dx
        exponent = mixed_x[:, None, :] * dy[:, :, None]
        exponent += square_x[:, None, :]
        exponent += square_y[:, :, None] - 1.0
        exponent *= self.sharpness
        # Where the exponent is past 700 the cover is 0 to the last bit and exp would overflow.
        np.exp(np.minimum(exponent, 700.0, out=exponent), out=exponent)
        exponent += 1.0
        return np.divide(1.0, exponent, out=exponent)

    def _weight(self, hue: NDArray[np.float64], channel: int) -> NDArray[np.float64] | float:
        if self.channels == 1:
            return 1.0
        return 0.625 + 0.375 * np.cos(hue - 2.0 * math.pi * channel / 3.0)


DEMO_DRAWING = Drawing(factors=("x", "y", "size", "intensity"), pixels=16, channels=1)
"""The drawing of the embedded demonstration: four factors on 16 x 16 grey pixels."""


def demo_images(rng: np.random.Generator, n_images: int = 4000) -> DrawnSample:
    """Make the demonstration data set: nothing is downloaded.

    Args:
        rng: Source of randomness.
        n_images: Number of images.

    Returns:
        The images and their factors.
    """
    return DEMO_DRAWING.sample(n_images, rng)
