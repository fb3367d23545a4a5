"""I(X; Y_hat) from one velocity field asked with and without its condition."""

from typing import Any

from numpy.typing import ArrayLike

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity.clustered_mean import source_codes
from jscgc_theory.mutual_information.velocity.field import SourcePairs, VelocityField
from jscgc_theory.mutual_information.velocity.integrand_sample import sample_integrands
from jscgc_theory.mutual_information.velocity.range_search import (
    information_has_decayed,
    search_range,
)
from jscgc_theory.mutual_information.velocity.summary import summarise
from jscgc_theory.mutual_information.velocity.velocity_information import VelocityInformation
from jscgc_theory.validation import as_generator, check_count


def velocity_gap(
    field: VelocityField,
    x: ArrayLike,
    y_hat: ArrayLike,
    *,
    rng: Any = None,
    n_draws: int = 32,
    t_range: tuple[float, float] | None = None,
) -> VelocityInformation:
    r"""Estimate ``I = (1/ln 2) int_0^1 ((1-t)/t) E|v_c - v_u|^2 dt`` and its loss-gap form.

    The integral runs over ``lambda = log(t/(1-t))``, where the integrand is bounded, over a range
    found from the data; both fields see the same noise.

    Args:
        field: ``v(x_t, t, y_hat)``; with y_hat None the field of the same data's marginal law.
        x: Held-out source points, shape (n_pairs, x_dim). Equal rows are one source point.
        y_hat: Their received signals, shape (n_pairs, y_dim).
        rng: Generator or seed.
        n_draws: Draws of (t, noise) for each pair, a power of two.
        t_range: Times the field may be asked at (those it was trained on); None for all.

    Returns:
        Both forms in bits with Monte-Carlo errors, their disagreement, the integrand, the tails.

    Raises:
        InputError: If the pairs, the range or the field's answers are unusable.

    References:
        Guo, Shamai and Verdu, IEEE Trans. Inf. Theory 51(4), 2005; Franzese, Bounoua and
        Michiardi, "MINDE", ICLR 2024.
    """
    pairs = SourcePairs.from_arrays(x, y_hat)
    draws = check_power_of_two(n_draws)
    generator = as_generator(rng)
    lambda_range = search_range(field, pairs, t_range, generator, is_last=information_has_decayed)
    sample = sample_integrands(field, pairs, lambda_range, draws, generator)
    return summarise(sample, source_codes(pairs.x), pairs.total_variance)


def check_power_of_two(n_draws: Any, *, minimum: int = 2) -> int:
    """Check a number of draws.

    Args:
        n_draws: The number.
        minimum: Least number.

    Returns:
        The number as an int.

    Raises:
        InputError: If it is no power of two or too small.
    """
    count = check_count(n_draws, name="n_draws", minimum=minimum)
    if count & (count - 1):
        raise InputError(
            f"n_draws = {count} is no power of two; give for example {1 << count.bit_length()}"
        )
    return count
