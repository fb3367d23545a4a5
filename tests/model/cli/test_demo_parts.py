"""The model's share of the demonstration: a training, a sweep, or a clear word why not."""

import json

import pytest

from jscgc_model.cli import demo, trained_demo
from jscgc_model.cli.trained_demo import sweep_part, training_part
from jscgc_model.recipes.run_folder import load_pipeline
from jscgc_theory.cli.demo_plug_ins import demo_plug_ins
from jscgc_theory.cli.output_targets import OutputTargets
from jscgc_theory.cli.running import Run
from jscgc_theory.errors import InputError, MissingExtraError


@pytest.fixture(scope="module")
def run():
    with Run("demo", OutputTargets(), 0, quiet=True) as run:
        yield run


@pytest.fixture(scope="module")
def small():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(trained_demo._SIZES, "quick", trained_demo._Size(2, 60, 24))
        patch.setattr(trained_demo, "_usable_cores", lambda: 1)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def parts(run, small, folder):
    return list(demo.demo_parts(run, folder, "quick"))


def test_a_system_is_trained_and_kept(parts, folder):
    training, _ = parts
    assert (training.name, training.kind) == ("tiny_images_training", "train")
    assert training.result.n_steps_done == 2
    assert training.result.folder == str(folder / "tiny_images")
    assert training.results == training.result.to_dict()
    assert load_pipeline(folder / "tiny_images").sampler.n_steps == 9
    assert [path.name for path in folder.iterdir()] == ["tiny_images"]


def test_it_is_swept_over_the_snr(parts):
    _, swept = parts
    assert swept.kind == "sweep"
    assert [one.snr_db for one in swept.result.information] == [-5.0, 0.0, 5.0, 10.0]
    assert swept.result.drawn_images is not None
    json.dumps(swept.results)
    for row in swept.results["rows"]:
        low, high = row["mi_bits"]["interval"]
        assert low <= row["mi_bits"]["value"] <= high
        assert "mi_interval_bits" not in row
    assert len(swept.results["drawn_images"]["rows"]) == 4
    assert "true dimension is 4" in swept.text


def test_a_second_demonstration_replaces_the_run_of_the_first(parts, run, folder):
    (folder / "tiny_images" / "stale").write_text("old")
    again = training_part(run, folder, "quick")
    assert again.result.last_loss == parts[0].result.last_loss
    assert not (folder / "tiny_images" / "stale").exists()
    assert sweep_part(run, folder, "quick").result == parts[1].result


@pytest.mark.usefixtures("small")
def test_a_folder_that_is_no_run_is_left_alone(run, tmp_path):
    (tmp_path / "tiny_images").mkdir()
    (tmp_path / "tiny_images" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no training run; name another folder"):
        training_part(run, tmp_path, "quick")
    assert (tmp_path / "tiny_images" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["torch", "diffusers", "accelerate"])
def test_without_its_packages_it_says_what_to_install(monkeypatch, run, tmp_path, name):
    monkeypatch.setattr(demo, "find_spec", lambda wanted: None if wanted == name else object())
    with pytest.raises(MissingExtraError, match=r"pip install 'jscgc\[model\]'"):
        next(demo.demo_parts(run, tmp_path, "quick"))


def test_the_demonstration_finds_it():
    assert demo.demo_parts in demo_plug_ins()
