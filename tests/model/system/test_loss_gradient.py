"""(11): the gradient of loss (3) reaches the encoder through power norm, channel and generator."""

import pytest
import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from jscgc_model.recipes import build_system
from jscgc_model.shapes import to_complex
from jscgc_model.system import JSCGCSystem, TransmissionDraw
from tests.model.training.small_runs import small_images, small_sphere

N_SAMPLES, N_VALUES = 5, 3


class LinearEncoder(ModelMixin, ConfigMixin):
    """Symbols that are linear in x: the least encoder that learns."""

    @register_to_config
    def __init__(self, n_values: int) -> None:
        super().__init__()
        self.matrix = nn.Linear(n_values, 4)

    def forward(self, x, snr_db):
        return to_complex(self.matrix(x))


def jittered(module, generator):
    """Leave the initial zeros, where some gradients vanish."""
    with torch.no_grad():
        for one in module.parameters():
            one += 0.05 * torch.randn(one.shape, generator=generator, dtype=one.dtype)
    return module


def vector_system(generator, *changes):
    built = build_system(small_sphere("source.dim=2", *changes))
    with torch.random.fork_rng():
        encoder = LinearEncoder(N_VALUES)
    system = JSCGCSystem(encoder, built.channel, built.adapter, built.backbone).double()
    return jittered(system, generator)


def transmission(system, shape, n_symbols, generator):
    def normal(*size):
        return torch.randn(size, generator=generator, dtype=torch.float64)

    return normal(*shape), TransmissionDraw(
        time=torch.linspace(0.1, 0.9, shape[0], dtype=torch.float64),
        noise=normal(*shape),
        snr_db=torch.linspace(-5.0, 10.0, shape[0], dtype=torch.float64),
        channel=system.channel.draw(shape[0], n_symbols, generator, dtype=torch.complex128),
        keeps_condition=torch.tensor([1.0, 0.0] + [1.0] * (shape[0] - 2), dtype=torch.float64),
    )


def slopes_along_directions(system, x, draw, generator, step):
    """Return the slopes of the loss along random directions: by gradient, by differences."""
    weights = list(system.encoder.parameters())
    start = [one.detach().clone() for one in weights]
    gradients = torch.autograd.grad(system(x, draw).mean(), weights)

    def loss(distance, directions):
        with torch.no_grad():
            for one, origin, direction in zip(weights, start, directions, strict=True):
                one.copy_(origin + distance * direction)
            return float(system(x, draw).mean())

    pairs = []
    for _ in range(4):
        directions = [torch.randn(one.shape, generator=generator).double() for one in weights]
        by_gradient = sum(float((g * d).sum()) for g, d in zip(gradients, directions, strict=True))
        near, far = (
            loss(reach, directions) - loss(-reach, directions) for reach in (step, 2.0 * step)
        )
        pairs.append((by_gradient, (8.0 * near - far) / (12.0 * step)))
    return torch.tensor(pairs).double().T


@pytest.mark.parametrize("power_constraint", ["per_sample", "per_batch", "per_symbol"])
@pytest.mark.parametrize("fading", ["none", "fast"])
def test_gradient_of_the_vector_system(fading, power_constraint):
    generator = torch.Generator().manual_seed(1)
    system = vector_system(
        generator,
        f"channel.fading={fading}",
        f"channel.equaliser={'none' if fading == 'none' else 'mmse'}",
        f"channel.power_constraint={power_constraint}",
    )
    x, draw = transmission(system, (N_SAMPLES, N_VALUES), 2, generator)
    found, expected = slopes_along_directions(system, x, draw, generator, 1e-4)
    assert expected.abs().min() > 1e-5
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-9)


def test_gradient_of_the_image_system():
    generator = torch.Generator().manual_seed(2)
    recipe = small_images("architecture.encoder_dims=[8]")
    system = jittered(build_system(recipe).double(), generator)
    x, draw = transmission(system, (3, 1, 8, 8), 4, generator)
    # diffusers rotates in single precision: 1e-7 in the loss, over a step of 1e-3.
    found, expected = slopes_along_directions(system, x, draw, generator, 1e-3)
    torch.testing.assert_close(found, expected, rtol=2e-4, atol=2e-6)


def test_samples_without_condition_leave_the_encoder_alone():
    generator = torch.Generator().manual_seed(3)
    system = vector_system(generator)
    x, draw = transmission(system, (N_SAMPLES, N_VALUES), 2, generator)
    losses = system(x, draw)
    weights = list(system.encoder.parameters())
    gradients = [torch.autograd.grad(loss, weights, retain_graph=True) for loss in losses]
    slopes = [max(float(part.abs().max()) for part in parts) for parts in gradients]
    assert slopes[1] == 0.0
    assert min(slopes[0], *slopes[2:]) > 1e-4
    noisy = (1.0 - draw.time[:, None]) * x + draw.time[:, None] * draw.noise
    free = system.velocity(noisy, draw.time)
    expected = (free - (draw.noise - x)).square().mean(dim=1)
    torch.testing.assert_close(losses[1], expected[1], rtol=1e-12, atol=0)
    assert not torch.isclose(losses[0], expected[0], rtol=1e-6)
