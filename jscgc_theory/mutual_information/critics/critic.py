"""Critics: a fixed start plus a trained correction, as one function of x and y."""

import abc
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_theory.mutual_information.critics.perceptron import perceptron
from jscgc_theory.mutual_information.critics.settings import CRITIC_NAMES

EMBEDDING_DIM = 16
"""Coordinates of each trained embedding of the separable critic."""
MAX_CROSSED_PAIRS = 65536
"""Pairs that a concatenated critic evaluates at once."""


@dataclass(frozen=True)
class CriticInputs:
    """What a critic sees of one cloud: its embedding by the start, and features to learn from."""

    start: Float[Tensor, "n_points n_start"]
    features: Float[Tensor, "n_points n_features"]

    def take(self, rows: Tensor | slice) -> "CriticInputs":
        """Return some of the points."""
        return CriticInputs(self.start[rows], self.features[rows])

    def __len__(self) -> int:
        return len(self.start)


class Critic(nn.Module, abc.ABC):
    """T(x, y) = start + correction; the correction is zero before training."""

    @abc.abstractmethod
    def crossed(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, "n_x n_y"]:
        """Return T(x_i, y_j) at row i, column j."""

    @abc.abstractmethod
    def paired(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, " n_pairs"]:
        """Return T(x_i, y_i)."""


class SeparableCritic(Critic):
    """Correction f(x) . g(y): all cross pairs of a batch cost one matrix product.

    Args:
        x_features: Columns of the features of x.
        y_features: Columns of the features of y.
        hidden_sizes: Widths of the hidden layers of f and of g.
        generator: Draws the first weights.
    """

    def __init__(
        self,
        x_features: int,
        y_features: int,
        hidden_sizes: Sequence[int],
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.embed_x = perceptron([x_features, *hidden_sizes, EMBEDDING_DIM], generator)
        self.embed_y = perceptron([y_features, *hidden_sizes, EMBEDDING_DIM], generator)
        _set_to_zero(self.embed_y)

    def crossed(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, "n_x n_y"]:
        """Return T(x_i, y_j) at row i, column j."""
        return self._left(x) @ self._right(y).T

    def paired(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, " n_pairs"]:
        """Return T(x_i, y_i)."""
        return (self._left(x) * self._right(y)).sum(dim=1)

    def _left(self, x: CriticInputs) -> Float[Tensor, "n_points n_columns"]:
        learnt = self.embed_x(x.features) / math.sqrt(EMBEDDING_DIM)
        return torch.cat([x.start, learnt], dim=1)

    def _right(self, y: CriticInputs) -> Float[Tensor, "n_points n_columns"]:
        return torch.cat([y.start, self.embed_y(y.features)], dim=1)


class ConcatenatedCritic(Critic):
    """Correction by one perceptron of (x, y): more freedom, a pass for every cross pair.

    Args:
        x_features: Columns of the features of x.
        y_features: Columns of the features of y.
        hidden_sizes: Widths of the hidden layers.
        generator: Draws the first weights.
    """

    def __init__(
        self,
        x_features: int,
        y_features: int,
        hidden_sizes: Sequence[int],
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.of_pair = perceptron([x_features + y_features, *hidden_sizes, 1], generator)
        _set_to_zero(self.of_pair)

    def crossed(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, "n_x n_y"]:
        """Return T(x_i, y_j) at row i, column j."""
        size = max(1, MAX_CROSSED_PAIRS // len(y))
        starts = range(0, len(x), size)
        return torch.cat([self._block(x.take(slice(k, k + size)), y) for k in starts])

    def paired(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, " n_pairs"]:
        """Return T(x_i, y_i)."""
        learnt: Tensor = self.of_pair(torch.cat([x.features, y.features], dim=1)).squeeze(1)
        return (x.start * y.start).sum(dim=1) + learnt

    def _block(self, x: CriticInputs, y: CriticInputs) -> Float[Tensor, "n_x n_y"]:
        left = x.features[:, None, :].expand(-1, len(y), -1)
        right = y.features[None, :, :].expand(len(x), -1, -1)
        learnt: Tensor = self.of_pair(torch.cat([left, right], dim=2)).squeeze(2)
        return x.start @ y.start.T + learnt


CRITICS: dict[str, type[SeparableCritic] | type[ConcatenatedCritic]] = dict(
    zip(CRITIC_NAMES, (SeparableCritic, ConcatenatedCritic), strict=True)
)


def _set_to_zero(layers: nn.Sequential) -> None:
    for parameter in layers[-1].parameters():
        nn.init.zeros_(parameter)
