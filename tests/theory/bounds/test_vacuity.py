"""When a bound says nothing, and how far beyond the sample it was read."""

import pytest

from jscgc_theory.bounds import octaves_beyond_sample, resolvable_mi_bits, vacuity
from jscgc_theory.errors import InputError


def test_resolvable_information_is_the_log_of_the_pairs() -> None:
    assert 2.0 ** resolvable_mi_bits(100) == pytest.approx(4950.0)


def test_octaves_are_bits_over_dimension() -> None:
    resolvable = resolvable_mi_bits(1000)
    assert octaves_beyond_sample(-(resolvable + 6.0), 1000, 3.0) == pytest.approx(2.0)
    assert octaves_beyond_sample(-resolvable + 1.0, 1000, 3.0) == 0.0


def test_a_meaningful_bound_has_no_reason() -> None:
    assert (
        vacuity(
            0.1, diameter=2.0, intrinsic_dim=2.0, geometric_constant=4.0, mi_bits=5.0, n_points=500
        )
        is None
    )
    assert vacuity(0.1) is None
    assert vacuity(0.0, intrinsic_dim=2.0, geometric_constant=4.0) is None


def test_each_reason_alone() -> None:
    assert "exceeds the diameter 2" in (vacuity(2.5, diameter=2.0) or "")
    assert "is below 2 at the bound 1.5" in (
        vacuity(1.5, intrinsic_dim=2.0, geometric_constant=4.0) or ""
    )
    beyond = vacuity(1e-3, mi_bits=22.0, n_points=2048, intrinsic_dim=0.5) or ""
    assert beyond.startswith("I = 22 bits exceeds the 21 bits that 2048 points resolve by 1")
    assert "2 octaves" in beyond
    assert "octaves" not in (vacuity(1e-3, mi_bits=22.0, n_points=2048) or "")


def test_reasons_are_joined() -> None:
    reason = vacuity(2.5, diameter=2.0, intrinsic_dim=2.0, geometric_constant=4.0) or ""
    assert reason.count(";") == 1


def test_guards() -> None:
    with pytest.raises(InputError, match="n_points = 1 is too small"):
        resolvable_mi_bits(1)
    with pytest.raises(InputError, match="intrinsic_dim = 0 is not positive"):
        octaves_beyond_sample(-3.0, 10, 0.0)
    with pytest.raises(InputError, match="log2_probability = 3 is above 0"):
        octaves_beyond_sample(3.0, 10, 1.0)
    with pytest.raises(InputError, match="radius = -1 is negative"):
        vacuity(-1.0)
    with pytest.raises(InputError, match="diameter = -1 is negative"):
        vacuity(1.0, diameter=-1.0)
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        vacuity(1.0, mi_bits=-1.0, n_points=10)
    with pytest.raises(InputError, match="geometric_constant = -1 is not positive"):
        vacuity(1.0, intrinsic_dim=2.0, geometric_constant=-1.0)
