"""The compiled loop that sums over pairs of neighbours without listing them anew."""

from typing import Any, no_type_check

from numba import njit


@njit(cache=True, nogil=True)
@no_type_check
def linked_sum(influence: Any, neighbours: Any) -> float:
    """Sum influence[i] influence[j] over ordered pairs of which one is a neighbour of the other.

    Args:
        influence: Shape (n_points,).
        neighbours: Row numbers, shape (n_points, n_neighbours), none twice in a row.

    Returns:
        The sum.
    """
    total = 0.0
    for row in range(neighbours.shape[0]):
        sum_of_row = 0.0
        for other in neighbours[row]:
            # A pair that is listed from both sides is met twice, another must count twice.
            weight = 2.0
            for back in neighbours[other]:
                if back == row:
                    weight = 1.0
                    break
            sum_of_row += weight * influence[other]
        total += influence[row] * sum_of_row
    return total
