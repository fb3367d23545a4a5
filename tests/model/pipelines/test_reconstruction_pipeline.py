"""Pipelines of systems that reconstruct: saved, loaded by their kind, one image for all draws."""

import json

import pytest
import torch

from jscgc_model.data import numpy_stream
from jscgc_model.pipelines import (
    PIPELINES,
    CommunicationPipeline,
    ReconstructionPipeline,
    read_pipeline,
)
from jscgc_model.recipes import build_pipeline, build_source, build_system
from jscgc_model.recipes.run_folder import load_pipeline
from jscgc_theory.errors import InputError
from tests.model.training.small_runs import RECONSTRUCTIONS, small_reconstruction


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module", params=sorted(RECONSTRUCTIONS))
def case(request):
    """Return a pipeline and some images."""
    recipe = small_reconstruction(request.param)
    pipeline = build_pipeline(recipe, build_system(recipe).eval())
    return pipeline, build_source(recipe).draw(5, numpy_stream(0, "test"))


def test_a_saved_pipeline_is_the_same(case, tmp_path):
    pipeline, images = case
    pipeline.save_pretrained(tmp_path)
    kinds = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert kinds == {".json", ".safetensors"}
    loaded = load_pipeline(tmp_path)
    assert type(loaded) is type(pipeline) is ReconstructionPipeline
    first, second = (one(images, 3.0, generator=seeded(1)).samples for one in (pipeline, loaded))
    assert second.equal(first)


def test_all_draws_are_the_reconstruction_made_once(case):
    pipeline, images = case
    told = []
    with pipeline.decoder.register_forward_pre_hook(
        lambda module, arguments: told.append(len(arguments[0]))
    ):
        output = pipeline(images, 0.0, num_draws=3, guidance_scale=2.0, batch_size=4)
    assert told == [4, 1]
    assert output.samples.shape == (5, 3, *images.shape[1:])
    for place in (1, 2):
        assert output.samples[:, place].equal(output.samples[:, 0])
    once = pipeline(images, 0.0, num_inference_steps=1)
    torch.testing.assert_close(output.samples[:, :1], once.samples, rtol=1e-4, atol=1e-5)


def test_the_generator_alone_decides(case):
    pipeline, images = case
    first, again, other = (pipeline(images, 2.0, generator=seeded(n)).samples for n in (1, 1, 2))
    assert first.equal(again)
    assert not first.equal(other)
    assert not first.requires_grad


def test_every_kind_of_pipeline_is_known_by_its_name():
    for name, kind in PIPELINES.items():
        assert kind.__name__ == name
        assert issubclass(kind, CommunicationPipeline)


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (
            {"_class_name": "OtherPipeline"},
            "its kind 'OtherPipeline' is none of JSCGCPipeline, Re",
        ),
        ({}, "_class_name"),
        ([], "list indices"),
    ],
)
def test_a_pipeline_of_no_known_kind_is_refused(tmp_path, index, reason):
    (tmp_path / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(InputError, match=f"pipeline in .* cannot be read: .*{reason}"):
        read_pipeline(tmp_path)
