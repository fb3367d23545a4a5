import math

import numpy as np
import pytest
import torch

from jscgc_theory.mutual_information.critics import objectives
from jscgc_theory.mutual_information.critics import score_bounds as bounds


def scores_and_tensor(m=7, seed=1):
    scores = np.random.default_rng(seed).normal(size=(m, m))
    return scores, torch.tensor(scores, requires_grad=True)


@pytest.mark.parametrize(
    ("objective", "reading"),
    [
        (objectives.info_nce, bounds.info_nce_contributions),
        (objectives.nwj, bounds.nwj_contributions),
        (objectives.jensen_shannon, bounds.jensen_shannon_contributions),
    ],
)
def test_training_maximises_what_is_read(objective, reading):
    scores, tensor = scores_and_tensor()
    assert objective(tensor).item() == pytest.approx(reading(scores).mean(), rel=1e-12)


def gradient(objective, tensor):
    return torch.autograd.grad(objective(tensor), tensor)[0].numpy()


def test_the_first_gradient_is_that_of_the_donsker_varadhan_value():
    scores, tensor = scores_and_tensor()
    found = gradient(objectives.BiasCorrectedDV(), tensor)
    step = 1e-6
    for i, j in [(0, 0), (2, 5), (6, 1)]:
        moved = scores.copy()
        moved[i, j] += step
        slope = (
            bounds.dv_contributions(moved).mean() - bounds.dv_contributions(scores).mean()
        ) / step
        assert found[i, j] == pytest.approx(slope, abs=1e-6)


def test_later_gradients_divide_by_the_moving_average():
    objective = objectives.BiasCorrectedDV(rate=0.25)
    averages = []
    for seed in range(3):
        scores, tensor = scores_and_tensor(seed=seed)
        found = gradient(objective, tensor)
        mean = math.exp(bounds.product_shares(scores)[0])
        averages.append(mean if not averages else 0.75 * averages[-1] + 0.25 * mean)
        expected = -np.exp(scores) / (7 * 6) / averages[-1]
        np.fill_diagonal(expected, 1.0 / 7.0)
        np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_huge_scores_do_not_overflow_the_contrastive_objective():
    tensor = torch.full((4, 4), 1e4) + 1e4 * torch.eye(4)
    assert objectives.info_nce(tensor).item() == pytest.approx(math.log(4.0))
