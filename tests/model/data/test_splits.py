"""Which images train: by folder, by digest, by a list of identifiers."""

import numpy as np
import pytest

from jscgc_model.data.splits import only_listed, split_images
from jscgc_theory.errors import InputError
from tests.model.data.image_sets import ImagesInMemory

SPLITS = ("train", "val", "test")


def named(*names):
    return ImagesInMemory(dict.fromkeys(names, b""))


def names_of(images):
    return [images.name(number) for number in range(len(images))]


def test_folders_are_the_splits_where_there_are_any():
    images = named(
        "readme.png",
        "test/a.png",
        "train/b.png",
        "training.v2/c.png",
        "trainees/d.png",
        "validation-00000-of-00002/e.png",
    )
    assert names_of(split_images(images, "train")) == ["train/b.png", "training.v2/c.png"]
    assert names_of(split_images(images, "val")) == ["validation-00000-of-00002/e.png"]
    assert names_of(split_images(images, "test")) == ["test/a.png"]
    assert split_images(images, "all") is images


def test_a_split_that_is_not_there_is_refused():
    with pytest.raises(InputError, match=r"'val' holds none of the 2 images.* test, train"):
        split_images(named("train/a.png", "test/b.png"), "val")


def test_the_digest_divides_a_set_without_rest_and_in_its_shares():
    everything = [f"{number}.png" for number in range(4000)]
    sides = {
        split: names_of(split_images(named(*everything), split, held_out_share=0.1))
        for split in SPLITS
    }
    assert sorted(name for side in sides.values() for name in side) == sorted(everything)
    for split in ("val", "test"):
        assert abs(len(sides[split]) - 400) < 4.0 * np.sqrt(400 * 0.9)
    assert sides["train"] == [name for name in everything if name in set(sides["train"])]


def test_an_image_stays_on_its_side_when_others_come():
    few = [f"{number}.png" for number in range(300)]
    for split in SPLITS:
        before = names_of(split_images(named(*few), split))
        after = names_of(split_images(named("0new.png", *few, "other.png"), split))
        assert [name for name in after if name in few] == before


def test_the_sides_of_known_names_never_change():
    images = named(*(f"{number:03d}.png" for number in range(60)))
    assert names_of(split_images(images, "val")) == ["022.png", "038.png", "052.png"]
    assert names_of(split_images(images, "test")) == ["041.png", "048.png"]


@pytest.mark.parametrize("share", [0.0, 0.5, -1.0, float("nan")])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(InputError, match="held_out_share"):
        split_images(named("a.png"), "train", held_out_share=share)


def test_a_list_of_identifiers_chooses(tmp_path):
    ids = tmp_path / "ids.txt"
    ids.write_text("train/00b\nabsent\r\n00a\n", encoding="utf-8")
    images = named("x/00a.jpg", "x/00c.jpg", "y/00b.png")
    assert names_of(only_listed(images, ids)) == ["x/00a.jpg", "y/00b.png"]
    ids.write_text("elsewhere\n", encoding="utf-8")
    with pytest.raises(InputError, match="lists 1 images, none of the 3"):
        only_listed(images, ids)
    with pytest.raises(InputError, match="cannot be read as a list"):
        only_listed(images, tmp_path / "absent.txt")
    ids.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read as a list"):
        only_listed(images, ids)
