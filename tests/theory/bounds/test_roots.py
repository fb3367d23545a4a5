"""The bracketed root, with the spoilt signs its callers can meet at the ends."""

import pytest

from jscgc_theory.bounds.roots import bracketed_root


@pytest.mark.parametrize("root", [1e-200, 1e-3, 1.0, 3e7])
def test_root_to_relative_precision_at_any_scale(root: float) -> None:
    def cubic(x: float) -> float:
        return (x / root) ** 3 - 1.0

    assert bracketed_root(cubic, 0.0, 1e9 * root) == pytest.approx(root, rel=1e-14)


def test_rounded_signs_give_the_nearer_end() -> None:
    assert bracketed_root(lambda x: -1e-16 - x, 0.0, 1.0) == 0.0
    assert bracketed_root(lambda x: 1.0 - x + 1e-16, 0.0, 1.0) == 1.0
    assert bracketed_root(lambda x: x - 1.0, 0.0, 1.0) == 1.0
    assert bracketed_root(lambda x: x, 0.0, 1.0) == 0.0
