"""A sheet of what was sent and what was generated, to look at."""

from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.report.image_grid import grid_figure
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.plotting import DOUBLE_COLUMN_INCHES, save_figure

_MOST_IMAGES, _MOST_LARGE_IMAGES, _MOST_DRAWS = 8, 4, 8
_LARGE_SIDE = 128


def write_contact_sheet(
    out: Path,
    samples: Float[Tensor, "batch ..."],
    generated: Float[Tensor, "batch n_draws ..."],
) -> list[Path]:
    """Write the first images above their draws, as PDF and as PNG.

    Args:
        out: Folder.
        samples: What was sent.
        generated: What was made of it.

    Returns:
        The files; none unless images were sent.
    """
    if samples.dim() != 4:
        return []
    figure = grid_figure(contact_sheet(samples, generated), width=DOUBLE_COLUMN_INCHES)
    return [save_figure(figure, out / f"contact_sheet.{end}") for end in ("png", "pdf")]


def contact_sheet(
    samples: Float[Tensor, "batch channels height width"],
    generated: Float[Tensor, "batch n_draws channels height width"],
) -> PixelGrid:
    """Return the first images above their draws.

    Args:
        samples: What was sent.
        generated: What was made of it.

    Returns:
        At most 8 images, 4 if they are large, and 8 draws of each.
    """
    is_large = max(samples.shape[2:]) > _LARGE_SIDE
    n_shown = min(len(samples), _MOST_LARGE_IMAGES if is_large else _MOST_IMAGES)
    rows: dict[str, NDArray[np.floating]] = {"source": _pixels(samples[:n_shown])}
    for draw in range(min(generated.shape[1], _MOST_DRAWS)):
        rows[f"draw {draw}"] = _pixels(generated[:n_shown, draw])
    return PixelGrid.from_rows(rows)


def _pixels(images: Float[Tensor, "n c h w"]) -> Float[NDArray[np.float64], "n c h w"]:
    return images.double().cpu().numpy()
