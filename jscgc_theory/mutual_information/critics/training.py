"""The one loop that trains every critic."""

import copy
from collections.abc import Callable, Iterator

import torch
from torch.nn.utils import clip_grad_norm_

from jscgc_theory.mutual_information.critics.bound import Bound
from jscgc_theory.mutual_information.critics.critic import Critic
from jscgc_theory.mutual_information.critics.early_stopping import (
    STEPS_BETWEEN_LOOKS,
    EarlyStopping,
    LimitedCritic,
)
from jscgc_theory.mutual_information.critics.fit_record import TrainingRecord
from jscgc_theory.mutual_information.critics.fold import CriticPairs, Fold
from jscgc_theory.mutual_information.critics.settings import CriticSettings

WEIGHT_DECAY = 0.1
AVERAGING_RATE = 0.02
"""Validation and test see the exponential average of the weights over about 50 steps."""
LARGEST_GRADIENT_NORM = 1.0


def train(
    critic: Critic,
    fold: Fold,
    bound: Bound,
    settings: CriticSettings,
    generator: torch.Generator,
    progress: Callable[[float], None],
) -> tuple[LimitedCritic, TrainingRecord]:
    """Train a critic until its validation value no longer improves.

    Args:
        critic: The critic, changed in place.
        fold: Pairs to train on and to stop by.
        bound: What to maximise on a batch, and what validation reads off scores.
        settings: How long and in what steps to train.
        generator: Shuffles the pairs.
        progress: Told the finished share of ``max_steps`` at each look.

    Returns:
        The best critic seen and how its training went.
    """
    average = copy.deepcopy(critic)
    stopping = EarlyStopping(critic, fold, bound.validate, settings.patience)
    objective = bound.make_objective()
    parameters = list(critic.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=WEIGHT_DECAY)
    batches = _endless_batches(fold.train, settings.batch_size, generator)
    for step in range(1, settings.max_steps + 1):
        batch = next(batches)
        loss = -objective(critic.crossed(batch.x, batch.y))
        if not torch.isfinite(loss):
            return stopping.finish("diverged", step)
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(parameters, LARGEST_GRADIENT_NORM)
        optimizer.step()
        _move_towards(average, critic)
        if step % STEPS_BETWEEN_LOOKS == 0:
            progress(step / settings.max_steps)
            if stopping.look(average):
                return stopping.finish("stopped_early", step)
    return stopping.finish("out_of_steps", settings.max_steps)


@torch.no_grad()
def _move_towards(average: Critic, critic: Critic) -> None:
    for kept, new in zip(average.parameters(), critic.parameters(), strict=True):
        kept.lerp_(new, AVERAGING_RATE)


def _endless_batches(
    pairs: CriticPairs, batch_size: int, generator: torch.Generator
) -> Iterator[CriticPairs]:
    while True:
        order = torch.randperm(len(pairs), generator=generator)
        whole = len(pairs) // min(batch_size, len(pairs))
        for rows in order.tensor_split(whole):
            yield pairs.take(rows)
