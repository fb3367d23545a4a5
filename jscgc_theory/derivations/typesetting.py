"""Statements and steps as LaTeX, logarithms to base 2 written as such."""

import sympy as sp
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter

from jscgc_theory.derivations.step import Step

_SIGNS = {"==": "=", ">=": r"\ge", "<=": r"\le", "!=": r"\ne"}


# log2 as one sign; SymPy itself knows it as a quotient only.
_log2 = sp.Function(r"\log_2", real=True)


class _Printer(LatexPrinter):
    """Puts terms in the order papers do: those with a plus first, numbers after letters."""

    def _as_ordered_terms(self, expr: sp.Add, order: str | None = None) -> list[sp.Expr]:
        terms = super()._as_ordered_terms(expr, order=order)
        return sorted(
            terms, key=lambda term: (term.could_extract_minus_sign(), not term.free_symbols)
        )


def typeset(statement: sp.Basic | Step) -> str:
    r"""Return a statement as LaTeX, ``log(x)/log(2)`` as log2 and natural logarithms as ln.

    Args:
        statement: A relation, an expression, or a step of a proof.

    Returns:
        LaTeX for a formula, without dollar signs.

    >>> from jscgc_theory.derivations.symbols import log2, n_cells
    >>> typeset(log2(n_cells))
    '\\log_{2}{\\left(K \\right)}'
    """
    relation = statement.relational() if isinstance(statement, Step) else statement
    if isinstance(relation, Relational):
        # Side by side: a relation between equal sides would collapse if it were rebuilt.
        left, right = (_latex(side) for side in relation.args)
        return f"{left} {_SIGNS[relation.rel_op]} {right}"
    return _latex(relation)


def with_binary_logarithms(expression: sp.Basic) -> sp.Basic:
    """Return an expression with every ``log(x)/log(2)`` as one function of x.

    Args:
        expression: The expression.

    Returns:
        The same in other signs.
    """
    return expression.replace(_is_quotient, _merged) if expression.has(sp.log(2)) else expression


def with_natural_logarithms(expression: sp.Basic) -> sp.Basic:
    """Undo :func:`with_binary_logarithms`.

    Args:
        expression: The expression.

    Returns:
        The same with quotients of natural logarithms.
    """
    return expression.replace(_log2, lambda x: sp.log(x) / sp.log(2))


def _latex(expression: sp.Basic) -> str:
    return str(_Printer({"ln_notation": True}).doprint(with_binary_logarithms(expression)))


def _is_quotient(expression: sp.Basic) -> bool:
    return isinstance(expression, sp.Mul) and _sides(expression) is not None


def _sides(product: sp.Mul) -> tuple[sp.Expr, sp.Expr, int] | None:
    """Return a factor log(x)^±1, the factor log(2)^∓1 beside it, and the sign of the first."""
    for sign in (1, -1):
        two = sp.log(2) ** -sign
        for factor in product.args:
            base = factor if sign == 1 else 1 / factor
            if two in product.args and isinstance(base, sp.log) and base != sp.log(2):
                return factor, two, sign
    return None


def _merged(*factors: sp.Expr) -> sp.Expr:
    product = sp.Mul(*factors)
    sides = _sides(product)
    if sides is None:
        return product
    logarithm, two, sign = sides
    x = (logarithm if sign == 1 else 1 / logarithm).args[0]
    rest = [factor for factor in product.args if factor not in (logarithm, two)]
    return sp.Mul(*rest, _log2(x) ** sign)
