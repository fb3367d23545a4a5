"""One fold of cross-fitting: its pairs as a critic sees them, from the start it begins with."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from jscgc_theory.mutual_information.critics.cloud_features import CloudFeatures
from jscgc_theory.mutual_information.critics.critic import CriticInputs
from jscgc_theory.mutual_information.critics.gaussian_start import GaussianStart
from jscgc_theory.mutual_information.critics.held_out import Reading, read_blocks, score_limits
from jscgc_theory.mutual_information.critics.score_bounds import Contributions
from jscgc_theory.mutual_information.paired_sample import PairedSample

Clouds = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class CriticPairs:
    """Rows of x and y that belong together, as a critic sees them."""

    x: CriticInputs
    y: CriticInputs

    def take(self, rows: torch.Tensor | slice) -> "CriticPairs":
        """Return some of the pairs."""
        return CriticPairs(self.x.take(rows), self.y.take(rows))

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Fold:
    """Pairs to train on, to stop by and to report, all prepared by the training pairs."""

    start: str
    """Name of the start that critics are given."""
    train: CriticPairs
    validation: CriticPairs
    test: CriticPairs


def prepare_folds(
    train: PairedSample,
    validation: PairedSample,
    test: PairedSample,
    reading: Reading,
    device: torch.device,
) -> list[Fold]:
    """Prepare the pairs of a fold once for each start worth training from.

    Args:
        train: Pairs that every map is fitted on.
        validation: Pairs that starts are compared by.
        test: Pairs that nothing is fitted on.
        reading: What the bound reads off a matrix of scores.
        device: Where the tensors go.

    Returns:
        The fold without a start, and, if it does better than that, with the best Gaussian one.
    """
    maps = CloudFeatures.of(train.x), CloudFeatures.of(train.y)
    parts = [(maps[0](part.x), maps[1](part.y)) for part in (train, validation, test)]
    fitted, stopping = parts[:2]
    with_radius = GaussianStart.of(*fitted)
    starts = {
        "none": with_radius.without,
        "gaussian": GaussianStart.of(fitted[0][:, : train.x_dim], fitted[1][:, : train.y_dim]),
        "gaussian_with_radius": with_radius,
    }
    best = _best_start(
        {name: _held_out(start, fitted, stopping, reading) for name, start in starts.items()}
    )
    return [
        Fold(name, *(_as_inputs(clouds, starts[name], with_radius, device) for clouds in parts))
        for name in sorted({"none", best})
    ]


def _best_start(found: dict[str, Contributions]) -> str:
    # Twice the columns fit four times the correlations, whose noise a small held-out part may
    # take for a gain: the radius has to gain more than its standard error.
    gain = found["gaussian_with_radius"] - found["gaussian"]
    credible = gain.mean() > gain.std(ddof=1) / math.sqrt(len(gain))
    gaussian = "gaussian_with_radius" if credible else "gaussian"
    return max("none", gaussian, key=lambda name: float(found[name].mean()))


def _held_out(
    start: GaussianStart, fitted: Clouds, held_out: Clouds, reading: Reading
) -> Contributions:
    limits = score_limits((start.embed_x(fitted[0]) * start.embed_y(fitted[1])).sum(axis=1))
    left, right = start.embed_x(held_out[0]), start.embed_y(held_out[1])
    (found,) = read_blocks(
        lambda block: np.clip(left[block] @ right[block].T, *limits), len(left), reading
    )
    return found


def _as_inputs(
    clouds: Clouds, start: GaussianStart, features: GaussianStart, device: torch.device
) -> CriticPairs:
    def tensor(array: NDArray[np.float64]) -> torch.Tensor:
        return torch.as_tensor(array, dtype=torch.float32, device=device)

    x, y = clouds
    return CriticPairs(
        CriticInputs(tensor(start.embed_x(x)), tensor(features.to_u(x))),
        CriticInputs(tensor(start.embed_y(y)), tensor(features.to_v(y))),
    )
