"""Relations R5: what the posterior sampler pays against the best decoder."""

import sympy as sp

from jscgc_theory.derivations.simplifications import expand_logarithms
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import intrinsic_dim, log2, mi_bits, outage

mmse = sp.Symbol(r"\mathrm{mmse}", nonnegative=True)
differential_entropy = sp.Symbol("h_d", real=True)
_mean_square = sp.Symbol(r"\mathbb{E}\|X-\hat{X}\|^2", nonnegative=True)
_sampler, _best = sp.Function(r"r_{\mathrm{sampler}}"), sp.Function(r"r_{\mathrm{best}}")
posterior_variance = sp.Symbol("V", positive=True)


def sampler_mean_square() -> sp.Eq:
    """Return the first part of R5, ``E|X - X_hat|^2 = 2 mmse``."""
    return sp.Eq(_mean_square, 2 * mmse)


def sampler_radius() -> sp.Le:
    """Return the second part of R5, ``r_sampler(2 P_e) <= 2 r_best(P_e)``."""
    return sp.Le(_sampler(2 * outage), 2 * _best(outage))


def plane_radius(probability: sp.Expr) -> sp.Expr:
    """Return the best radius if the posterior is N(mean, V) in each of two dimensions."""
    return sp.sqrt(-2 * posterior_variance * sp.log(probability))


def mean_square_floor() -> sp.Expr:
    """Return Shannon's lower bound on the mmse, ``(d/(2 pi e)) 2^(2 (h_d(X) - I)/d)``."""
    exponent = 2 * (differential_entropy - mi_bits) / intrinsic_dim
    return intrinsic_dim / (2 * sp.pi * sp.E) * 2**exponent


def proof_of_mean_square() -> Proof:
    """Derive the first part: given y_hat, X and X_hat are independent with one law.

    Returns:
        The steps.
    """
    first, second, decoded = sp.symbols("m_1 m_2 g", real=True)
    variance = second - first**2
    return (
        Step(
            "E(X - X_hat)^2 of two independent draws is twice the posterior variance",
            second - 2 * first * first + second,
            2 * variance,
        ),
        Step(
            "a fixed answer g costs the variance plus its distance from the mean",
            second - 2 * first * decoded + decoded**2,
            variance + (decoded - first) ** 2,
        ),
    )


def proof_of_radius() -> Proof:
    """Derive the second part by the triangle inequality.

    If |X - g| > r has probability P_e, so has |X_hat - g| > r; else |X - X_hat| <= 2 r.

    Returns:
        The steps.
    """
    near, far = sp.symbols("a b", positive=True)
    both = sp.Symbol(r"{P(A\cap B)}", nonnegative=True)
    return (
        Step(
            "|X - X_hat| is at most |X - g| + |X_hat - g|",
            (near + far) ** 2 - (near - far) ** 2,
            sp.Integer(0),
            ">=",
            sp.expand,
        ),
        Step(
            "so it is above 2 r at most where one is above r: P(A or B) <= 2 P_e",
            2 * outage,
            2 * outage - both,
            ">=",
        ),
    )


def proof_of_radius_on_gaussian_plane() -> Proof:
    """Show the second part on a Gaussian posterior in the plane, where both radii are known.

    Returns:
        The steps.
    """
    odds = sp.Symbol("u", positive=True)
    at_odds = {outage: 1 / (1 + odds)}
    slack = (2 * plane_radius(outage)) ** 2 - 2 * plane_radius(2 * outage) ** 2
    return (
        Step(
            "the best radius at P_e",
            sp.exp(-(plane_radius(outage) ** 2) / (2 * posterior_variance)),
            outage,
        ),
        Step(
            "the sampler's error has twice the variance, so sqrt(2) times the radius",
            sp.exp(-2 * plane_radius(outage) ** 2 / (2 * 2 * posterior_variance)),
            outage,
        ),
        Step(
            "(2 r_best(P_e))^2 - r_sampler(2 P_e)^2 at P_e = 1/(1 + u)",
            slack.subs(at_odds) / (4 * posterior_variance),
            sp.log(2) + sp.log(1 + odds),
            simplify=expand_logarithms,
        ),
        Step("is positive", sp.log(2) + sp.log(1 + odds), sp.Integer(0), ">="),
    )


def proof_of_mean_square_floor() -> Proof:
    """Derive Shannon's lower bound: a Gaussian has the most entropy for its mean square.

    Returns:
        The steps.
    """
    floor = mean_square_floor()
    most_entropy = intrinsic_dim / 2 * log2(2 * sp.pi * sp.E * mmse / intrinsic_dim)
    gaussian_mmse = intrinsic_dim * posterior_variance * 2 ** (-2 * mi_bits / intrinsic_dim)
    gaussian_entropy = intrinsic_dim / 2 * log2(2 * sp.pi * sp.E * posterior_variance)
    return (
        Step(
            "h_d(X) - I = h_d(X | Y_hat), at most that of a Gaussian of mean square mmse",
            most_entropy.subs(mmse, floor),
            differential_entropy - mi_bits,
            simplify=expand_logarithms,
        ),
        Step(
            "an isotropic Gaussian source over Gaussian noise meets it",
            sp.log(floor.subs(differential_entropy, gaussian_entropy)),
            sp.log(gaussian_mmse),
            simplify=expand_logarithms,
        ),
    )
