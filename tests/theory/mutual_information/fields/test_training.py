import math

import numpy as np
import pytest

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.mutual_information.fields import (
    TrainedField,
    TrainedVelocityGap,
    TrainingSettings,
    train_denoiser,
    train_velocity_field,
)
from jscgc_theory.sources import SphereChannel
from jscgc_theory.sources.von_mises_fisher import mean_deficit

SHORT = TrainingSettings(n_steps=40, batch_size=64, width=16, depth=1)


@pytest.fixture(scope="module")
def pairs():
    return SphereChannel(2, 5.0).sample(800, np.random.default_rng(0))


@pytest.fixture(scope="module")
def field(pairs):
    return train_velocity_field(*pairs, rng=3, settings=SHORT)


def exact_denoiser(z, sigma):
    norm = np.linalg.norm(z, axis=1)
    length = 1.0 - mean_deficit(norm / sigma**2, z.shape[1] - 1)
    return (length / norm)[:, None] * z


def test_training_brings_the_denoiser_of_a_sphere_near_the_exact_one():
    rng = np.random.default_rng(1)
    points = SphereChannel(2, 5.0).sample(4000, rng)[0]
    settings = TrainingSettings(n_steps=200, batch_size=128, width=32, depth=2)
    field = train_denoiser(points[:3000], (0.05, 5.0), rng=rng, settings=settings)
    linear = train_denoiser(
        points[:3000],
        (0.05, 5.0),
        rng=rng,
        settings=TrainingSettings(n_steps=10, learning_rate=1e-9),
    )
    for sigma in (0.05, 0.2, 0.6):
        z = points[3000:] + sigma * rng.standard_normal((1000, 3))
        errors = [
            np.square(trained.denoise(z, sigma) - exact_denoiser(z, sigma)).mean()
            for trained in (field, linear)
        ]
        assert errors[0] < 0.15 * errors[1]


def test_equal_seeds_give_equal_fields_and_other_seeds_others(pairs, field):
    x, y_hat = pairs
    again = train_velocity_field(x, y_hat, rng=np.random.default_rng(3), settings=SHORT)
    other = train_velocity_field(x, y_hat, rng=4, settings=SHORT)
    answers = [one(x, 0.3, y_hat) for one in (field, again, other)]
    np.testing.assert_array_equal(answers[0], answers[1])
    assert np.abs(answers[0] - answers[2]).max() > 1e-4


def test_velocity_and_denoiser_are_two_readings_of_one_network(pairs, field):
    x, y_hat = pairs
    t = np.linspace(0.1, 0.9, len(x))[:, None]
    x_t = (1.0 - t) * x + t * np.random.default_rng(0).standard_normal(x.shape)
    for condition in (None, y_hat):
        clean = field.denoise(x_t / (1.0 - t), (t / (1.0 - t))[:, 0], condition)
        velocity = field(x_t, t[:, 0], condition)
        np.testing.assert_allclose(velocity, (x_t - clean) / t, atol=1e-9)


def test_the_network_itself_answers_as_its_field(pairs, field):
    import torch

    x, y_hat = pairs
    t = torch.full((len(x),), 0.3, dtype=torch.float64)
    velocity = field.network(torch.as_tensor(x), t, torch.as_tensor(y_hat)).numpy()
    np.testing.assert_allclose(velocity, field(x, 0.3, y_hat), atol=1e-6)


def test_a_saved_field_comes_back_the_same(pairs, field, tmp_path):
    x, y_hat = pairs
    field.save(tmp_path / "field.safetensors")
    loaded = TrainedField.load(tmp_path / "field.safetensors")
    assert loaded.sigma_range == field.sigma_range
    assert loaded.t_range == field.t_range
    for condition in (None, y_hat):
        np.testing.assert_array_equal(loaded(x, 0.2, condition), field(x, 0.2, condition))


def test_files_of_another_kind_are_refused(tmp_path):
    from safetensors.numpy import save_file

    text, tensors = tmp_path / "text", tmp_path / "tensors"
    text.write_text("no weights", encoding="utf-8")
    save_file({"a": np.zeros(2)}, tensors)
    for path in (text, tensors, tmp_path / "absent"):
        with pytest.raises(InputError, match="holds no trained velocity field"):
            TrainedField.load(path)


def test_a_field_refuses_points_of_another_kind(pairs, field):
    x, y_hat = pairs
    with pytest.raises(InputError, match="x_t has 2 columns but the field was trained with 3"):
        field(x[:, :2], 0.5)
    with pytest.raises(InputError, match="y_hat has 2 columns"):
        field(x, 0.5, y_hat[:, :2])
    with pytest.raises(InputError, match="y_hat has 5 rows but there are 800 points"):
        field(x, 0.5, y_hat[:5])
    with pytest.raises(InputError, match="z"):
        field.denoise(np.full((3, 3), math.nan), 0.5)


@pytest.mark.parametrize(
    ("levels", "message"),
    [((0.0, 1.0), "sigma"), ((1.0, 1.0), "not ascending"), ((math.nan, 1.0), "sigma")],
)
def test_unusable_noise_levels_are_refused(levels, message):
    with pytest.raises(InputError, match=message):
        train_denoiser(np.eye(30), levels)


@pytest.mark.parametrize("name", ["n_steps", "batch_size", "learning_rate", "width", "depth"])
def test_unusable_settings_are_refused(name):
    with pytest.raises(InputError, match=name):
        TrainingSettings(**{name: 0})


def test_a_shortened_training_has_half_the_steps():
    assert TrainingSettings(n_steps=100).shortened().n_steps == 50
    assert TrainingSettings(n_steps=11).shortened().n_steps == 10


def test_progress_rises_to_one(pairs):
    told = []
    train_velocity_field(*pairs, rng=0, settings=SHORT, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_without_torch_the_extra_is_named(pairs, monkeypatch):
    module = "jscgc_theory.mutual_information.fields.require_torch.find_spec"
    monkeypatch.setattr(module, lambda name: None)
    calls = (
        lambda: train_velocity_field(*pairs),
        lambda: train_denoiser(pairs[0], (0.1, 1.0)),
        lambda: TrainedField.load("field.safetensors"),
        lambda: TrainedVelocityGap().fit(*pairs),
    )
    for call in calls:
        with pytest.raises(MissingExtraError, match=r"trained velocity field.*jscgc\[model\]"):
            call()
