import math

import numpy as np
import pytest
import torch
from diffusers.schedulers import FlowMatchEulerDiscreteScheduler
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.generator import SamplerSettings, guided, sample, sigma_schedule
from jscgc_theory.errors import InputError

MEAN, VARIANCE = 0.7, 0.25


def gaussian_velocity(x, time):
    """E[x_T - x_0 | x_s] for data N(MEAN, VARIANCE); its flow keeps the standardised x."""
    s = time[:, None]
    total = (1 - s) ** 2 * VARIANCE + s**2
    return (s - (1 - s) * VARIANCE) / total * (x - (1 - s) * MEAN) - MEAN


def noise(dtype=torch.float64):
    return torch.randn(64, 1, generator=torch.Generator().manual_seed(0), dtype=dtype)


def gaussian_data(x_T):
    return MEAN + math.sqrt(VARIANCE) * x_T


def squared(x, time):
    """A flow with another closed form: 1/x grows by 1 from s = 1 to s = 0."""
    return x**2


def squared_data(x_T):
    return 1.0 / (1.0 / x_T + 1.0)


@pytest.mark.parametrize(
    ("method", "order"),
    # The second-order terms of the midpoint rule cancel where the variance is quadratic in s.
    [("euler", 1), ("heun", 2), ("midpoint", 3)],
)
def test_the_order_of_a_solver_on_the_flow_of_a_gaussian(method, order):
    counts = [32, 64, 128, 256]
    slope = error_slope(gaussian_velocity, noise(), gaussian_data(noise()), method, 1.0, counts)
    assert slope == pytest.approx(-order, abs=0.1)


@pytest.mark.parametrize("shift", [1.0, 2.0])
@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("heun", 2), ("midpoint", 2)])
def test_the_order_of_a_solver_on_a_curved_flow(method, order, shift):
    start = noise().exp()
    counts = [64, 128, 256, 512]
    slope = error_slope(squared, start, squared_data(start), method, shift, counts)
    assert slope == pytest.approx(-order, abs=0.1)


def error_slope(velocity, start, exact, method, shift, counts):
    errors = []
    for count in counts:
        settings = SamplerSettings(method=method, n_steps=count, shift=shift)
        errors.append((sample(velocity, start, settings) - exact).square().mean().item() ** 0.5)
    return np.polyfit(np.log(counts), np.log(errors), 1)[0]


@pytest.mark.parametrize("method", ["euler", "heun", "midpoint"])
@pytest.mark.parametrize("n_steps", [1, 9])
def test_the_calls_are_those_announced(method, n_steps):
    times = []

    def velocity(x, time):
        times.append(time)
        return gaussian_velocity(x, time)

    settings = SamplerSettings(method=method, n_steps=n_steps)
    sample(velocity, noise(), settings)
    assert len(times) == settings.n_velocity_calls
    assert all(time.shape == (64,) for time in times)


def test_nine_uniform_euler_steps_are_the_default():
    assert SamplerSettings() == SamplerSettings(method="euler", n_steps=9, shift=1.0)
    assert torch.equal(
        sample(gaussian_velocity, noise()), sample(gaussian_velocity, noise(), SamplerSettings())
    )


def test_half_precision_points_are_told_exact_times():
    told = []

    def velocity(x, time):
        told.append(time.dtype)
        return -x

    found = sample(velocity, noise(torch.bfloat16))
    assert set(told) == {torch.float32}
    assert found.dtype == torch.bfloat16


@given(n_steps=st.integers(1, 60), shift=st.floats(0.1, 10.0))
def test_times_fall_from_one_to_zero(n_steps, shift):
    times = sigma_schedule(n_steps, shift=shift)
    assert len(times) == n_steps + 1
    assert times[0] == 1.0
    assert times[-1] == 0.0
    assert torch.all(times.diff() < 0.0)


@pytest.mark.parametrize("n_steps", [1, 9, 30])
def test_the_shipped_scheduler_stands_at_the_same_times(n_steps):
    scheduler = FlowMatchEulerDiscreteScheduler(shift=3.0)
    scheduler.set_timesteps(sigmas=np.linspace(1.0, 1.0 / n_steps, n_steps))
    ours = sigma_schedule(n_steps, shift=3.0)
    torch.testing.assert_close(ours.float(), scheduler.sigmas, rtol=0.0, atol=1e-6)


def test_the_recipe_of_z_image_turbo():
    listed = [0.0, 0.04, 0.087, 0.143, 0.2105, 0.294, 0.4, 0.5385, 0.7273, 1.0]
    assert (1.0 - sigma_schedule(9, shift=3.0)).tolist() == pytest.approx(listed, abs=5e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "rk4"}, "'rk4' is not a solver; choose from euler"),
        ({"n_steps": 0}, "n_steps = 0 is too small"),
        ({"shift": 0.0}, "shift = 0 is not positive"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        SamplerSettings(**settings)


@pytest.mark.parametrize(("scale", "n_calls"), [(0.0, 1), (1.0, 1), (2.5, 2)])
def test_guidance_extrapolates_and_counts(scale, n_calls):
    calls = []

    def told(x, time):
        calls.append("told")
        return 3.0 * x

    def free(x, time):
        calls.append("free")
        return x

    velocity = guided(told, free, scale)(noise(), torch.ones(64))
    torch.testing.assert_close(velocity, (1.0 + 2.0 * scale) * noise())
    assert len(calls) == n_calls


def test_a_guidance_scale_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="guidance scale = nan is not finite"):
        guided(gaussian_velocity, gaussian_velocity, math.nan)
