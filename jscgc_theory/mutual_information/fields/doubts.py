"""What may be wrong with a trained field that its own two forms of I cannot show."""

import math

from jscgc_theory.mutual_information.nearest_neighbour import KSG
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice

# Half of what an estimate may be wrong by without a word: max(5 %, 0.05 bit).
_ALLOWED_SHARE = 0.025
_ALLOWED_BITS = 0.025
_SIGNIFICANT_ERRORS = 3.0
# Nearest neighbours overstate I in many dimensions and only understate it in few.
_MOST_NEIGHBOUR_DIMS = 12
_MOST_NEIGHBOUR_PAIRS = 10_000


def still_learning(early_bits: float, late_bits: float) -> tuple[Notice, ...]:
    """Say if I still moved when pairs and training steps were doubled.

    Args:
        early_bits: I by the field trained on half of the pairs for half the steps.
        late_bits: I by the field trained in full.

    Returns:
        The notice, or none.
    """
    if abs(late_bits - early_bits) <= _allowed(late_bits):
        return ()
    message = (
        f"I went from {early_bits:.3g} to {late_bits:.3g} bits when pairs and training steps were "
        "doubled: the field is not trained to the end; add pairs or steps"
    )
    return (Notice(code="field_not_trained", message=message),)


def overfitted(seen: Estimate, held_out: Estimate) -> tuple[Notice, ...]:
    """Say if the loss gap is larger on the pairs of the training than on others.

    Args:
        seen: Loss gap on training pairs.
        held_out: Loss gap on held-out pairs.

    Returns:
        The notice, or none.
    """
    error = math.hypot(seen.standard_error or 0.0, held_out.standard_error or 0.0)
    excess = seen.value - held_out.value
    if excess <= _allowed(held_out.value) + _SIGNIFICANT_ERRORS * error:
        return ()
    message = (
        f"the loss gap is {seen.value:.3g} bits on the training pairs but {held_out.value:.3g} on "
        "held-out ones: the field has learned single pairs, and what it says is off by about as "
        "much; add pairs"
    )
    return (Notice(code="field_overfitted", message=message),)


def missed_dependence(sample: PairedSample, highest_bits: float) -> tuple[Notice, ...]:
    """Say if nearest neighbours find more information than a field does.

    A network may stay for long at the law it began with, the Gaussian one, and all its own signs
    then agree on too small a value. In few dimensions nearest neighbours only understate I.

    Args:
        sample: The pairs.
        highest_bits: Upper end of what the field says.

    Returns:
        The notice, or none.
    """
    if sample.x_dim + sample.y_dim > _MOST_NEIGHBOUR_DIMS:
        return ()
    few = PairedSample(sample.x[:_MOST_NEIGHBOUR_PAIRS], sample.y[:_MOST_NEIGHBOUR_PAIRS])
    found = KSG(rng=0).estimate(few)
    margin = 2.0 * _allowed(found.value) + _SIGNIFICANT_ERRORS * (found.standard_error or 0.0)
    if found.value <= highest_bits + margin:
        return ()
    message = (
        f"nearest neighbours find {found.value:.3g} bits, the field at most {highest_bits:.3g}: "
        "it has not found the dependence; train longer with a wider network, or add pairs"
    )
    return (Notice(code="field_not_trained", message=message),)


def _allowed(bits: float) -> float:
    return max(_ALLOWED_SHARE * abs(bits), _ALLOWED_BITS)
