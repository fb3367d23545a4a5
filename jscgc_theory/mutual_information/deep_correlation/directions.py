"""The trained directions of one fold: from pairs to the few coordinates that carry dependence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from jscgc_theory.mutual_information.deep_correlation.canonical_networks import (
    CanonicalNetworks,
    train_networks,
)
from jscgc_theory.mutual_information.deep_correlation.principal_scores import PrincipalScores
from jscgc_theory.mutual_information.deep_correlation.settings import DeepCCASettings
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian import GaussianMI
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.held_out_bound import cross_fitted_lower_bound

_FOLDS_TO_COUNT_BY = 4


@dataclass(frozen=True)
class TrainedDirections:
    """Canonical coordinates of trained functions, the most correlated first."""

    scores: tuple[PrincipalScores, PrincipalScores]
    networks: CanonicalNetworks
    model: GaussianModel
    """Of the validation pairs: it turns outputs into canonical coordinates."""
    n_kept: int
    best_step: int

    @classmethod
    def of(
        cls,
        train: PairedSample,
        validation: PairedSample,
        settings: DeepCCASettings,
        rng: np.random.Generator,
        progress: Callable[[float], None],
    ) -> Self:
        """Train the functions and count the directions worth keeping.

        Args:
            train: Pairs to train on.
            validation: Pairs that stop the training and count the directions.
            settings: Sizes and training.
            rng: Draws weights and batches.
            progress: Told the finished share.

        Returns:
            The directions.

        Raises:
            InputError: If an exact relation makes I infinite.
        """
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        scores = PrincipalScores.of(train.x), PrincipalScores.of(train.y)

        def tensors(pairs: PairedSample) -> tuple[Tensor, Tensor]:
            x, y = scores[0](pairs.x), scores[1](pairs.y)
            return (
                torch.from_numpy(x).to(settings.device),
                torch.from_numpy(y).to(settings.device),
            )

        seen = tensors(train)
        networks = CanonicalNetworks(seen[0].shape[1], seen[1].shape[1], settings, generator)
        networks, best_step = train_networks(
            networks.to(settings.device), seen, tensors(validation), settings, generator, progress
        )
        outputs = _outputs(networks, scores, validation)
        model = GaussianModel.of(outputs)
        canonical = _coordinates(model, outputs)
        return cls(scores, networks, model, _n_worth_keeping(canonical, rng), best_step)

    def __call__(self, pairs: PairedSample) -> PairedSample:
        """Return pairs in the kept directions."""
        canonical = _coordinates(self.model, _outputs(self.networks, self.scores, pairs))
        return _leading(canonical, self.n_kept)


@torch.no_grad()
def _outputs(
    networks: CanonicalNetworks,
    scores: tuple[PrincipalScores, PrincipalScores],
    pairs: PairedSample,
) -> PairedSample:
    device = next(networks.parameters()).device

    def output(network: torch.nn.Module, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        found: Tensor = network(torch.from_numpy(rows).to(device))
        return np.asarray(found.double().cpu().numpy())

    return PairedSample(
        output(networks.of_x, scores[0](pairs.x)), output(networks.of_y, scores[1](pairs.y))
    )


def _coordinates(model: GaussianModel, outputs: PairedSample) -> PairedSample:
    return PairedSample(model.to_u(outputs.x), model.to_v(outputs.y))


def _leading(pairs: PairedSample, n: int) -> PairedSample:
    return PairedSample(pairs.x[:, :n], pairs.y[:, :n])


def _n_worth_keeping(canonical: PairedSample, rng: np.random.Generator) -> int:
    """Count the leading directions with the greatest Donsker-Varadhan bound.

    Later directions may be functions of earlier ones, such as their squares: correlated, yet
    nothing new. A Gaussian critic that counts them twice has a lower bound, not a higher one.
    """
    most = min(canonical.x_dim, canonical.y_dim)
    bounds = [
        cross_fitted_lower_bound(GaussianMI(), _leading(canonical, n), rng, _FOLDS_TO_COUNT_BY)
        for n in range(1, most + 1)
    ]
    return 1 + int(np.argmax([bound.value for bound in bounds]))
