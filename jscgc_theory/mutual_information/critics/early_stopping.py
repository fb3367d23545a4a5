"""Keeping the critic that does best on validation pairs."""

import copy
from dataclasses import dataclass

import torch

from jscgc_theory.mutual_information.critics.critic import Critic
from jscgc_theory.mutual_information.critics.fit_record import Outcome, TrainingRecord
from jscgc_theory.mutual_information.critics.fold import CriticPairs, Fold
from jscgc_theory.mutual_information.critics.held_out import Reading, read_blocks, score_limits
from jscgc_theory.mutual_information.critics.score_bounds import Contributions, Scores

STEPS_BETWEEN_LOOKS = 50


@dataclass(frozen=True)
class LimitedCritic:
    """A critic whose scores are kept where those of joint pairs lie."""

    critic: Critic
    limits: tuple[float, float]

    @classmethod
    @torch.no_grad()
    def of(cls, critic: Critic, train: CriticPairs) -> "LimitedCritic":
        """Copy a critic and limit it.

        Args:
            critic: The critic.
            train: Its training pairs.

        Returns:
            The copy.
        """
        own = critic.paired(train.x, train.y).double().cpu().numpy()
        return cls(copy.deepcopy(critic), score_limits(own))

    @torch.no_grad()
    def read(self, pairs: CriticPairs, *readings: Reading) -> list[Contributions]:
        """Read bounds off held-out pairs, all crossed with one another within blocks.

        Args:
            pairs: Pairs that the critic was not trained on.
            *readings: What to read off each matrix of scores.

        Returns:
            For each reading its numbers of all pairs, in nats.
        """

        def scores_of(block: slice) -> Scores:
            some = pairs.take(block)
            scores = self.critic.crossed(some.x, some.y).clamp(*self.limits)
            return scores.double().cpu().numpy()

        return read_blocks(scores_of, len(pairs), *readings)


class EarlyStopping:
    """Looks at a critic now and then and keeps the best one.

    Args:
        critic: The critic before training, the first to be looked at.
        fold: Pairs to look with.
        reading: What validation reads off a matrix of scores.
        patience: Looks without a better value before training should stop.
    """

    def __init__(self, critic: Critic, fold: Fold, reading: Reading, patience: int) -> None:
        self._fold = fold
        self._reading = reading
        self._patience = patience
        self._best = LimitedCritic.of(critic, fold.train)
        self._best_look = 0
        self._records = [self._value_of(self._best)]

    def look(self, critic: Critic) -> bool:
        """Look at a critic.

        Args:
            critic: The critic as it stands; it is copied if it is the best so far.

        Returns:
            True if patience is exhausted.
        """
        limited = LimitedCritic.of(critic, self._fold.train)
        value, record = self._value_of(limited), self._records[-1]
        if value > record:
            self._best, self._best_look = limited, len(self._records)
        self._records.append(max(value, record))
        return len(self._records) - 1 - self._best_look >= self._patience

    def finish(self, outcome: Outcome, n_steps: int) -> tuple[LimitedCritic, TrainingRecord]:
        """Return the best critic seen.

        Args:
            outcome: How training ended.
            n_steps: Steps done.

        Returns:
            The critic and how its training went.
        """
        before = self._records[max(0, len(self._records) - 1 - self._patience)]
        record = TrainingRecord(
            start=self._fold.start,
            validation_nats=self._records[-1],
            outcome=outcome,
            best_step=self._best_look * STEPS_BETWEEN_LOOKS,
            n_steps=n_steps,
            late_gain_nats=self._records[-1] - before,
        )
        return self._best, record

    def _value_of(self, limited: LimitedCritic) -> float:
        (found,) = limited.read(self._fold.validation, self._reading)
        return float(found.mean())
