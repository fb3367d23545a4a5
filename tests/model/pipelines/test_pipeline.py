"""The pipeline: what is saved is what is loaded, and each argument does what it says."""

import json

import pytest
import torch

from jscgc_model.data import numpy_stream
from jscgc_model.generator import SamplerSettings
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.recipes import build_pipeline, build_source, build_system
from jscgc_model.recipes.run_folder import load_pipeline
from jscgc_theory.errors import InputError
from tests.model.training.small_runs import small_images, small_sphere

RECIPES = {"sphere": small_sphere(), "images": small_images()}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module", params=sorted(RECIPES))
def case(request):
    """Return a pipeline whose every weight is away from its initial zero, and some samples."""
    recipe = RECIPES[request.param]
    system = build_system(recipe)
    generator = seeded(7)
    with torch.no_grad():
        for one in system.parameters():
            one += 0.1 * torch.randn(one.shape, generator=generator)
    pipeline = build_pipeline(recipe, system.eval())
    return pipeline, build_source(recipe).draw(5, numpy_stream(0, "test"))


def test_a_saved_pipeline_is_the_same(case, tmp_path):
    pipeline, samples = case
    pipeline.save_pretrained(tmp_path)
    kinds = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert kinds == {".json", ".safetensors"}
    for loaded in (JSCGCPipeline.from_pretrained(tmp_path), load_pipeline(tmp_path)):
        assert loaded.sampler == pipeline.sampler
        assert loaded.system.channel.settings == pipeline.system.channel.settings
        first, second = (
            one(samples, 3.0, num_draws=2, generator=seeded(1)) for one in (pipeline, loaded)
        )
        assert second.samples.equal(first.samples)
        assert second.received.raw.equal(first.received.raw)


def test_the_pipeline_shares_the_weights_of_its_system(case):
    pipeline, _ = case
    for part in ("encoder", "adapter", "backbone"):
        assert getattr(pipeline, part) is getattr(pipeline.system, part)


def pickled_weights(folder):
    file = folder / "adapter" / "diffusion_pytorch_model.safetensors"
    file.unlink()
    torch.save({}, file.with_suffix(".bin"))


def cut_weights(folder):
    file = folder / "adapter" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-50])


def no_index(folder):
    (folder / "model_index.json").write_text("{")


def other_sizes(folder):
    file = folder / "adapter" / "config.json"
    config = json.loads(file.read_text())
    next(value for value in config.values() if isinstance(value, dict))["dim"] *= 2
    file.write_text(json.dumps(config))


def other_pipeline(folder):
    file = folder / "model_index.json"
    index = json.loads(file.read_text())
    file.write_text(json.dumps({**index, "encoder": ["diffusers", "NoSuchEncoder"]}))


@pytest.mark.parametrize(
    "damage", [pickled_weights, cut_weights, no_index, other_sizes, other_pipeline]
)
def test_a_damaged_pipeline_is_refused(case, tmp_path, damage):
    case[0].save_pretrained(tmp_path)
    damage(tmp_path)
    with pytest.raises(InputError, match=r"the pipeline in .* cannot be read: .*\w"):
        load_pipeline(tmp_path)


def test_pickles_are_refused_whoever_asks(case, tmp_path):
    case[0].save_pretrained(tmp_path, safe_serialization=False)
    with pytest.raises(OSError, match="safetensors"):
        JSCGCPipeline.from_pretrained(tmp_path, use_safetensors=False)


def test_draws_share_their_transmission(case):
    pipeline, samples = case
    told = []

    def listen(module, arguments):
        told.append(arguments[0])

    with pipeline.adapter.register_forward_pre_hook(listen):
        output = pipeline(samples, 0.0, num_draws=3, num_inference_steps=1, batch_size=100)
    assert output.samples.shape == (5, 3, *samples.shape[1:])
    assert len(output.received.sent) == 5
    expected = output.received.features().repeat_interleave(3, dim=0)
    assert all(one.equal(expected) for one in told)
    flat = output.samples.flatten(2)
    assert (flat[:, 0] - flat[:, 1]).abs().amax(dim=1).min() > 1e-3


def test_the_batch_size_changes_nothing_but_rounding(case):
    pipeline, samples = case
    whole, parts = (
        pipeline(samples, 2.0, num_draws=3, generator=seeded(2), batch_size=size)
        for size in (256, 2)
    )
    torch.testing.assert_close(parts.received.raw, whole.received.raw, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(parts.samples, whole.samples, rtol=1e-4, atol=1e-5)


def test_the_batch_size_is_how_many_are_worked_on_at_once(case):
    pipeline, samples = case
    seen = {"encoder": [], "backbone": []}
    hooks = [
        getattr(pipeline, part).register_forward_pre_hook(
            lambda module, arguments, sizes=sizes: sizes.append(len(arguments[0]))
        )
        for part, sizes in seen.items()
    ]
    pipeline(samples, 2.0, num_draws=2, num_inference_steps=1, batch_size=4)
    for hook in hooks:
        hook.remove()
    assert seen["encoder"] == [4, 1]
    assert set(seen["backbone"]) == {4, 2}


def test_the_number_of_steps_is_the_number_of_calls(case):
    pipeline, samples = case
    times = []
    per_step = pipeline.sampler.n_velocity_calls // pipeline.sampler.n_steps
    with pipeline.backbone.register_forward_pre_hook(
        lambda module, arguments: times.append(float(arguments[1][0]))
    ):
        pipeline(samples, 2.0, num_inference_steps=4)
        assert len(times) == 4 * per_step
        pipeline(samples, 2.0)
    assert len(times) == (4 + pipeline.sampler.n_steps) * per_step
    assert times[0] == 1.0


def test_guidance_is_the_stated_combination(case):
    """One Euler step from s = 1 ends at ``noise - v``, which is linear in the scale."""
    pipeline, samples = case
    one_step = SamplerSettings(n_steps=1)
    received = pipeline.transmit(samples, 2.0, seeded(3))
    noise = torch.randn(samples.shape, generator=seeded(4))

    def ends(scale):
        with torch.no_grad():
            return pipeline.system.generate(
                received.features(), noise, one_step, guidance_scale=scale
            )

    free, told = ends(0.0), ends(1.0)
    assert (free - told).abs().max() > 1e-2
    torch.testing.assert_close(ends(2.5), free + 2.5 * (told - free), rtol=1e-4, atol=1e-4)
    plain, guided = (
        pipeline(samples, 2.0, guidance_scale=scale, generator=seeded(5)).samples
        for scale in (1.0, 2.5)
    )
    assert (plain - guided).abs().max() > 1e-3


def test_the_generator_alone_decides(case):
    pipeline, samples = case
    default, zero, one = (
        pipeline(samples, 2.0, generator=generator) for generator in (None, seeded(0), seeded(1))
    )
    assert default.samples.equal(zero.samples)
    assert not default.received.raw.equal(one.received.raw)
    assert not default.samples.requires_grad


def test_samples_are_scaled_for_the_networks_and_back():
    recipe = small_images()
    pipeline = build_pipeline(recipe, build_system(recipe))
    samples = torch.linspace(0.0, 1.0, 64).reshape(1, 1, 8, 8)
    latents = pipeline.to_latents(samples)
    assert float(latents.min()) == pytest.approx(-recipe.latent_shift * recipe.latent_scale)
    torch.testing.assert_close(pipeline.to_samples(latents), samples)


def test_a_pipeline_in_double_precision(case):
    pipeline, samples = case
    double = build_pipeline(small_sphere(), build_system(small_sphere()).double())
    output = double(torch.ones(2, 3), 0.0, num_inference_steps=2)
    assert output.samples.dtype == torch.float64
    assert pipeline(samples.double(), 0.0, num_inference_steps=1).samples.dtype == torch.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": torch.full((2, 3), torch.nan)}, "hold NaN or inf"),
        ({"samples": torch.ones(0, 3)}, "samples are none"),
        ({"samples": torch.ones(2, 4)}, "4 numbers do not fit"),
        ({"num_draws": 0}, "num_draws = 0"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"num_inference_steps": 0}, "n_steps = 0"),
        ({"guidance_scale": float("nan")}, "guidance scale"),
        ({"snr_db": float("inf")}, "snr_db = inf"),
        ({"snr_db": 300.0}, "within 100 dB"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    pipeline = build_pipeline(RECIPES["sphere"], build_system(RECIPES["sphere"]))
    with pytest.raises(InputError, match=message):
        pipeline(**{"samples": torch.ones(2, 3), "snr_db": 5.0, **arguments})
