"""Schedule and sampler, judged by diffusers and by Gaussian data where all is known."""

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.baselines.diff_jscc.ddim import ddim_sample
from jscgc_model.baselines.diff_jscc.noise_schedule import SCHEDULES, NoiseSchedule
from jscgc_theory.errors import InputError
from tests.statistics import assert_within_standard_errors, sample_mean_and_error

NAMES = sorted(SCHEDULES)
MEAN = torch.tensor([0.0, 1.5, -0.7], dtype=torch.float64)
VARIANCE = torch.tensor([1.0, 0.09, 4.0], dtype=torch.float64)


def normal(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def best_prediction(schedule):
    """Return the prediction of least squared error for independent Gaussian data."""

    def predict(noisy, timesteps):
        power = schedule.signal_power.double()[timesteps][:, None]
        a, b = power.sqrt(), (1.0 - power).sqrt()
        surprise = (noisy - a * MEAN) / (a.square() * VARIANCE + b.square())
        x_0, x_T = MEAN + a * VARIANCE * surprise, b * surprise
        return x_T if schedule.prediction == "epsilon" else a * x_T - b * x_0

    return predict


@pytest.mark.parametrize("name", NAMES)
def test_ddim_carries_noise_to_gaussian_data(name):
    schedule, noise = NoiseSchedule(SCHEDULES[name]), normal(4000, 3)
    # The flow keeps the standardised coordinate of each value.
    a = schedule.signal_power[-1].double().sqrt()
    spread = (a.square() * VARIANCE + 1.0 - a.square()).sqrt()
    exact = MEAN + VARIANCE.sqrt() * (noise - a * MEAN) / spread
    drawn = {
        n: ddim_sample(best_prediction(schedule), noise, schedule, n) for n in (125, 250, 500)
    }
    errors = [float((drawn[n] - exact).square().mean().sqrt()) for n in drawn]
    # A method of first order: half the error with twice the steps, and little without that part.
    assert errors[1] / errors[0] == pytest.approx(0.5, abs=0.05)
    assert errors[2] / errors[1] == pytest.approx(0.5, abs=0.05)
    without = 2.0 * drawn[500] - drawn[250]
    assert float((without - exact).square().mean().sqrt()) < 0.15 * errors[2]
    if name == "cosine":
        for place in range(3):
            values = without[:, place].numpy()
            assert_within_standard_errors(sample_mean_and_error(values), float(MEAN[place]))
            squares = np.square(values - float(MEAN[place]))
            assert_within_standard_errors(sample_mean_and_error(squares), float(VARIANCE[place]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n_steps", [1, 10, 50])
def test_ddim_is_that_of_diffusers(name, n_steps):
    schedule = NoiseSchedule(SCHEDULES[name])
    theirs = DDIMScheduler(**SCHEDULES[name], timestep_spacing="trailing", clip_sample=False)
    theirs.set_timesteps(n_steps)
    predict, points = best_prediction(schedule), normal(5, 3, seed=1)
    expected = points
    for timestep in theirs.timesteps:
        here = timestep.expand(len(points))
        expected = theirs.step(predict(expected, here), timestep, expected).prev_sample
    found = ddim_sample(predict, points, schedule, n_steps)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    assert schedule.sampling_timesteps(n_steps) == theirs.timesteps.tolist()


@given(st.integers(1, 1000))
def test_sampling_starts_at_noise_and_falls_by_equal_gaps(n_steps):
    timesteps = NoiseSchedule(SCHEDULES["cosine"]).sampling_timesteps(n_steps)
    assert len(timesteps) == n_steps
    assert timesteps[0] == 999
    gaps = -np.diff([*timesteps, -1])
    assert gaps.min() >= 1
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_added_as_diffusers_does(name):
    schedule, theirs = NoiseSchedule(SCHEDULES[name]), DDIMScheduler(**SCHEDULES[name])
    x_0, x_T = normal(6, 2, 3, seed=2).float(), normal(6, 2, 3, seed=3).float()
    timesteps = torch.tensor([0, 1, 250, 500, 998, 999])
    noisy = schedule.diffuse(x_0, x_T, timesteps)
    torch.testing.assert_close(noisy, theirs.add_noise(x_0, x_T, timesteps))
    target = schedule.target(x_0, x_T, timesteps)
    if name == "cosine":
        torch.testing.assert_close(target, theirs.get_velocity(x_0, x_T, timesteps))
    else:
        assert target.equal(x_T)
    ends = schedule.ends(target, noisy, timesteps)
    for found, expected in zip(ends, (x_0, x_T), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_time_0_is_data_and_time_1_is_noise(name):
    schedule = NoiseSchedule(SCHEDULES[name])
    times = torch.tensor([0.0, 0.0009, 0.001, 0.5, 0.9999, 1.0])
    timesteps = schedule.timesteps_at(times)
    assert timesteps.tolist() == [0, 0, 1, 500, 999, 999]
    x_0, x_T = normal(6, 4, seed=4), normal(6, 4, seed=5)
    noisy = schedule.diffuse(x_0, x_T, timesteps)
    for ends, places in ((x_0, (0, 1)), (x_T, (4, 5))):
        for place in places:
            share = (noisy[place] - ends[place]).norm() / (x_0[place] - x_T[place]).norm()
            assert share < 0.1
    assert bool((schedule.signal_power.diff() < 0.0).all())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"prediction_type": "sample"}, "prediction_type = 'sample' cannot be used"),
        ({"prediction_type": "epsilon"}, "last timestep is noise alone"),
    ],
)
def test_schedules_that_cannot_be_used_are_refused(changes, problem):
    with pytest.raises(InputError, match=problem):
        NoiseSchedule(SCHEDULES["cosine"] | changes)


@pytest.mark.parametrize("n_steps", [0, 1001])
def test_too_few_or_many_steps_are_refused(n_steps):
    with pytest.raises(InputError, match=f"n_steps = {n_steps}"):
        NoiseSchedule(SCHEDULES["cosine"]).sampling_timesteps(n_steps)
