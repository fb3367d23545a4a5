import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.generator import (
    data_from_velocity,
    interpolate,
    noise_from_velocity,
    velocity_target,
)


def ends(seed, shape=(5, 2, 3, 4)):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, *shape, generator=generator, dtype=torch.float64)


@given(seed=st.integers(0, 999), time=st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5))
def test_point_and_velocity_tell_both_ends(seed, time):
    x_0, x_T = ends(seed)
    s = torch.tensor(time, dtype=torch.float64)
    noisy, velocity = interpolate(x_0, x_T, s), velocity_target(x_0, x_T)
    torch.testing.assert_close(data_from_velocity(noisy, velocity, s), x_0)
    torch.testing.assert_close(noise_from_velocity(noisy, velocity, s), x_T)


def test_the_path_begins_at_data_and_ends_at_noise():
    x_0, x_T = ends(0)
    assert torch.equal(interpolate(x_0, x_T, torch.zeros(5)), x_0)
    assert torch.equal(interpolate(x_0, x_T, torch.ones(5)), x_T)


def test_the_velocity_is_the_slope_of_the_path():
    x_0, x_T = ends(1)
    early, late = (interpolate(x_0, x_T, torch.full((5,), s).double()) for s in (0.25, 0.75))
    torch.testing.assert_close((late - early) / 0.5, velocity_target(x_0, x_T))
