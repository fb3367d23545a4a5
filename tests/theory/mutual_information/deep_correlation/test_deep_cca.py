import numpy as np
import pytest
import torch

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.mutual_information.deep_correlation import DeepCCA, deep_cca
from jscgc_theory.mutual_information.deep_correlation.canonical_networks import (
    RIDGE,
    gaussian_information_nats,
)
from jscgc_theory.mutual_information.deep_correlation.principal_scores import PrincipalScores
from jscgc_theory.mutual_information.deep_correlation.residual_bound import (
    negentropy_nats,
    residual_lower_bound,
)
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.sources.information_pairs import information_benchmark
from jscgc_theory.units import nats_to_bits
from tests.theory.mutual_information.parametric import pairs

QUICK = {"n_steps": 150, "hidden_sizes": (32, 32), "batch_size": 256, "n_folds": 2, "rng": 0}


def test_the_objective_is_the_information_of_a_gaussian_pair():
    rng = np.random.default_rng(0)
    correlations = np.array([0.9, 0.5])
    x, y, truth = pairs.gaussian_pairs(200_000, correlations, rng)
    x, y = pairs.mixed(x, y, rng)
    found = gaussian_information_nats(torch.tensor(x), torch.tensor(y)).item()
    # Var = sum of rho^2 / n for the plug-in; the ridge lowers it by about RIDGE a direction.
    error = np.sqrt(np.square(correlations).sum() / len(x))
    assert abs(found - truth) < 4 * error + 10 * RIDGE


def test_the_objective_has_the_gradient_of_its_value():
    rng = np.random.default_rng(1)
    f = torch.tensor(rng.standard_normal((40, 2)), requires_grad=True)
    g = torch.tensor(rng.standard_normal((40, 2)) + f.detach().numpy()[:, :1])
    assert torch.autograd.gradcheck(lambda one: gaussian_information_nats(one, g), (f,))


@pytest.mark.parametrize("dim", [1, 2, 4])
def test_negentropy_of_a_uniform_cube_and_of_a_gaussian(dim):
    rng = np.random.default_rng(2)
    # h of the Gaussian of variance 1/12 less h of the uniform, which is 0.
    truth = 0.5 * dim * np.log(2 * np.pi * np.e / 12)
    values = [negentropy_nats(rng.uniform(size=(2000, dim)), rng) for _ in range(8)]
    error = np.std(values, ddof=1) / np.sqrt(8)
    # Neighbourhoods that reach over the faces make the entropy read high: negentropy low.
    assert truth - 0.12 * dim < np.mean(values) < truth + 4 * error
    gaussian = [negentropy_nats(rng.standard_normal((2000, dim)), rng) for _ in range(8)]
    assert abs(np.mean(gaussian)) < 4 * np.std(gaussian, ddof=1) / np.sqrt(8)


def test_the_residual_bound_is_tight_for_gaussian_pairs_and_independent_residuals():
    rng = np.random.default_rng(3)
    x, y, truth = pairs.gaussian_pairs(4000, [0.9, 0.7], rng)
    found = residual_lower_bound(PairedSample(x, y), rng)
    assert found.details["side"] == "lower_bound"
    assert abs(found.value - nats_to_bits(truth)) < 4 * found.standard_error + 0.03
    # X uniform, Y = X + uniform noise: the residual of Y is nearly the noise, far from Gaussian,
    # and the bound beats the Gaussian information.
    x, y, truth = pairs.uniform_noise_pairs(4000, 0.1, rng)
    found = residual_lower_bound(PairedSample(x, y), rng)
    assert found.value > found.details["gaussian_bits"]
    assert found.value < nats_to_bits(truth) + 4 * found.standard_error


def test_scores_keep_the_proportions_of_the_components():
    rng = np.random.default_rng(4)
    cloud = rng.standard_normal((1000, 100)) * np.geomspace(1.0, 1e-3, 100)
    scores = PrincipalScores.of(cloud)
    seen = scores(cloud)
    assert seen.shape == (1000, 64)
    assert np.isclose(seen.var(axis=0).mean(), 1.0, rtol=1e-2)
    assert (np.diff(seen.var(axis=0)) <= 1e-3).all()


def test_a_bent_dependence_is_found_and_not_overstated():
    rng = np.random.default_rng(5)
    x, y, truth = pairs.gaussian_pairs(2000, [0.9], rng, 4, 4)
    bent = np.column_stack([x[:, 0] ** 3, x[:, 1:] + np.sin(3 * x[:, :1])])
    found = DeepCCA(max_dim=2, **QUICK).fit(bent, y).estimate_
    truth = nats_to_bits(truth)
    assert found.details["side"] == "lower_bound"
    assert found.interval is None
    assert found.details["n_directions"] == [1, 1]
    assert 0.85 * truth < found.value < truth + 4 * found.standard_error


def test_independent_pairs_share_nothing():
    rng = np.random.default_rng(6)
    x, y = rng.standard_normal((2, 1500, 3))
    found = DeepCCA(max_dim=2, **QUICK).fit(x, y).estimate_
    assert abs(found.value) < 4 * found.standard_error + 0.02


def test_a_seed_decides_everything_and_progress_is_told():
    rng = np.random.default_rng(7)
    x, y, _ = pairs.gaussian_pairs(500, [0.8], rng, 2, 2)
    told = []
    settings = {"max_dim": 1, "n_steps": 60, "hidden_sizes": (8,), "n_folds": 2, "rng": 3}
    first = DeepCCA(**settings, progress=told.append).fit(x, y).estimate_
    assert first == DeepCCA(**settings).fit(x, y).estimate_
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"max_dim": 0}, "max_dim = 0"),
        ({"hidden_sizes": (0,)}, "hidden size = 0"),
        ({"batch_size": 8}, "batch_size = 8"),
        ({"learning_rate": 0.0}, "learning_rate = 0"),
        ({"n_steps": 0}, "n_steps = 0"),
        ({"n_folds": 1}, "n_folds = 1"),
        ({"n_folds": 4}, "300 pairs are too few for 4 folds"),
    ],
)
def test_settings_out_of_range_are_refused(setting, message):
    x, y, _ = pairs.gaussian_pairs(300, [0.5], np.random.default_rng(8))
    with pytest.raises(InputError, match=message):
        DeepCCA(**setting).fit(x, y)


@pytest.mark.parametrize(("n_pairs", "n_folds"), [(1300, 5), (7100, 7), (11_000, 10)])
def test_large_samples_are_dealt_to_more_folds(n_pairs, n_folds):
    x, y, _ = pairs.gaussian_pairs(n_pairs, [0.5], np.random.default_rng(10))
    found = DeepCCA(max_dim=1, n_steps=1, hidden_sizes=(4,), rng=0).fit(x, y).estimate_
    assert len(found.details["n_directions"]) == n_folds


def test_without_torch_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(deep_cca, "find_spec", lambda name: None)
    x, y, _ = pairs.gaussian_pairs(1300, [0.5], np.random.default_rng(9))
    with pytest.raises(MissingExtraError, match="model"):
        DeepCCA().fit(x, y)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("spiral of sparse Gaussian, 2 linked at 0.8, 3 + 3", 0.9),
        ("image of 4 factors and its", 0.9),
    ],
)
def test_spirals_and_images_are_read_from_below(name, share):
    case = next(one for one in information_benchmark() if name in one.name)
    x, y = case.sample(10_000, np.random.default_rng(0))
    found = DeepCCA(rng=0).fit(x, y).estimate_
    truth = case.mutual_information_bits()
    assert share * truth < found.value < truth + 4 * found.standard_error
