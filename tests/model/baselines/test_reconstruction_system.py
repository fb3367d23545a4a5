"""Systems that reconstruct: their loss, its gradient through the channel, what has no say."""

from dataclasses import replace

import pytest
import torch

from jscgc_model.baselines.reconstruction_loss import PerceptualLoss, squared_error
from jscgc_model.generator import SamplerSettings
from jscgc_model.recipes import build_system
from jscgc_theory.errors import InputError
from tests.model.baselines.reconstruction_cases import KINDS, seeded, small_system, transmission
from tests.model.metrics.small_networks import small_lpips
from tests.model.training.small_runs import small_reconstruction

ANY_SAMPLER = SamplerSettings(n_steps=2)


def some_images(n=3, *, channels=1, side=8):
    return torch.rand(n, channels, side, side, generator=seeded(1), dtype=torch.float64)


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_is_the_squared_error_of_what_is_reconstructed(kind):
    system, images = small_system(kind), some_images()
    draw = transmission(system, images, [-3.0, 2.0, 9.0])
    losses = system(images, draw)
    features = system.transmit(images, draw.snr_db, draw.channel).features()
    with torch.no_grad():
        found = system.generate(features, draw.noise, ANY_SAMPLER, guidance_scale=3.0)
    expected = [float((a - b).pow(2).sum()) / 64 for a, b in zip(found, images, strict=True)]
    torch.testing.assert_close(losses, losses.new_tensor(expected), rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_what_belongs_to_a_generator_has_no_say(kind):
    system, images = small_system(kind), some_images()
    draw = transmission(system, images, 4.0)
    other = replace(draw, time=1.0 - draw.time, noise=-draw.noise, keeps_condition=0 * draw.time)
    assert system(images, draw).equal(system(images, other))


@pytest.mark.parametrize("fading", ["none", "block"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_reaches_the_encoder_through_the_channel(kind, fading):
    """Against central differences along a random direction of the encoder's weights."""
    system, images = small_system(kind, f"channel.fading={fading}"), some_images()
    draw = transmission(system, images, [-2.0, 3.0, 8.0])
    weights = list(system.encoder.parameters())
    gradients = torch.autograd.grad(system(images, draw).mean(), weights)
    generator = seeded(2)
    direction = [torch.randn(one.shape, generator=generator).to(one) for one in weights]

    def loss_at(step):
        with torch.no_grad():
            for one, way in zip(weights, direction, strict=True):
                one += step * way
            found = float(system(images, draw).mean())
            for one, way in zip(weights, direction, strict=True):
                one -= step * way
        return found

    # So short that no rectifier changes its side.
    step = 1e-7
    numeric = (loss_at(step) - loss_at(-step)) / (2.0 * step)
    slope = sum(float((g * way).sum()) for g, way in zip(gradients, direction, strict=True))
    assert abs(slope) > 1e-6
    assert slope == pytest.approx(numeric, rel=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_no_image_depends_on_another(kind):
    system, images = small_system(kind), some_images()
    draw = transmission(system, images, [0.0, 5.0, 10.0])
    alone = torch.cat([system(images[n : n + 1], draw.take(slice(n, n + 1))) for n in range(3)])
    torch.testing.assert_close(system(images, draw), alone, rtol=1e-10, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_alone_decides_the_first_weights(kind):
    first, again, other = (
        build_system(small_reconstruction(kind, f"training.seed={seed}")).state_dict()
        for seed in (1, 1, 2)
    )
    assert all(first[name].equal(one) for name, one in again.items())
    assert {name.split(".")[0] for name, one in other.items() if not first[name].equal(one)} == {
        "encoder",
        "decoder",
    }


def test_an_untrained_decoder_begins_in_the_middle_of_the_range():
    images = some_images().float()
    for kind in KINDS:
        system = build_system(small_reconstruction(kind))
        features = system.transmit(
            images, torch.zeros(3), system.channel.draw(3, 4, seeded())
        ).features()
        with torch.no_grad():
            found = system.generate(features, images, ANY_SAMPLER)
        assert float(found.mean()) == pytest.approx(0.5, abs=0.3)


def test_there_is_no_generator_to_freeze():
    system = small_system("cjscc")
    system.train_backbone(True)
    with pytest.raises(InputError, match="train_backbone = false freezes a generator"):
        system.train_backbone(False)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("training.condition_dropout=0.1", "condition_dropout = 0.1"),
        ("training.loss_weight=likelihood", "loss_weight = 'likelihood'"),
        ("training.time_law=logit_normal", "time_law = 'logit_normal'"),
    ],
)
def test_settings_of_a_generator_are_refused(change, name):
    with pytest.raises(InputError, match=rf"training.{name} is about a generator, and .* cjscc"):
        build_system(small_reconstruction("cjscc", change))


def test_a_perceptual_loss_adds_the_weighted_distance():
    images = some_images(2, channels=3, side=32).float()
    found = (0.5 * images + 0.2).requires_grad_(True)
    network = small_lpips()
    loss = PerceptualLoss(lambda: network, 0.3)(images, found)
    expected = squared_error(images, found) + 0.3 * network(images, found)
    torch.testing.assert_close(loss, expected)
    assert float((loss - squared_error(images, found)).detach().min()) > 1e-4
    loss.sum().backward()
    assert float(found.grad.abs().max()) > 0.0
    assert all(one.grad is None for one in network.parameters())


def test_the_network_of_a_loss_is_loaded_once_and_only_when_needed():
    loaded = []

    def load():
        loaded.append(small_lpips())
        return loaded[-1]

    loss, images = PerceptualLoss(load, 1.0), some_images(2, channels=3, side=32).float()
    assert not loaded
    loss(images, images)
    loss(images, images)
    assert len(loaded) == 1


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan")])
def test_a_weight_that_weighs_nothing_is_refused(weight):
    with pytest.raises(InputError, match="weight of the perceptual distance"):
        PerceptualLoss(small_lpips, weight)
