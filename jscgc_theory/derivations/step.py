"""One step of a derivation: two expressions, how they compare, and why."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import sympy as sp


class Step(NamedTuple):
    """A claim that SymPy can check by itself.

    A proof is a tuple of steps. Where a step compares by ``>=``, the sign must follow from the
    signs of the symbols alone: the difference is brought into a form that shows it.
    """

    reason: str
    """Why it holds, in words."""
    left: sp.Expr
    """Left side."""
    right: sp.Expr
    """Right side."""
    relation: Literal["=", ">=", "!="] = "="
    """How the sides compare."""
    simplify: Callable[[sp.Expr], sp.Expr] = sp.expand
    """The one rule that brings the difference of the sides to its plain form."""

    def difference(self) -> sp.Expr:
        """Return left minus right in plain form, 0 for a proved equality."""
        return self.simplify(self.left - self.right)

    def holds(self) -> bool:
        """Tell whether SymPy proves the step; False also where it cannot tell."""
        difference = self.difference()
        if self.relation == ">=":
            return bool(difference.is_nonnegative)
        if self.relation == "!=":
            return bool(difference.is_zero is False)
        return bool(difference == 0)

    def relational(self) -> sp.Basic:
        """Return the step as one relation, unevaluated, for printing."""
        kinds = {"=": sp.Eq, ">=": sp.Ge, "!=": sp.Ne}
        return kinds[self.relation](self.left, self.right, evaluate=False)


Proof = tuple[Step, ...]
"""The steps of a derivation, in order."""
