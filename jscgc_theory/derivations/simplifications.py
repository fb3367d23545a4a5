"""The rules that bring a difference to its plain form; each step names the one it needs."""

import sympy as sp


def expand_logarithms(expression: sp.Expr) -> sp.Expr:
    """Expand logarithms of products and powers of positive numbers, then products of sums."""
    return sp.expand(sp.expand_log(expression, force=True))


def factor_logarithms(expression: sp.Expr) -> sp.Expr:
    """Write each logarithm of a positive rational function as those of its factors' magnitudes."""
    return sp.factor(sp.expand(expression.replace(sp.log, _logarithm_of_factors)))


def merge_powers(expression: sp.Expr) -> sp.Expr:
    """Write products of powers of positive numbers with each base once."""
    return sp.expand(sp.powsimp(sp.expand_power_base(expression, force=True), force=True))


def evaluate(expression: sp.Expr) -> sp.Expr:
    """Carry out the integrals, derivatives and limits, then products of sums."""
    return sp.expand(expression.doit())


def evaluate_asinh(expression: sp.Expr) -> sp.Expr:
    """Expand with asinh(-1) = -asinh(1), which SymPy leaves as ln(sqrt(2) - 1)."""
    return sp.expand(expression.subs(sp.log(sp.sqrt(2) - 1), -sp.log(sp.sqrt(2) + 1)))


def integrate(expression: sp.Expr) -> sp.Expr:
    """Carry out the integrals, derivatives and limits, and simplify what they leave."""
    return sp.simplify(expression.doit())


def _logarithm_of_factors(argument: sp.Expr) -> sp.Expr:
    numerator, denominator = sp.fraction(sp.cancel(argument))
    return _sum_over_factors(numerator) - _sum_over_factors(denominator)


def _sum_over_factors(polynomial: sp.Expr) -> sp.Expr:
    coefficient, factors = sp.factor_list(polynomial)
    of_factors = (power * sp.log(sp.Abs(factor)) for factor, power in factors)
    return sp.expand_log(sp.log(sp.Abs(coefficient))) + sum(of_factors, sp.Integer(0))
