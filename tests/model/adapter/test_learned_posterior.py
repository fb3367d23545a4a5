"""MLP backbone and vector adapter, trained on a sphere behind Gaussian noise, its law known."""

import pytest
import torch

from jscgc_model.adapter import VectorAdapterSettings
from jscgc_model.adapter.vector_adapter import VectorAdapter
from jscgc_model.generator import (
    MLPSettings,
    SamplerSettings,
    interpolate,
    sample,
    velocity_target,
)
from jscgc_model.generator.mlp_backbone import MLPBackbone

NOISE_POWER = 0.1  # of each complex symbol; its real part carries one coordinate
N_STEPS = 1200


def draw(batch, generator):
    """Points of S^2 and what is received of them: y = x + n, n of variance NOISE_POWER/2."""
    x_0 = torch.nn.functional.normalize(torch.randn(batch, 3, generator=generator), dim=1)
    received = x_0 + (NOISE_POWER / 2) ** 0.5 * torch.randn(batch, 3, generator=generator)
    x_T = torch.randn(batch, 3, generator=generator)
    return x_0, received, x_T, torch.rand(batch, generator=generator)


def exact_velocity(received, noisy, time):
    """(x_s - E[x_0 | x_s, y])/s: the posterior is a von Mises-Fisher law, its mean closed."""
    s = time.double()[:, None]
    field = received.double() / (NOISE_POWER / 2) + (1.0 - s) / s**2 * noisy.double()
    strength = field.norm(dim=1, keepdim=True)
    mean = field / strength * (1.0 / torch.tanh(strength) - 1.0 / strength)
    return (noisy - mean) / s


def trained(generator):
    backbone = MLPBackbone(MLPSettings(n_values=3, dim=64, data_deviation=3**-0.5))
    adapter = VectorAdapter(
        VectorAdapterSettings(n_symbols=3, n_values=3, n_features=1, backbone_dim=64, dim=64)
    )
    weights = [*backbone.parameters(), *adapter.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=3e-3, betas=(0.9, 0.99), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, N_STEPS, pct_start=0.1)
    told = lambda received, x, s: backbone(x, s, adapter(received[:, :, None], x, s))
    for _ in range(N_STEPS):
        x_0, received, x_T, time = draw(512, generator)
        noisy = interpolate(x_0, x_T, time)
        error = told(received, noisy, time) - velocity_target(x_0, x_T)
        optimiser.zero_grad()
        error.square().sum(dim=1).mean().backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
    return told


@pytest.mark.slow
def test_the_trained_field_draws_from_the_exact_posterior():
    generator = torch.Generator().manual_seed(0)
    told = trained(generator)
    with torch.no_grad():
        x_0, received, x_T, time = draw(20_000, generator)
        noisy = interpolate(x_0, x_T, time)
        exact = exact_velocity(received, noisy, time)
        least = (exact - velocity_target(x_0, x_T)).square().sum(dim=1).mean()
        excess = (told(received, noisy, time) - exact).square().sum(dim=1).mean()
        settings = SamplerSettings(method="heun", n_steps=30)
        draws = sample(lambda x, s: told(received, x, s), x_T, settings)
    assert excess < 0.05 * least
    # Draws from the exact posterior err by twice the least mean squared error.
    at_noise = torch.ones(len(x_0))
    mean = x_T - exact_velocity(received, x_T, at_noise)
    least_error = (x_0 - mean).square().sum(dim=1).mean().item()
    error = (draws - x_0).square().sum(dim=1).mean().item()
    assert error == pytest.approx(2.0 * least_error, rel=0.05)
    assert draws.norm(dim=1).std() < 0.05
