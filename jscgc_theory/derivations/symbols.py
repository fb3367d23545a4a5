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
network = sp.Function(r"\nu_{\theta}", real=True)
predicted_velocity = network(x_t, t, y_hat)
loss = sp.Symbol(r"\mathcal{L}", real=True)

# Signs that are printed, not computed.
expectation = sp.Function(r"\mathbb{E}")
divergence = sp.Function(r"D_{\mathrm{KL}}")


def log2(value: sp.Expr) -> sp.Expr:
    """Return the logarithm to base 2."""
    return sp.log(value) / sp.log(2)


def normal_density(x: sp.Expr, mean: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """Return the density of N(mean, variance) at x."""
    return sp.exp(-((x - mean) ** 2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)
