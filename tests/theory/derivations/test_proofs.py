"""Every step of every proof: by SymPy's algebra, and apart from it at random numbers."""

import random

import pytest
import sympy as sp

from jscgc_theory.derivations import Step, equations, errata, proofs
from jscgc_theory.derivations.symbols import mi_bits, n_cells, n_steps

# Symbols whose steps need more room than (0, 1): cells, steps of the path, bits.
RANGES = {n_cells: (3.0, 40.0), n_steps: (1.0, 9.0), mi_bits: (0.1, 5.0)}
STEPS = [
    pytest.param(step, id=f"{name}-{position}")
    for name, proof in {**proofs(), **errata()}.items()
    for position, step in enumerate(proof(), start=1)
]
X, Y = sp.symbols("x y", positive=True)


@pytest.mark.parametrize("step", STEPS)
def test_sympy_proves_the_step(step):
    assert step.holds(), step.difference()


@pytest.mark.parametrize("step", STEPS)
def test_the_step_is_true_at_random_numbers(step):
    """The sides are evaluated as they stand, integrals by quadrature: no rule of algebra helps."""
    generator = random.Random(19)
    for _ in range(2):
        values = numbers(step, generator)
        left, right = (number(side, values) for side in (step.left, step.right))
        gap, scale = left - right, 1e-9 * (1.0 + abs(left))
        assert abs(gap.imag) <= scale
        if step.relation == ">=":
            assert gap.real >= -scale
        else:
            assert (abs(gap) <= scale) is (step.relation == "=")


def numbers(step, generator):
    free = sorted(step.left.free_symbols | step.right.free_symbols, key=str)
    return {
        symbol: sp.Float(generator.uniform(*RANGES.get(symbol, (0.05, 0.95)))) for symbol in free
    }


def number(side, values):
    without_limits = side.replace(sp.Limit, lambda *parts: sp.Limit(*parts).doit())
    return complex(sp.N(without_limits.subs(values)))


@pytest.mark.parametrize("which", sorted(equations()))
def test_every_equation_renders(which):
    assert sp.latex(equations()[which]())


def test_every_step_renders_with_its_reason():
    for proof in {**proofs(), **errata()}.values():
        for step in proof():
            assert step.reason
            assert sp.latex(step.relational())


def test_a_false_step_is_seen():
    assert not Step("wrong", X + Y, X - Y).holds()
    assert not Step("wrong sign", -X, sp.Integer(0), ">=").holds()
    assert not Step("sign unknown", X, Y, ">=").holds()
    assert not Step("equal after all", (X + 1) ** 2, X**2 + 2 * X + 1, "!=").holds()
    assert not Step("difference unknown", X, Y, "!=").holds()
