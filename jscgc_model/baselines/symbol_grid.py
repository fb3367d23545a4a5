"""The grid of tokens of an image, and what was received of each."""

from jaxtyping import Float
from torch import Tensor

from jscgc_theory.errors import InputError


def grid_of(height: int, width: int, patch_size: int) -> tuple[int, int]:
    """Return the rows and columns of tokens of an image.

    Args:
        height: Rows of the image.
        width: Columns of the image.
        patch_size: Side of a token's square in pixels.

    Returns:
        Rows and columns of tokens.

    Raises:
        InputError: If a side is no multiple of the patch size.
    """
    if min(height, width) < 1 or height % patch_size or width % patch_size:
        raise InputError(
            f"an image of {height} x {width} pixels does not divide into tokens of {patch_size} x "
            f"{patch_size}; crop or pad its sides to multiples of {patch_size}"
        )
    return height // patch_size, width // patch_size


def to_grid(
    features: Float[Tensor, "batch n_symbols n_features"],
    rows: int,
    columns: int,
    symbols_per_token: int,
) -> Float[Tensor, "batch rows columns n_token_features"]:
    """Return what was received of each token; the tokens of an image lie row by row.

    Args:
        features: What the receiver knows of each symbol.
        rows: Of tokens.
        columns: Of tokens.
        symbols_per_token: Complex symbols of each.

    Returns:
        The features of all symbols of a token side by side.

    Raises:
        InputError: If there are not that many symbols.
    """
    n_symbols = rows * columns * symbols_per_token
    if features.shape[1] != n_symbols:
        raise InputError(
            f"{features.shape[1]} symbols were received, {rows} x {columns} tokens of "
            f"{symbols_per_token} are {n_symbols}; give what was received of such an image"
        )
    return features.reshape(len(features), rows, columns, -1)
