"""Drawn images after transmission: do they look drawn, do they mean the same, do they need y_hat.

Remark 2 of the paper as numbers: a draw from p(x | y_hat) stays on the manifold of images at any
SNR and errs in meaning, whereas the reconstruction of least squared error leaves the manifold.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_model.verification.factor_recovery import recover_factors
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.inconsistency import empirical_radius, pair_distances
from jscgc_theory.mutual_information.estimator import Z_95
from jscgc_theory.records import Estimate, Record
from jscgc_theory.sources import Drawing

OUTAGE_PROBABILITY = 0.1
_N_SHOWN = 8

Images = Float[NDArray[np.floating], "n_images channels height width"]


class TransmittedImages(NamedTuple):
    """Drawn images and what one SNR made of them."""

    snr_db: float
    generated: Images
    """One draw from p(x | y_hat) for each source image."""
    reconstructed: Images
    """E[x | y_hat] by one Euler step from noise, ``x_T - v(x_T, 1, y_hat)``: for an exact field
    the reconstruction of least squared error."""


class DrawnImageRow(Record):
    """Generations and reconstructions at one SNR."""

    snr_db: float
    factor_errors: dict[str, Estimate]
    """Mean absolute error of each factor of the drawn image nearest to a generation, in shares of
    the factor's range; 1/3 for a factor drawn at random."""
    generated_distance: Estimate
    """Root mean square difference of a pixel between a generation and the nearest drawn image,
    averaged over the generations."""
    reconstructed_distance: Estimate
    """The same of the reconstructions of least squared error."""
    radius: Estimate
    """Measured radius at P_e = 0.1, in data units."""
    shuffled_radius: Estimate
    """The same where every sample gets what was received of another."""

    @property
    def radius_ratio(self) -> float:
        """By how much the radius grows when y_hat is shuffled."""
        return self.shuffled_radius.value / self.radius.value


class DrawnImageReport(Record):
    """A system on drawn images over the SNR."""

    factors: tuple[str, ...]
    source_distance: Estimate
    """Of the source images from the nearest drawn image: what the search itself leaves."""
    rows: tuple[DrawnImageRow, ...]
    examples: PixelGrid
    """Source images, then a generation of each and its reconstruction at every SNR."""


def judge_drawn_images(
    source: Images,
    transmitted: Sequence[TransmittedImages],
    drawing: Drawing,
    *,
    rng: np.random.Generator | int | None = None,
) -> DrawnImageReport:
    """Judge generations by the drawing that made their sources.

    Args:
        source: Drawn images, at least two.
        transmitted: What became of them, one an SNR.
        drawing: What images can be drawn.
        rng: Generator or seed of the search for the nearest drawn image.

    Returns:
        One row an SNR, and a few images to look at.

    Raises:
        InputError: If images are not those of the drawing, or hold NaN.
    """
    generator = np.random.default_rng(rng)
    nearest = recover_factors(source, drawing, rng=generator)
    rows = tuple(_row(source, nearest.factors, one, drawing, generator) for one in transmitted)
    return DrawnImageReport(
        factors=drawing.factors,
        source_distance=_mean(nearest.distance, "sources"),
        rows=rows,
        examples=_examples(source, transmitted),
    )


def _row(
    source: Images,
    factors: Float[NDArray[np.float64], "n_images n_factors"],
    transmitted: TransmittedImages,
    drawing: Drawing,
    rng: np.random.Generator,
) -> DrawnImageRow:
    drawn = recover_factors(transmitted.generated, drawing, rng=rng)
    blurred = recover_factors(transmitted.reconstructed, drawing, rng=rng)
    errors = np.abs(drawn.factors - factors)
    return DrawnImageRow(
        snr_db=transmitted.snr_db,
        factor_errors={
            name: _mean(errors[:, place], "factors of the nearest drawn image")
            for place, name in enumerate(drawing.factors)
        },
        generated_distance=_mean(drawn.distance, "draws of the generator"),
        reconstructed_distance=_mean(blurred.distance, "one Euler step, E[x | y_hat]"),
        radius=_radius(source, transmitted.generated),
        # What was generated from another's y_hat: the next one's.
        shuffled_radius=_radius(source, np.roll(transmitted.generated, 1, axis=0)),
    )


def _radius(source: Images, generated: Images) -> Estimate:
    rows = [images.reshape(len(images), -1) for images in (source, generated)]
    return empirical_radius(pair_distances(*rows), OUTAGE_PROBABILITY)


def _mean(values: Float[NDArray[np.float64], " n"], of_what: str) -> Estimate:
    value, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(
        value=value,
        interval=(max(0.0, value - Z_95 * error), value + Z_95 * error),
        standard_error=error,
        method=f"mean over images: {of_what}",
        n_points_used=len(values),
    )


def _examples(source: Images, transmitted: Sequence[TransmittedImages]) -> PixelGrid:
    rows = {"source": source[:_N_SHOWN]}
    for kind in ("generated", "reconstructed"):
        for one in transmitted:
            rows[f"{kind}, {one.snr_db:g} dB"] = getattr(one, kind)[:_N_SHOWN]
    return PixelGrid.from_rows(rows)
