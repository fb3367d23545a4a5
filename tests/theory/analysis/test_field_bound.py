"""Every bound from a velocity field alone, held against the exact cases."""

import numpy as np
import pytest

from jscgc_theory.analysis.field_bound import FieldBound, bounds_from_field
from jscgc_theory.bounds import log2_least_coincidence
from jscgc_theory.errors import InputError
from jscgc_theory.sources import ExactVelocity, SphereChannel


@pytest.fixture(scope="module")
def channel():
    return SphereChannel(2, 10.0)


@pytest.fixture(scope="module")
def bound(channel):
    rng = np.random.default_rng(7)
    x, y_hat = channel.sample(4000, rng)
    return bounds_from_field(
        ExactVelocity(channel), x, y_hat, outage_probability=(0.1, 0.01), rng=rng
    )


def test_information_dimension_and_constant(channel, bound):
    assert bound.information.mi_bits.covers(channel.mutual_information_bits())
    assert bound.manifold.intrinsic_dim.covers(2.0)


@pytest.mark.parametrize("row", [0, 1])
def test_radii_are_those_of_the_exact_case(channel, bound, row):
    found = bound.rows[row]
    outage, bits = found.outage_probability, channel.mutual_information_bits()
    exact = {
        "delta_star": (channel.geometric_constant * 2.0 ** -(bits + 1.0)) ** 0.5,
        "perception": channel.radius_at_log2_probability(log2_least_coincidence(bits, outage)),
        "meta_converse": channel.radius_at_log2_probability(channel.log2_beta(outage)),
    }
    for name, truth in exact.items():
        estimate = getattr(found, name)
        assert abs(estimate.value - truth) < 4.0 * estimate.standard_error
        assert estimate.value == pytest.approx(truth, rel=0.05)
        assert estimate.details["reading"] == "entropy"


def test_the_order_of_the_bounds(bound):
    for row in bound.rows:
        assert row.finite_outage_fano.value <= row.perception.value <= row.meta_converse.value


def test_round_trip(bound):
    assert FieldBound.from_json(bound.to_json()) == bound


def test_outage_is_checked(channel):
    x, y_hat = channel.sample(50, np.random.default_rng(8))
    with pytest.raises(InputError, match="outage_probability = 1"):
        bounds_from_field(ExactVelocity(channel), x, y_hat, outage_probability=1.0)
