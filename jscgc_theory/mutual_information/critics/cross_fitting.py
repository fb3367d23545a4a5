"""Cross-fitting: each pair is reported by a critic that never saw it."""

import itertools
from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.critics.bound import Bound
from jscgc_theory.mutual_information.critics.critic import CRITICS
from jscgc_theory.mutual_information.critics.early_stopping import LimitedCritic
from jscgc_theory.mutual_information.critics.fit_record import CrossFit, TrainingRecord
from jscgc_theory.mutual_information.critics.fold import Fold, prepare_folds
from jscgc_theory.mutual_information.critics.held_out import blocks_of
from jscgc_theory.mutual_information.critics.settings import CriticSettings
from jscgc_theory.mutual_information.critics.training import train
from jscgc_theory.mutual_information.paired_sample import PairedSample

VALIDATION_SHARE = 0.2
"""Share of the pairs outside the reported part that stop the training."""

Rows = Int[NDArray[np.int64], " _"]
Progress = Callable[[float], None]


def cross_fit(sample: PairedSample, bound: Bound, settings: CriticSettings) -> CrossFit:
    """Train a critic for each fold and read the bound off the fold's own pairs.

    Args:
        sample: Distinct pairs.
        bound: What is maximised and what is read.
        settings: The critic, its training and the split.

    Returns:
        The readings of all pairs.
    """
    device = _checked_device(settings.device)
    generator = torch.Generator().manual_seed(settings.seed)
    splits = _splits(sample.n_pairs, settings)
    trainings, read = [], []
    for k, rows in enumerate(splits):

        def progress(fraction: float, k: int = k) -> None:
            settings.tell_progress((k + fraction) / settings.n_folds)

        train_pairs, validation_pairs, test_pairs = (sample.take(part) for part in rows)
        folds = prepare_folds(train_pairs, validation_pairs, test_pairs, bound.validate, device)
        fold, critic, training = _best_of(folds, bound, settings, generator, progress)
        trainings.append(training)
        read.append(critic.read(fold.test, bound.read, bound.diagnose))
    settings.tell_progress(1.0)
    n_train, n_validation, n_test = (min(map(len, part)) for part in zip(*splits, strict=True))
    return CrossFit(
        contributions=np.concatenate([value for value, _ in read]),
        diagnostics=np.concatenate([diagnostic for _, diagnostic in read]),
        trainings=tuple(trainings),
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        smallest_block=min(block.stop - block.start for block in blocks_of(n_test)),
    )


def _best_of(
    folds: list[Fold],
    bound: Bound,
    settings: CriticSettings,
    generator: torch.Generator,
    progress: Progress,
) -> tuple[Fold, LimitedCritic, TrainingRecord]:
    # A critic adds to the start that its fold's pairs carry: they have to stay together.
    trained = []
    for k, fold in enumerate(folds):
        x_features, y_features = fold.train.x.features.shape[1], fold.train.y.features.shape[1]
        kind = CRITICS[settings.critic]
        critic = kind(x_features, y_features, settings.hidden_sizes, generator)

        def share(fraction: float, k: int = k) -> None:
            progress((k + fraction) / len(folds))

        critic.to(fold.train.x.start.device)
        trained.append((fold, *train(critic, fold, bound, settings, generator, share)))
    return max(trained, key=lambda found: found[2].validation_nats)


def _splits(n_pairs: int, settings: CriticSettings) -> list[tuple[Rows, Rows, Rows]]:
    order = np.random.default_rng(settings.seed).permutation(n_pairs)
    ends = [n_pairs * k // settings.n_folds for k in range(settings.n_folds + 1)]
    splits = []
    for first, last in itertools.pairwise(ends):
        others = np.concatenate([order[:first], order[last:]])
        cut = round(VALIDATION_SHARE * len(others))
        splits.append((others[cut:], others[:cut], order[first:last]))
    return splits


def _checked_device(name: str) -> torch.device:
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise InputError(
            f"device = {name!r} cannot be used here ({str(error).splitlines()[0]}); use cpu"
        ) from error
