"""Equation (11): how the loss reaches the encoder through generator and channel."""

import sympy as sp

from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import expectation, network, t, x_0, x_T, x_t, y_hat

parameter = sp.Symbol("phi", real=True)
encoder = sp.Function(r"E_{\phi}", real=True)
channel = sp.Function("W", real=True)
_sent = sp.Symbol("y", real=True)


def encoder_gradient() -> sp.Eq:
    """Return (11), the gradient of (10) in an encoder's parameter phi, the factors named.

    ``-2 E[(x_T - x_0 - nu) * d nu/d y_hat * d W/d y * d E_phi/d phi]``. For vectors the factors
    are Jacobians, multiplied in the same order.
    """
    error = x_T - x_0 - network(x_t, t, y_hat)
    chain = (
        sp.Derivative(network(x_t, t, y_hat), y_hat)
        * sp.Derivative(channel(_sent), _sent)
        * sp.Derivative(encoder(x_0, parameter), parameter)
    )
    gradient = sp.Derivative(sp.Symbol(r"\mathcal{L}"), parameter)
    return sp.Eq(gradient, -2 * expectation(error * chain))


def proof_of_encoder_gradient() -> Proof:
    """Derive (11) by the chain rule, for one draw of (t, x_0, x_T) and of the channel's noise.

    First for scalars and any functions; then for vectors, which fixes the order of the Jacobians,
    with quadratic maps, whose first derivatives at a point are arbitrary.

    Returns:
        The steps.
    """
    sent = encoder(x_0, parameter)
    squared_error = (x_T - x_0 - network(x_t, t, channel(sent))) ** 2
    integrand = -2 * encoder_gradient().rhs.args[1].args[0]
    direct, product = _vector_gradients()
    return (
        Step(
            "the chain rule through generator, channel and encoder",
            sp.diff(squared_error, parameter),
            integrand.subs(y_hat, channel(sent)).subs(_sent, sent),
        ),
        *(
            Step(f"vectors, parameter {k + 1}: the Jacobians in the order of (11)", *pair)
            for k, pair in enumerate(zip(direct, product, strict=True))
        ),
    )


def _vector_gradients() -> tuple[sp.Matrix, sp.Matrix]:
    phi = sp.Matrix(sp.symbols("phi_1:3", real=True))
    velocity = sp.Matrix(sp.symbols("v_1:3", real=True))
    y = sp.Matrix(sp.symbols("y_1:3", real=True))
    sent = _quadratic_map("e", phi)
    received = _quadratic_map("w", sent)
    error = velocity - _linear_map("n", received)
    direct = sp.Matrix([error.dot(error)]).jacobian(phi)
    of_channel = _quadratic_map("w", y).jacobian(y).subs(dict(zip(y, sent, strict=True)))
    of_generator = _linear_map("n", y).jacobian(y)
    return direct, -2 * error.T * of_generator * of_channel * sent.jacobian(phi)


def _linear_map(name: str, point: sp.Matrix) -> sp.Matrix:
    return sp.Matrix(2, 2, sp.symbols(f"{name}_1:5", real=True)) * point


def _quadratic_map(name: str, point: sp.Matrix) -> sp.Matrix:
    return _linear_map(name, point) + sp.Matrix([point[0] ** 2, point[0] * point[1]])
