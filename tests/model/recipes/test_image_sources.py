"""Image files as the source of a run: found when drawn, the same steps at every call."""

import shutil

import numpy as np
import pytest
import torch

from jscgc_model.data import SampleSource
from jscgc_model.recipes import build_source, build_system, train_recipe
from jscgc_model.recipes.image_sources import (
    ImageFiles,
    ImageFolderSource,
    ImageTableSource,
    open_image_crops,
)
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.run_folder import load_run, reading_report
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError
from tests.model.data.image_sets import as_bytes, place_image, write_folder, write_parquet
from tests.model.training.small_runs import small_images


def image_folder(folder):
    images = {f"train/{index}.png": place_image(20, 18, index) for index in range(5)}
    others = {"test/a.png": place_image(20, 20, 9), "train/broken.png": b"nothing"}
    return write_folder(folder, images | others)


def recipe_of(source):
    values = small_images().to_dict() | {"source": source.to_dict()}
    return Recipe.model_validate(values).changed(["training.n_steps=3", "training.batch_size=4"])


def test_a_folder_trains_and_each_call_makes_the_same_losses(tmp_path):
    folder = image_folder(tmp_path / "images")
    source = ImageFolderSource(path=str(folder), crop=16, channels=1)
    recipe = recipe_of(source)
    recipe.to_json(tmp_path / "recipe.json")
    assert Recipe.from_json(tmp_path / "recipe.json") == recipe
    for name in "ab":
        train_recipe(recipe, tmp_path / name)
    rows = [read_log(tmp_path / name / "steps.jsonl") for name in "ab"]
    assert len(rows[0]) == 3
    assert rows[0] == rows[1]
    # A trained system needs its images no more.
    shutil.rmtree(folder)
    assert load_run(tmp_path / "a").system.encoder.config["in_channels"] == 1


def test_a_run_tells_which_images_were_skipped(tmp_path):
    folder = image_folder(tmp_path / "images")
    recipe = recipe_of(ImageFolderSource(path=str(folder), crop=16, channels=1))
    train_recipe(recipe.changed(["training.n_steps=8"]), tmp_path / "run")
    found = reading_report(tmp_path / "run")
    assert (found.n_images, found.n_skipped) == (6, 1)
    assert found.skipped[0].name == "train/broken.png"
    train_recipe(small_images("training.n_steps=1"), tmp_path / "drawn")
    assert reading_report(tmp_path / "drawn") is None


def test_a_table_draws_what_the_same_files_draw(tmp_path):
    names = [f"{index}.png" for index in range(6)]
    images = [place_image(9, 9, index) for index in range(6)]
    write_folder(tmp_path / "folder", dict(zip(names, images, strict=True)))
    table = write_parquet(
        tmp_path / "a.parquet", [as_bytes(one) for one in images], paths=names, column="picture"
    )
    settings = {"crop": 5, "split": "all"}
    sources = [
        ImageFiles(ImageFolderSource(path=str(tmp_path / "folder"), **settings)),
        ImageFiles(ImageTableSource(path=str(table), column="picture", **settings)),
    ]
    first, second = (source.draw(30, np.random.default_rng(0)) for source in sources)
    assert isinstance(sources[0], SampleSource)
    assert torch.equal(first, second)
    assert sources[1].report().n_read == 6


def test_splits_and_lists_choose_images(tmp_path):
    path = str(image_folder(tmp_path))
    (tmp_path / "ids.txt").write_text("3\na\n", encoding="utf-8")

    def names(**settings):
        images = open_image_crops(ImageFolderSource(path=path, crop=8, **settings)).reader.images
        return [images.name(number) for number in range(len(images))]

    ids = str(tmp_path / "ids.txt")
    assert names(split="test") == ["test/a.png"]
    assert names(ids=ids) == ["train/3.png"]
    assert names(ids=ids, split="all") == ["test/a.png", "train/3.png"]


def test_images_are_looked_for_at_the_first_draw(tmp_path):
    recipe = recipe_of(ImageFolderSource(path=str(tmp_path / "absent"), crop=16, channels=1))
    source = build_source(recipe)
    assert source.sample_shape == (1, 16, 16)
    build_system(recipe)
    with pytest.raises(InputError, match="absent is no folder"):
        source.draw(1, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("source.crop=0", r"source\.crop = 0: .* greater than or equal to 1"),
        ("source.channels=2", r"source\.channels = 2: .* 1 or 3"),
        ("source.split=most", r"source\.split = 'most'"),
        ("source.held_out_share=0.5", r"source\.held_out_share = 0.5"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        recipe_of(ImageFolderSource(path=str(tmp_path))).changed([change])
