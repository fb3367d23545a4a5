"""What sets one variational value of I apart from another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jscgc_theory.mutual_information.critics.held_out import Reading

Objective = Callable[[Any], Any]
"""What training maximises: a scalar tensor made of a batch's matrix of scores."""


@dataclass(frozen=True)
class Bound:
    """What is maximised on batches and what is read off held-out scores."""

    make_objective: Callable[[], Objective]
    """Gives a fresh objective for each training, since one may keep a moving average."""
    read: Reading
    """Each pair's contribution to the reported value, in nats."""
    diagnose: Reading
    """The numbers by which the value is doubted."""
    validate: Reading
    """What starts, steps and critics are compared by."""
