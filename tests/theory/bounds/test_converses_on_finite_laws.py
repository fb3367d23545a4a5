"""R2, R3, R4 and R5 on random finite joint laws, any decoder, any metric, by enumeration."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from jscgc_theory.bounds import (
    best_radius_floor,
    log2_least_coincidence,
    meta_converse_bound,
    neyman_pearson_log2_beta,
    perception_bound,
    posterior_sampling_mean_square,
    sampler_outage,
    sampler_radius_ceiling,
    small_ball_bound,
)
from jscgc_theory.errors import InputError
from tests.ground_truth import mutual_information_bits_of_table
from tests.strategies import generators, joint_tables, outage_probabilities

_ROUNDING = 1e-9


class _System(NamedTuple):
    """A joint law of (X, Y), places of the X, and a random decoder on those places."""

    joint: NDArray[np.float64]
    distance: NDArray[np.float64]
    """Between source point (row) and decoded point (column)."""
    decoder: NDArray[np.float64]
    """p(decoded point | y), shape (n_y, n_points)."""

    @property
    def pairs(self) -> NDArray[np.float64]:
        """Joint law of source point and decoded point."""
        return self.joint @ self.decoder

    @property
    def mi_bits(self) -> float:
        return max(0.0, mutual_information_bits_of_table(self.joint))

    def outage(self, radius: float) -> float:
        return float(self.pairs[self.distance > radius].sum())

    def coincidence(self, radius: float) -> float:
        product = np.outer(self.pairs.sum(axis=1), self.pairs.sum(axis=0))
        return float(product[self.distance <= radius].sum())

    def small_ball(self, radius: float) -> float:
        return float((self.joint.sum(axis=1) @ (self.distance <= radius)).max())

    def log2_beta(self, outage: float) -> float:
        rows, columns = self.joint.sum(axis=1), self.joint.sum(axis=0)
        density = np.log2(self.joint / np.outer(rows, columns))
        return neyman_pearson_log2_beta(density.ravel(), self.joint.ravel(), outage)


@st.composite
def _systems(draw: st.DrawFn) -> _System:
    joint = draw(joint_tables())
    rng = draw(generators())
    places = rng.standard_normal((joint.shape[0], draw(st.integers(1, 3))))
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    sharpness = draw(st.sampled_from([0.05, 1.0, 20.0]))
    decoder = rng.dirichlet(np.full(joint.shape[0], 1.0 / sharpness), size=joint.shape[1])
    return _System(joint, distance, decoder)


def _radii(system: _System) -> list[tuple[float, float]]:
    """Every radius at which something changes, with its outage, where that is inside (0, 1)."""
    found = [(radius, system.outage(radius)) for radius in np.unique(system.distance).tolist()]
    return [(radius, outage) for radius, outage in found if 1e-6 < outage < 1.0 - 1e-6]


@given(system=_systems())
def test_no_decoder_gets_below_any_of_the_three(system: _System) -> None:
    for radius, outage in _radii(system):
        least = log2_least_coincidence(system.mi_bits, outage)
        log2_q, log2_s = (
            math.log2(max(share, 1e-300))
            for share in (system.coincidence(radius), system.small_ball(radius))
        )
        log2_beta = system.log2_beta(outage)
        assert log2_q <= log2_s + _ROUNDING
        assert least <= log2_beta + _ROUNDING, "R4 is at least as strong as R3"
        assert log2_beta <= log2_q + _ROUNDING, "R4 with q"
        assert least <= log2_q + _ROUNDING, "R3"
        assert least <= log2_s + _ROUNDING, "R2"


@given(system=_systems())
def test_bounds_as_radii_are_below_the_measured_radius(system: _System) -> None:
    """The same through the public functions, with the generalised inverses of q and S."""
    steps = np.unique(system.distance)

    def inverse_of(law: NDArray[np.float64]) -> object:
        return lambda log2_p: float(
            steps[min(np.searchsorted(law, 2.0**log2_p - _ROUNDING), steps.size - 1)]
        )

    coincidence = inverse_of(np.array([system.coincidence(r) for r in steps]))
    small_ball = inverse_of(np.array([system.small_ball(r) for r in steps]))
    for radius, outage in _radii(system):
        perception = perception_bound(system.mi_bits, outage, coincidence)
        ball = small_ball_bound(system.mi_bits, outage, small_ball)
        assert ball <= perception <= radius + _ROUNDING


@given(table=joint_tables(), outage=outage_probabilities(1e-4, 1.0 - 1e-4))
def test_neyman_pearson_is_the_best_test(table: NDArray[np.float64], outage: float) -> None:
    """beta is the optimum of a linear programme over randomised tests."""
    from scipy.optimize import linprog

    joint = table.ravel()
    product = np.outer(table.sum(axis=1), table.sum(axis=0)).ravel()
    best = linprog(product, A_ub=-joint[None], b_ub=[outage - 1.0], bounds=(0.0, 1.0))
    log2_beta = neyman_pearson_log2_beta(np.log2(joint / product), joint, outage)
    assert 2.0**log2_beta == pytest.approx(best.fun, abs=1e-7)


@given(system=_systems(), rng=generators())
def test_posterior_sampler_relations(system: _System, rng: np.random.Generator) -> None:
    """R5: twice the mmse exactly, and at most twice the radius of any decoder at half outage."""
    places = rng.standard_normal((system.joint.shape[0], 2))
    squares = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    posterior = (system.joint / system.joint.sum(axis=0)).T
    mean = posterior @ places
    mmse = float((system.joint * ((places[:, None] - mean[None]) ** 2).sum(axis=2)).sum())
    sampled = float(((system.joint @ posterior) * squares).sum())
    assert sampled == pytest.approx(posterior_sampling_mean_square(mmse))

    sampler = system._replace(decoder=posterior)
    for radius, outage in _radii(system):
        if outage < 0.5:
            ceiling = sampler_radius_ceiling(radius)
            assert sampler.outage(ceiling) <= sampler_outage(outage) + _ROUNDING
            assert best_radius_floor(ceiling) == radius


@pytest.mark.parametrize("bad", [-1.0, math.nan])
def test_an_inverse_must_return_a_radius(bad: float) -> None:
    for bound in (perception_bound, small_ball_bound):
        with pytest.raises(InputError, match="must return a radius of at least 0"):
            bound(1.0, 0.1, lambda _: bad)
    with pytest.raises(InputError, match="must return a radius of at least 0"):
        meta_converse_bound([1.0, 2.0], 0.1, lambda _: bad)
