"""Binary entropy and divergence, and the least coincidence probability they allow."""

import math

from scipy.special import entr, rel_entr, xlog1py

from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.errors import InputError
from jscgc_theory.units import bits_to_nats, nats_to_bits
from jscgc_theory.validation import check_finite_number, check_nonnegative, check_probability


def binary_entropy_bits(p: float) -> float:
    """Return the entropy of a coin, ``h(p) = -p log2 p - (1-p) log2(1-p)``.

    Args:
        p: Probability in [0, 1].

    Returns:
        Entropy in bits, between 0 and 1.

    Raises:
        InputError: If p is not a number in [0, 1].

    >>> binary_entropy_bits(0.5)
    1.0
    """
    p = check_fraction(p, name="p")
    return nats_to_bits(float(entr(p) - xlog1py(1.0 - p, -p)))


def binary_divergence_bits(a: float, b: float) -> float:
    """Return the divergence of two coins, ``d2(a, b) = a log2(a/b) + (1-a) log2((1-a)/(1-b))``.

    Args:
        a: Probability in [0, 1].
        b: Probability in [0, 1].

    Returns:
        Divergence in bits; infinite if b is 0 or 1 and a is not the same.

    Raises:
        InputError: If either is not a number in [0, 1].

    >>> binary_divergence_bits(1.0, 0.25)
    2.0
    """
    a, b = check_fraction(a, name="a"), check_fraction(b, name="b")
    nats = float(rel_entr(a, b) + rel_entr(1.0 - a, 1.0 - b))
    return max(0.0, nats_to_bits(nats))


def log2_least_coincidence(mi_bits: float, outage_probability: float) -> float:
    """Return log2 of the least q that ``d2(1 - P_e, q) <= I`` allows, for R2 and R3.

    Data processing of the test ``rho(X, X_hat) <= r`` gives ``d2(1 - P_e, q(r)) <= I`` wherever
    ``q(r) <= 1 - P_e``; so a system with outage P_e at radius r has ``q(r)`` at least the value
    returned. The equation is solved in log2 q, hence thousands of bits do no harm.

    Args:
        mi_bits: Mutual information I(X; Y_hat) in bits.
        outage_probability: P_e in (0, 1).

    Returns:
        log2 q, at most log2(1 - P_e), where it stands if I = 0.

    Raises:
        InputError: If I is negative or P_e outside (0, 1).

    References:
        Polyanskiy and Verdu, "Arimoto channel coding converse and Renyi divergence", Allerton
        2010; Chen, Guntuboyina and Zhang, "On Bayes risk lower bounds", JMLR 17, 2016.

    >>> round(log2_least_coincidence(2000.0, 1e-9), 3)
    -2000.0
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    outage = check_probability(outage_probability)
    kept = 1.0 - outage
    spent = mi_bits + binary_entropy_bits(outage)

    def divergence_minus_mi(log2_q: float) -> float:
        return -kept * log2_q - outage * _log2_one_minus_exp2(log2_q) - spent

    # At -(I + h)/(1 - P_e) the dropped term -P_e log2(1 - q) is positive: the root lies above.
    log2_kept = nats_to_bits(math.log1p(-outage))
    return bracketed_root(divergence_minus_mi, min(-spent / kept, log2_kept), log2_kept)


def check_fraction(value: float, *, name: str) -> float:
    """Check a probability, the ends 0 and 1 included.

    Args:
        value: The probability.
        name: What to call it in messages.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is not a number in [0, 1].
    """
    number = check_finite_number(value, name=name)
    if not 0.0 <= number <= 1.0:
        raise InputError(f"{name} = {number:g} is outside [0, 1]; give a probability")
    return number


def _log2_one_minus_exp2(exponent: float) -> float:
    """Return log2(1 - 2^exponent) for a negative exponent, without cancellation."""
    return nats_to_bits(math.log(-math.expm1(bits_to_nats(exponent))))
