import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.generator import MLPSettings, interpolate, velocity_target
from jscgc_model.generator.mlp_backbone import MLPBackbone
from jscgc_model.generator.preconditioning import velocity_preconditioning
from jscgc_theory.errors import InputError

SIZES = MLPSettings(n_values=3, dim=16, n_layers=3, data_deviation=0.5)
ENDS = torch.tensor([0.0, 1e-4, 0.5, 1.0 - 1e-4, 1.0])


@pytest.fixture(scope="module")
def residual():
    return torch.randn(5, 1, 16, generator=torch.Generator().manual_seed(1))


def points():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(5, 3, generator=generator), torch.rand(5, generator=generator)


@given(s=st.floats(0.0, 1.0), deviation=st.sampled_from([0.1, 1.0, 7.0]))
def test_what_is_left_to_the_network_has_unit_variance(s, deviation):
    # The moments of (x_s, v) for data of this deviation, from their definitions.
    variance = deviation**2
    noisy_variance = (1 - s) ** 2 * variance + s**2
    covariance = s - (1 - s) * variance
    factors = velocity_preconditioning(torch.tensor([s], dtype=torch.float64), deviation)
    skip, out, scale_in = (one.item() for one in factors[:3])
    left = 1 + variance - 2 * skip * covariance + skip**2 * noisy_variance
    assert scale_in**2 * noisy_variance == pytest.approx(1.0)
    assert left / out**2 == pytest.approx(1.0)
    # Nothing linear is left either.
    assert covariance - skip * noisy_variance == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("s", [0.02, 0.4, 0.97])
def test_the_excess_energy_of_noisy_sphere_points_has_unit_variance(s):
    generator = torch.Generator().manual_seed(3)
    x_0, x_T = torch.randn(2, 50_000, 9, generator=generator, dtype=torch.float64)
    x_0 = 2.0 * 3.0 * x_0 / x_0.norm(dim=1, keepdim=True)  # deviation 2 in each of 9 numbers
    time = torch.full((len(x_0),), s, dtype=torch.float64)
    factors = velocity_preconditioning(time, 2.0)
    noisy = interpolate(x_0, x_T, time)
    raw = (factors.scale_in * noisy).square().mean(dim=1, keepdim=True) - 1.0
    expected = factors.energy_deviation / 3.0
    assert abs(raw.mean() / expected[0]) < 4.0 / math.sqrt(50_000)
    # Four standard errors of a variance; the law is close to a Gaussian one.
    assert (raw / expected).var().item() == pytest.approx(1.0, abs=4 * math.sqrt(6 / 50_000))
    squeezed = factors.excess_energy(noisy)
    torch.testing.assert_close(squeezed, 5.0 * torch.tanh(raw / expected / 5.0))


def test_the_excess_energy_is_bounded_and_finite_at_the_ends():
    factors = velocity_preconditioning(ENDS, 1.0)
    for noisy in (torch.zeros(5, 3), torch.full((5, 3), 1e6), torch.full((5, 3), 3**0.5)):
        excess = factors.excess_energy(noisy)
        assert excess.isfinite().all()
        assert excess.abs().max() <= 5.0


def test_without_its_network_it_is_the_field_of_a_gaussian():
    generator = torch.Generator().manual_seed(2)
    model = MLPBackbone(SIZES)
    for weight in model.head[1].parameters():
        torch.nn.init.zeros_(weight)
    x_0, x_T = torch.randn(2, 200_000, 3, generator=generator)
    time = torch.full((len(x_0),), 0.3)
    x_0 = 0.5 * x_0
    error = model(interpolate(x_0, x_T, time), time) - velocity_target(x_0, x_T)
    least = 0.25 / (0.7**2 * 0.25 + 0.3**2)  # V/T
    assert error.square().mean().item() == pytest.approx(least, rel=4 * math.sqrt(2 / 600_000))


def test_velocities_are_finite_at_both_ends():
    noisy, _ = points()
    assert torch.isfinite(MLPBackbone(SIZES)(noisy, ENDS)).all()
    assert torch.isfinite(MLPBackbone(SIZES).double()(noisy.double(), ENDS.double())).all()


def test_zero_residuals_change_no_bit():
    noisy, time = points()
    model = MLPBackbone(SIZES)
    zeros = dict.fromkeys(range(3), torch.zeros(5, 1, 16))
    assert torch.equal(model(noisy, time, zeros), model(noisy, time))


@pytest.mark.parametrize("layer", range(3))
def test_residuals_are_added_after_their_block(residual, layer):
    noisy, time = points()
    model = MLPBackbone(SIZES)
    found = model(noisy, time, {layer: residual})
    model.layers[layer].register_forward_hook(lambda *a: a[2] + residual[:, 0])
    assert torch.equal(model(noisy, time), found)
    model.layers[layer]._forward_hooks.clear()
    assert not torch.equal(model(noisy, time), found)


def test_residuals_that_do_not_fit_are_refused(residual):
    noisy, time = points()
    model = MLPBackbone(SIZES)
    with pytest.raises(InputError, match=r"layers \[3\] have no layer"):
        model(noisy, time, {3: residual})
    with pytest.raises(InputError, match=r"shape \(5, 1, 15\)"):
        model(noisy, time, {0: residual[..., 1:]})


def test_vectors_of_another_length_are_refused():
    model = MLPBackbone(SIZES)
    assert model.n_tokens((3,)) == 1
    with pytest.raises(InputError, match="made for vectors of 3 numbers"):
        model(torch.zeros(2, 4), torch.zeros(2))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_mlp_weights_of_another_precision(residual, dtype):
    noisy, time = points()
    model = MLPBackbone(SIZES)
    single = model(noisy, time, {0: residual})
    other = model.to(dtype)(noisy, time, {0: residual})
    assert other.dtype == torch.float32
    atol = 0.05 if dtype == torch.bfloat16 else 1e-5
    torch.testing.assert_close(other, single, rtol=0.0, atol=atol)


def test_every_weight_of_the_mlp_has_a_gradient():
    model = MLPBackbone(SIZES)
    model(*points()).square().sum().backward()
    assert all(one.grad.abs().max() > 0.0 for one in model.parameters())


def test_a_saved_mlp_comes_back_the_same(tmp_path):
    model = MLPBackbone(SIZES, seed=4)
    model.save_pretrained(tmp_path)
    loaded = MLPBackbone.from_pretrained(tmp_path)
    assert loaded.sizes == SIZES
    assert torch.equal(loaded(*points()), model(*points()))
    assert not torch.equal(MLPBackbone(SIZES, seed=5)(*points()), model(*points()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"n_values": 0}, "n_values = 0"), ({"data_deviation": 0.0}, "data_deviation = 0 is not")],
)
def test_mlp_settings_that_cannot_be_used_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        MLPSettings(**({"n_values": 3} | changes))
