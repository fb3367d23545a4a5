"""Every step of every proof: by SymPy's algebra, and apart from it at random numbers."""

import random
from pathlib import Path

import pytest
import sympy as sp
from matplotlib.mathtext import MathTextParser

from jscgc_theory.derivations import Step, equations, errata, further_statements, proofs
from jscgc_theory.derivations.loss_gradient import channel, encoder
from jscgc_theory.derivations.symbols import mi_bits, n_cells, n_steps, network

# Symbols whose steps need more room than (0, 1): cells, steps of the path, bits.
RANGES = {n_cells: (3.0, 40.0), n_steps: (1.0, 9.0), mi_bits: (0.1, 5.0)}
PROOFS = {name: proof() for name, proof in {**proofs(), **errata()}.items()}
STATEMENTS = {**equations(), **further_statements()}
# What stands for functions that are left open; the outermost comes first.
CONCRETE = {
    network: lambda x_t, t, y_hat: sp.sin(x_t + 2 * t + 3 * y_hat),
    channel: lambda y: sp.exp(y / 2),
    encoder: lambda x, phi: sp.cos(x * phi + phi**2),
}
X, Y = sp.symbols("x y", positive=True)


@pytest.mark.parametrize("name", PROOFS)
def test_sympy_proves_every_step(name):
    for step in PROOFS[name]:
        assert step.holds(), f"{step.reason}: {step.difference()}"


@pytest.mark.parametrize("name", PROOFS)
def test_every_step_is_true_at_random_numbers(name):
    """The sides are evaluated as they stand, integrals by quadrature: no rule of algebra helps."""
    generator = random.Random(19)
    for step in PROOFS[name]:
        values = numbers(step, generator)
        left, right = (number(side, values) for side in (step.left, step.right))
        gap, scale = left - right, 1e-9 * (1.0 + abs(left))
        assert abs(gap.imag) <= scale, step.reason
        if step.relation == ">=":
            assert gap.real >= -scale, step.reason
        else:
            assert (abs(gap) <= scale) is (step.relation == "="), step.reason


def numbers(step, generator):
    free = sorted(step.left.free_symbols | step.right.free_symbols, key=str)
    return {
        symbol: sp.Float(generator.uniform(*RANGES.get(symbol, (0.05, 0.95)))) for symbol in free
    }


def number(side, values):
    definite = side.replace(sp.Limit, lambda *parts: sp.Limit(*parts).doit())
    for function, concrete in CONCRETE.items():
        definite = definite.replace(function, concrete)
        definite = definite.replace(sp.Derivative, lambda *parts: sp.Derivative(*parts).doit())
    return complex(sp.N(definite.subs(values)))


@pytest.mark.parametrize("which", STATEMENTS)
def test_every_statement_is_a_relation_and_renders(which):
    statement = STATEMENTS[which]()
    assert isinstance(statement, sp.core.relational.Relational)
    # A parser of its own: matplotlib reads all that SymPy writes but the placing of limits.
    MathTextParser("agg").parse(f"${sp.latex(statement)}$".replace(r"\limits", ""))


def test_no_equation_is_left_out():
    assert sorted(equations()) == list(range(3, 23))


def test_every_step_renders_with_its_reason():
    for proof in PROOFS.values():
        for step in proof:
            assert step.reason
            assert sp.latex(step.relational())


def test_every_erratum_stands_in_the_notes_on_the_paper():
    root = Path(__file__).resolve().parents[3]
    page = (root / "docs" / "paper_notes.md").read_text(encoding="utf-8")
    for name in errata():
        assert f'errata()["{name}"]' in page


def test_a_false_step_is_seen():
    assert not Step("wrong", X + Y, X - Y).holds()
    assert not Step("wrong sign", -X, sp.Integer(0), ">=").holds()
    assert not Step("sign unknown", X, Y, ">=").holds()
    assert not Step("equal after all", (X + 1) ** 2, X**2 + 2 * X + 1, "!=").holds()
    assert not Step("difference unknown", X, Y, "!=").holds()
