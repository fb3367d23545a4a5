"""Equations (3), (5), (8), (9), (12) to (14) as derived, against the generator's own code."""

import pytest
import torch
from sympy import lambdify

from jscgc_model.generator.interpolation_path import (
    data_from_velocity,
    interpolate,
    velocity_target,
)
from jscgc_model.generator.samplers import SamplerSettings, sample
from jscgc_theory.derivations import equations
from jscgc_theory.derivations.sampling_flow import euler_gain
from jscgc_theory.derivations.straight_path import path_point, velocity_from_point
from jscgc_theory.derivations.symbols import (
    n_steps,
    network,
    predicted_velocity,
    t,
    velocity,
    x_0,
    x_T,
    x_t,
)

N_STEPS = 9


@pytest.fixture
def pair():
    generator = torch.Generator().manual_seed(5)
    return torch.randn(2, 4, 3, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("step", [1, 4, 9])
def test_the_path_and_its_velocity(pair, step):
    data, noise = pair
    times = torch.full((4,), step / N_STEPS, dtype=torch.float64)
    here = interpolate(data, noise, times)
    point = lambdify((x_0, x_T, t, n_steps), path_point(t))(data, noise, step, N_STEPS)
    torch.testing.assert_close(here, point)
    speed = lambdify((x_t, x_0, t, n_steps), velocity_from_point())(here, data, step, N_STEPS)
    torch.testing.assert_close(velocity_target(data, noise), speed)
    torch.testing.assert_close(data_from_velocity(here, speed, times), data)


@pytest.mark.parametrize("step", [2, 9])
def test_a_step_of_the_sampler_is_the_posterior_mean(pair, step):
    """(5), (8), (9): one Euler step between neighbouring times of the paper's grid."""
    data, noise = pair
    settings = SamplerSettings(n_steps=N_STEPS)
    here, before = (
        interpolate(data, noise, torch.full((4,), k / N_STEPS, dtype=torch.float64))
        for k in (step, step - 1)
    )
    speed = velocity_target(data, noise)
    by_mean = lambdify((x_t, velocity, n_steps), equations()[8]().rhs)(here, speed, N_STEPS)
    learned = equations()[9]().rhs.subs(predicted_velocity, velocity)
    by_learned = lambdify((x_t, velocity, n_steps), learned)(here, speed, N_STEPS)
    by_point = lambdify((x_t, x_0, t), equations()[5]().rhs)(here, data, step)
    for mean in (by_mean, by_learned, by_point):
        torch.testing.assert_close(mean, before)
    assert settings.times[N_STEPS - step] == pytest.approx(step / N_STEPS)


def test_the_sampler_solves_equation_14(pair):
    """Along a straight line the integral of (14) is that of (13), and Euler's steps are exact."""
    data, noise = pair
    statement = equations()[14]().rhs.replace(network, lambda *_: velocity)
    solved = lambdify((x_T, velocity, n_steps), statement.doit())(noise, noise - data, N_STEPS)
    torch.testing.assert_close(solved, data)
    drawn = sample(lambda _points, _times: noise - data, noise, SamplerSettings(n_steps=N_STEPS))
    torch.testing.assert_close(drawn, data)


def test_the_sampler_has_the_gain_of_eulers_steps(pair):
    """All data at 0, v = x/s: the product of the steps' factors, 0 at the last."""
    _, noise = pair
    drawn = sample(
        lambda points, times: points / times[:, None], noise, SamplerSettings(n_steps=N_STEPS)
    )
    torch.testing.assert_close(drawn, noise * float(euler_gain(N_STEPS)))
