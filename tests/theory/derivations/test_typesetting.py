"""Statements are typeset as they stand: other signs, the same value."""

import pytest
import sympy as sp

from jscgc_theory.derivations import Step, equations, errata, further_statements, proofs, typeset
from jscgc_theory.derivations.symbols import log2, mi_bits, n_cells
from jscgc_theory.derivations.typesetting import with_binary_logarithms, with_natural_logarithms

STATEMENTS = {**equations(), **further_statements()}
PROOFS = {**proofs(), **errata()}


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (log2(n_cells), r"\log_{2}{\left(K \right)}"),
        (mi_bits / log2(n_cells), r"\frac{I}{\log_{2}{\left(K \right)}}"),
        (sp.log(n_cells), r"\ln{\left(K \right)}"),
        (1 / sp.log(2), r"\frac{1}{\ln{\left(2 \right)}}"),
        (Step("", mi_bits, mi_bits), "I = I"),
        (Step("", mi_bits, n_cells, "!="), r"I \ne K"),
        (sp.Le(mi_bits, n_cells), r"I \le K"),
        (sp.Ge(mi_bits, n_cells), r"I \ge K"),
        (-1 - mi_bits, "- I - 1"),
        (-1 + n_cells, "K - 1"),
        (1 - n_cells, "1 - K"),
        (1 + mi_bits, "I + 1"),
    ],
)
def test_examples(expression, latex):
    assert typeset(expression) == latex


@pytest.mark.parametrize("name", PROOFS)
def test_no_value_changes_with_the_signs(name):
    for step in PROOFS[name]():
        for side in (step.left, step.right):
            back = with_natural_logarithms(with_binary_logarithms(side))
            assert back == side or sp.simplify(back - side) == 0


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_is_a_formula_with_balanced_brackets(name):
    latex = typeset(STATEMENTS[name]())
    for opening, closing in ((r"\left", r"\right"), ("{", "}")):
        assert latex.count(opening) == latex.count(closing)
    assert r"\log{" not in latex


def test_fano_is_written_in_bits():
    latex = typeset(equations()[19]())
    assert latex.count(r"\log_{2}") == 3
    assert r"\ln" not in latex
