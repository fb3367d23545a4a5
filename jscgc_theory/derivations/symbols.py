"""The symbols that the equations share, named as in the paper and in ``docs/notation.md``."""

import sympy as sp

# The manifold and the bound.
mi_bits = sp.Symbol("I", nonnegative=True)
intrinsic_dim = sp.Symbol("d", positive=True)
geometric_constant = sp.Symbol("C", positive=True)
n_cells = sp.Symbol("K", positive=True)
radius = sp.Symbol("r", positive=True)
outage = sp.Symbol("P_e", positive=True)

# The straight path; every coordinate alone, for squared norms add over coordinates.
t, n_steps = sp.symbols("t T", positive=True)
x_0, x_T, x_t, y_hat = sp.symbols(r"x_0 x_T x_t \hat{y}", real=True)
velocity = sp.Symbol("v", real=True)
predicted_velocity = sp.Symbol(r"\nu_\theta", real=True)


def log2(value: sp.Expr) -> sp.Expr:
    """Return the logarithm to base 2."""
    return sp.log(value) / sp.log(2)
