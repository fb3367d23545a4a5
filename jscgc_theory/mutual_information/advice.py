"""Which estimator of mutual information applies, before any number is computed."""

import math

from jscgc_theory.records import Record
from jscgc_theory.validation import check_count

NEIGHBOUR_DIMS = 8
"""Columns of x and y together up to which nearest neighbours are asked."""
_PAIRS_TO_TRAIN = 500
_LEAST_PAIRS = 20


class Advice(Record):
    """Whether one estimator applies, and why."""

    estimator: str
    applies: bool
    why: str


def advise(
    n_pairs: int,
    x_dim: int,
    y_dim: int,
    *,
    channel_is_known: bool = False,
    field_is_known: bool = False,
) -> tuple[Advice, ...]:
    """Say which estimators apply to a problem of given size, and why.

    Args:
        n_pairs: Number of pairs.
        x_dim: Real columns of x.
        y_dim: Real columns of y.
        channel_is_known: Whether y = h x + N with N Gaussian of known power.
        field_is_known: Whether conditional and unconditional velocities of x can be computed.

    Returns:
        One piece of advice an estimator, those that apply first, best first.

    Raises:
        InputError: If a number is not a positive whole number.

    >>> advise(10_000, 64, 64, channel_is_known=True)[0].estimator
    'known_channel'
    """
    n_pairs = check_count(n_pairs, name="n_pairs")
    dims = check_count(x_dim, name="x_dim") + check_count(y_dim, name="y_dim")
    rows = (
        _velocity_gap(field_is_known),
        _known_channel(channel_is_known),
        _codebook(channel_is_known, n_pairs),
        _gaussian(n_pairs, dims),
        _nearest_neighbours(n_pairs, dims),
        _deep_correlation(n_pairs),
        _critics(n_pairs),
        _trained_gap(n_pairs),
    )
    return tuple(sorted(rows, key=lambda row: not row.applies))


def _velocity_gap(field_is_known: bool) -> Advice:
    why = (
        "the generator's own field carries the answer, at any number of bits and dimensions"
        if field_is_known
        else "no velocity field is at hand"
    )
    return Advice(estimator="velocity_gap", applies=field_is_known, why=why)


def _known_channel(channel_is_known: bool) -> Advice:
    why = (
        "with the law of the noise known, entropy differences reach hundreds of bits in hundreds "
        "of dimensions"
        if channel_is_known
        else "the law of y given x is not known"
    )
    return Advice(estimator="known_channel", applies=channel_is_known, why=why)


def _codebook(channel_is_known: bool, n_pairs: int) -> Advice:
    ceiling = math.log2(n_pairs)
    why = (
        f"closes from both sides well below log2({n_pairs}) = {ceiling:.1f} bits, says nothing "
        "above"
        if channel_is_known
        else "the law of y given x is not known"
    )
    return Advice(estimator="codebook", applies=channel_is_known, why=why)


def _gaussian(n_pairs: int, dims: int) -> Advice:
    applies = n_pairs > dims + _LEAST_PAIRS
    why = (
        "exact at any number of bits if the pairs (or their normal scores) are jointly Gaussian, "
        "which is tested"
        if applies
        else f"{n_pairs} pairs do not determine a covariance of {dims} columns"
    )
    return Advice(estimator="gaussian", applies=applies, why=why)


def _nearest_neighbours(n_pairs: int, dims: int) -> Advice:
    applies = dims <= NEIGHBOUR_DIMS and n_pairs >= _LEAST_PAIRS
    why = (
        "few columns: assumes nothing of the law but smoothness, up to a few bits"
        if applies
        else f"with {dims} columns neighbours are far apart, and the answer far too low"
    )
    return Advice(estimator="ksg", applies=applies, why=why)


def _deep_correlation(n_pairs: int) -> Advice:
    applies = n_pairs >= _PAIRS_TO_TRAIN
    why = (
        "a lower bound, close where few hidden directions, however bent, carry the dependence"
        if applies
        else f"{n_pairs} pairs are too few to train functions and judge them on others"
    )
    return Advice(estimator="deep_cca", applies=applies, why=why)


def _critics(n_pairs: int) -> Advice:
    applies = n_pairs >= _PAIRS_TO_TRAIN
    why = (
        "a lower bound in any dimension, which no sample of this size certifies far above "
        f"log2 of its size, {math.log2(n_pairs):.1f} bits"
        if applies
        else f"{n_pairs} pairs are too few to train, stop and test a critic"
    )
    return Advice(estimator="donsker_varadhan", applies=applies, why=why)


def _trained_gap(n_pairs: int) -> Advice:
    applies = n_pairs >= _PAIRS_TO_TRAIN
    why = (
        "a velocity field is trained on the pairs; its two readings of I show its error"
        if applies
        else f"{n_pairs} pairs are too few to train a velocity field"
    )
    return Advice(estimator="trained_velocity_gap", applies=applies, why=why)
