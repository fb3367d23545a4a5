"""Source points and generated points that belong together row by row, with their groups."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.cli.running import Run
from jscgc_theory.errors import InputError
from jscgc_theory.points_io import load_groups, table_column
from jscgc_theory.validation import Points


class Pairs(NamedTuple):
    """What ``check`` reads."""

    source: Points
    generated: Points
    groups: Int[NDArray[np.int64], " n_pairs"] | None


def load_pairs(
    run: Run, source: str, generated: str, group: str | None, resize: int | None
) -> Pairs:
    """Read source and generated points, and the group of every pair.

    Args:
        run: The run that notes the inputs.
        source: Source points as the user wrote them.
        generated: Generated points as the user wrote them.
        group: Column of the source, or file of whole numbers, or None.
        resize: Side of the square images are resized to, or None.

    Returns:
        The points, and the groups or None.

    Raises:
        InputError: If groups and points do not pair up.
    """
    if group is None:
        return Pairs(run.load(source, resize=resize), run.load(generated, resize=resize), None)
    groups, is_column = load_groups(group, source=source)
    exclude = (group,) if is_column else ()
    first = run.load(source, resize=resize, exclude=exclude)
    if groups.shape[0] != first.shape[0]:
        raise InputError(
            f"--group {group} has {groups.shape[0]} entries for {first.shape[0]} points; "
            "give one a row"
        )
    # A column that labels the draws in both tables is a coordinate in neither.
    shared = table_column(generated, group) if is_column else None
    exclude = () if shared is None else exclude
    return Pairs(first, run.load(generated, resize=resize, exclude=exclude), groups)


def load_gains(run: Run, gains: str) -> NDArray[np.complex128]:
    """Read the fading gains of a known channel.

    Args:
        run: The run that notes the inputs.
        gains: File of an even number of columns: real parts, then imaginary parts.

    Returns:
        Gains, shape (n_pairs, n_symbols).

    Raises:
        InputError: If the number of columns is odd.
    """
    columns = np.asarray(run.load(gains), dtype=np.float64)
    n_symbols, odd = divmod(columns.shape[1], 2)
    if odd:
        raise InputError(
            f"--gains {gains} has {columns.shape[1]} columns; give all real parts, then all "
            "imaginary parts"
        )
    return columns[:, :n_symbols] + 1j * columns[:, n_symbols:]
