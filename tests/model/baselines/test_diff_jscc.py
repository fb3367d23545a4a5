"""DiffJSCC: two stages that leave each other alone, and a diffusion model that is shown one."""

import shutil

import pytest
import torch
from safetensors.torch import load_file

from jscgc_model.baselines.diff_jscc import ConditionControlNet, UNetBackbone, UNetSizes
from jscgc_model.baselines.diff_jscc.diff_jscc_system import Condition
from jscgc_model.data import numpy_stream
from jscgc_model.generator import SamplerSettings
from jscgc_model.pipelines import DiffJSCCPipeline
from jscgc_model.recipes import build_pipeline, build_source, build_system, make_recipe
from jscgc_model.recipes import train_recipe as train
from jscgc_model.recipes.run_folder import load_pipeline, load_run
from jscgc_model.training.draws import draw_transmission
from jscgc_theory.errors import InputError
from tests.model.baselines.small_diff import jittered, small_diff

RECIPE = small_diff()
SHAPE = (1, 8, 8)


def samples(n_samples=4):
    return build_source(RECIPE).draw(n_samples, numpy_stream(0, "test"))


def draw(system, step=0):
    return draw_transmission(RECIPE.training, system.channel, SHAPE, 4, step)


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def asked(batch=3):
    """Return noisy images, timesteps and a condition."""
    condition = Condition(normal(batch, *SHAPE, seed=1), torch.linspace(-5.0, 10.0, batch))
    return normal(batch, *SHAPE), torch.tensor([999, 500, 3])[:batch], condition


def gradients(module):
    return {name: one.grad for name, one in module.named_parameters()}


def test_the_diffusion_loss_sends_no_gradient_into_stage_one():
    system, x = jittered(build_system(RECIPE)), samples(8)
    # One row alone is attended to whatever the query.
    system.backbone.store_prompt(normal(3, 16))
    system(x, draw(system)).mean().backward()
    found = {part: gradients(getattr(system, part)) for part in ("encoder", "decoder")}
    assert all(one.grad is not None for one in system.parameters())
    diffusion = [*system.backbone.parameters(), *system.controlnet.parameters()]
    assert all(float(one.grad.norm()) > 0.0 for one in diffusion)
    system.zero_grad()
    random = draw(system)
    features = system.transmit(x, random.snr_db, random.channel).features()
    (system.reconstruct(features, x) - x).square().mean().backward()
    for part, expected in found.items():
        for name, gradient in gradients(getattr(system, part)).items():
            torch.testing.assert_close(expected[name], gradient, rtol=1e-4, atol=1e-8)
    assert all(one.grad is None for one in system.backbone.parameters())


def test_the_loss_is_that_of_both_stages():
    system, x = jittered(build_system(RECIPE)).eval(), samples(8)
    random = draw(system)
    with torch.no_grad():
        losses = system(x, random)
        features = system.transmit(x, random.snr_db, random.channel).features()
        first = system.reconstruct(features, x)
        # Everything by diffusers' own classes, in the units of the diffusion model.
        fold, shift, scale = torch.nn.PixelUnshuffle(2), 0.25, 5.0
        timesteps = (1000 * random.time).long()
        power = system.backbone.schedule.signal_power[timesteps][:, None, None, None]
        data, noise = (x - shift) * scale, random.noise
        noisy = fold(power.sqrt() * data + (1.0 - power).sqrt() * noise)
        prompt = torch.zeros(8, 1, 16)
        skips, middle = system.controlnet.controlnet(
            noisy,
            timesteps,
            prompt,
            fold((first - shift) * scale),
            class_labels=10.0 * random.snr_db,
            return_dict=False,
        )
        kept = random.keeps_condition[:, None, None, None]
        found = system.backbone.unet(
            noisy,
            timesteps,
            prompt,
            down_block_additional_residuals=[kept * one for one in skips],
            mid_block_additional_residual=kept * middle,
        ).sample
        target = fold(power.sqrt() * noise - (1.0 - power).sqrt() * data)
        expected = (first - x).square().mean(dim=(1, 2, 3)) + (found - target).square().mean(
            dim=(1, 2, 3)
        )
    torch.testing.assert_close(losses, expected, rtol=1e-4, atol=1e-5)


def test_the_controlnet_starts_as_nothing_and_hears_the_condition_after_one_step():
    system = build_system(RECIPE)
    noisy, timesteps, condition = asked()
    unconditional = system.prediction(noisy, timesteps)
    assert system.prediction(noisy, timesteps, condition).equal(unconditional)
    optimiser = torch.optim.SGD(system.controlnet.parameters(), lr=0.1)
    told = condition._replace(latents=condition.latents.requires_grad_())
    slopes = []
    for _ in range(2):
        optimiser.zero_grad()
        told.latents.grad = None
        system.prediction(noisy, timesteps, told).square().mean().backward()
        slopes.append(float(told.latents.grad.norm()))
        optimiser.step()
    assert slopes[0] == 0.0
    assert slopes[1] > 0.0


def test_the_controlnet_starts_with_the_weights_of_the_unet():
    system = build_system(RECIPE)
    theirs = system.backbone.unet.state_dict()
    for name, one in system.controlnet.controlnet.state_dict().items():
        if name in theirs:
            assert one.equal(theirs[name])
    shared = theirs.keys() & system.controlnet.controlnet.state_dict().keys()
    assert {"conv_in.weight", "time_embedding.linear_1.weight"} <= shared
    assert any(name.startswith("down_blocks.1") for name in shared)
    assert any(name.startswith("mid_block") for name in shared)


def test_each_part_of_the_condition_counts():
    system = jittered(build_system(RECIPE)).eval()
    noisy, timesteps, condition = asked()
    with torch.no_grad():
        told = system.prediction(noisy, timesteps, condition)
        for other in (
            condition._replace(snr_db=condition.snr_db + 1.0),
            condition._replace(latents=condition.latents.flip(0)),
        ):
            assert (system.prediction(noisy, timesteps, other) - told).abs().max() > 1e-4


def test_a_dropped_condition_leaves_the_unconditional_model():
    system = jittered(build_system(RECIPE)).eval()
    noisy, timesteps, condition = asked()
    kept = torch.tensor([1.0, 0.0, 1.0])
    with torch.no_grad():
        told = system.prediction(noisy, timesteps, condition)
        free = system.prediction(noisy, timesteps)
        mixed = system.prediction(noisy, timesteps, condition, keeps_condition=kept)
    assert (told - free).abs().amax(dim=(1, 2, 3)).min() > 1e-3
    torch.testing.assert_close(mixed, torch.stack([told[0], free[1], told[2]]))


def test_guidance_is_linear_and_at_one_the_conditional_model():
    system = jittered(build_system(RECIPE)).eval()
    features, noise = normal(3, 4, 3, seed=2), normal(3, *SHAPE, seed=3)
    calls = []
    system.backbone.register_forward_pre_hook(lambda module, given: calls.append(given[2:]))
    one_step = SamplerSettings(n_steps=1)
    with torch.no_grad():
        drawn = {
            scale: system.generate(features, noise, one_step, guidance_scale=scale)
            for scale in (0.0, 1.0, 3.0)
        }
    # At 0 the model without a ControlNet, at 1 with it, at 3 both.
    assert [bool(given) and given[0] is not None for given in calls] == [False, True, False, True]
    # One step from pure noise is linear in what is predicted.
    expected = drawn[0.0] + 3.0 * (drawn[1.0] - drawn[0.0])
    torch.testing.assert_close(drawn[3.0], expected, rtol=1e-4, atol=1e-4)
    assert (drawn[1.0] - drawn[0.0]).abs().max() > 1e-3


def test_draws_from_one_reception_differ():
    pipeline = build_pipeline(RECIPE, jittered(build_system(RECIPE)).eval())
    output = pipeline(samples(), 3.0, num_draws=2)
    assert output.samples.shape == (4, 2, *SHAPE)
    assert (output.samples[:, 0] - output.samples[:, 1]).abs().flatten(1).amax(dim=1).min() > 1e-3


def test_a_saved_pipeline_is_the_same(tmp_path):
    recipe = small_diff("channel.fading=block", "architecture.schedule=stable_diffusion")
    pipeline = build_pipeline(recipe, jittered(build_system(recipe)).eval())
    pipeline.system.backbone.store_prompt(normal(3, 16))
    pipeline.save_pretrained(tmp_path)
    loaded = load_pipeline(tmp_path)
    assert isinstance(loaded, DiffJSCCPipeline)
    outputs = [one(samples(), 3.0, num_draws=2) for one in (pipeline, loaded)]
    assert outputs[1].samples.equal(outputs[0].samples)
    assert outputs[1].received.raw.equal(outputs[0].received.raw)


def test_a_run_goes_on_bit_for_bit(tmp_path):
    recipe = small_diff("training.n_steps=6", "training.save_every=3")
    train(recipe, tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "resumed")
    shutil.rmtree(tmp_path / "resumed" / "checkpoints" / "step_00000006")
    train(recipe, tmp_path / "resumed", resume=True)
    for file in ("weights", "average", "optimiser_0"):
        name = f"checkpoints/step_00000006/{file}.safetensors"
        whole, resumed = (load_file(tmp_path / run / name) for run in ("whole", "resumed"))
        assert whole.keys() == resumed.keys()
        assert all(resumed[key].equal(one) for key, one in whole.items())


def test_a_frozen_unet_stays_and_all_else_learns(tmp_path):
    recipe = small_diff("training.n_steps=3", "training.train_backbone=false")
    before = build_system(recipe).state_dict()
    train(recipe, tmp_path)
    after = load_run(tmp_path).system.state_dict()
    moved = {name.split(".")[0] for name, one in after.items() if not one.equal(before[name])}
    assert moved == {"encoder", "decoder", "controlnet"}


@pytest.mark.parametrize("name", ["tiny_images", "cifar_16"])
def test_the_budget_of_symbols_is_that_of_the_system_it_is_compared_with(name):
    n_symbols = []
    for recipe in (make_recipe(name), make_recipe(f"{name}_diff")):
        shape = build_source(recipe).sample_shape
        encoder = build_system(recipe).encoder
        n_symbols.append(encoder(torch.zeros(1, *shape), torch.zeros(1)).shape[1])
        assert recipe.training.snr_db == make_recipe(name).training.snr_db
        assert recipe.channel == make_recipe(name).channel
    assert n_symbols[0] == n_symbols[1]


@pytest.mark.parametrize("change", [{"method": "heun"}, {"shift": 3.0}])
def test_samplers_of_flows_are_refused(change):
    system = build_system(RECIPE)
    with pytest.raises(InputError, match="is no sampler of a diffusion model"):
        system.generate(normal(1, 4, 3), normal(1, *SHAPE), SamplerSettings(**change))


def test_a_weight_of_flows_is_refused():
    with pytest.raises(InputError, match="loss_weight = 'likelihood' is about flows"):
        build_system(small_diff("training.loss_weight=likelihood"))


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ({"dims": ()}, "0 dims and 2 attends do not fit"),
        ({"dims": (32, 64), "attends": (True,)}, "2 dims and 1 attends do not fit"),
        ({"dims": (32, 60)}, "dim = 60 does not split into 8 groups"),
        ({"dims": (32, 40)}, "dim = 40 does not split into heads of 16"),
        ({"n_blocks": 0}, "n_blocks"),
    ],
)
def test_impossible_sizes_are_refused(sizes, problem):
    with pytest.raises(InputError, match=problem):
        UNetSizes(channels=1, **sizes)


def test_what_does_not_fit_the_unet_is_refused():
    backbone = UNetBackbone.from_sizes(UNetSizes(channels=1, dims=(16, 32)), patch_size=2)
    timesteps = torch.zeros(1).long()
    for shape in ((3, 8, 8), (1, 6, 8)):
        with pytest.raises(InputError, match="cannot be denoised; give 1 channels and sides that"):
            backbone(torch.zeros(1, *shape), timesteps)
    for prompt in (torch.zeros(0, 16), torch.zeros(2, 8)):
        with pytest.raises(InputError, match="give at least one row of 16"):
            backbone.store_prompt(prompt)
    with pytest.raises(InputError, match="schedule = 'linear' is unknown"):
        UNetBackbone.from_sizes(UNetSizes(channels=1), schedule="linear")


def test_weights_come_from_the_seed():
    first, second, other = (
        ConditionControlNet.from_backbone(
            UNetBackbone.from_sizes(UNetSizes(channels=1, dims=(16, 32)), seed=seed), seed=seed + 1
        ).state_dict()
        for seed in (0, 0, 1)
    )
    assert all(one.equal(second[name]) for name, one in first.items())
    assert any(not one.equal(other[name]) for name, one in first.items())
