"""Crops of images: where they are cut, that seeds alone decide, and what is skipped."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from jscgc_model.data.decoding import decode_image
from jscgc_model.data.encoded_images import UnusableImageError
from jscgc_model.data.fixed_crops import FixedCrops
from jscgc_model.data.image_crops import ImageCrops
from jscgc_model.data.image_folder import ImageFolder
from jscgc_model.data.reading_report import ReadingReport
from jscgc_model.data.sample_source import SampleSource
from jscgc_theory.errors import InputError
from tests.model.data.image_sets import ImagesInMemory, as_bytes, place_image, write_folder
from tests.statistics import assert_within_standard_errors, sample_mean_and_error


def levels(crops):
    """Pixels in [0, 1] back to levels, (batch, height, width, channels)."""
    return (crops * 255.0).round().to(torch.uint8).movedim(1, 3).numpy()


def three_images(tmp_path):
    shapes = {"a.png": (9, 12), "deep/b.png": (6, 6), "c.png": (30, 7)}
    return write_folder(
        tmp_path, {name: place_image(*shape, i) for i, (name, shape) in enumerate(shapes.items())}
    )


@pytest.mark.parametrize("flips", [False, True])
def test_crops_are_windows_of_the_images(tmp_path, flips):
    source = ImageCrops(ImageFolder(three_images(tmp_path)), crop=6, flips=flips)
    assert isinstance(source, SampleSource)
    drawn = source.draw(60, np.random.default_rng(0))
    assert drawn.shape == (60, *source.sample_shape)
    assert drawn.dtype == torch.float32
    whole = [place_image(9, 12, 0), place_image(6, 6, 1), place_image(30, 7, 2)]
    mirrored = 0
    for crop in levels(drawn):
        if crop[0, 0, 1] > crop[0, -1, 1]:
            crop, mirrored = crop[:, ::-1], mirrored + 1
        top, left, index = crop[0, 0]
        np.testing.assert_array_equal(crop, whole[index][top : top + 6, left : left + 6])
    assert (mirrored > 0) == flips


def test_every_window_and_its_mirror_is_as_likely(tmp_path):
    images = ImagesInMemory({"a": as_bytes(place_image(6, 7))})
    drawn = levels(ImageCrops(images, crop=4).draw(3000, np.random.default_rng(1)))
    mirrored = drawn[:, 0, 0, 1] > drawn[:, 0, 3, 1]
    tops, lefts = drawn[:, 0, 0, 0], drawn[:, 0].min(axis=1)[:, 1]
    for values, mean in ((tops, 1.0), (lefts, 1.5), (mirrored, 0.5)):
        assert_within_standard_errors(sample_mean_and_error(values), mean)
    for values, choices in ((tops, 3), (lefts, 4)):
        expected = len(values) / choices
        counts = np.bincount(values, minlength=choices)
        assert np.abs(counts - expected).max() < 4.0 * np.sqrt(expected)
    assert_within_standard_errors(
        sample_mean_and_error((tops - 1.0) * (mirrored - 0.5) * (lefts - 1.5)), 0.0
    )


def test_a_draw_depends_on_its_random_numbers_alone(tmp_path):
    folder = write_folder(three_images(tmp_path), {"broken.png": b"no image"})
    fresh, used = (ImageCrops(ImageFolder(folder), crop=6) for _ in range(2))
    used.draw(40, np.random.default_rng(9))
    assert used.report().n_skipped == 1
    first = fresh.draw(30, np.random.default_rng(5))
    torch.testing.assert_close(used.draw(30, np.random.default_rng(5)), first, rtol=0, atol=0)
    assert not torch.equal(used.draw(30, np.random.default_rng(6)), first)


def test_images_that_cannot_be_used_are_skipped_counted_and_listed(tmp_path):
    whole = as_bytes(
        np.random.default_rng(0).integers(0, 256, (20, 20, 3), dtype=np.uint8), "JPEG"
    )
    folder = write_folder(
        tmp_path,
        {
            **{f"{index}.png": place_image(8, 8, index) for index in range(4)},
            "cut.jpg": whole[: len(whole) // 2],
            "empty.png": b"",
            "small.png": place_image(8, 7),
            "text.png": b"these are no pixels",
        },
    )
    source = ImageCrops(ImageFolder(folder), crop=8, flips=False)
    counts = np.bincount(levels(source.draw(1200, np.random.default_rng(2)))[:, 0, 0, 2])
    assert np.abs(counts - 300).max() < 4.0 * np.sqrt(300)
    report = source.report()
    assert (report.n_images, report.n_read, report.n_skipped) == (8, 4, 4)
    assert [one.name for one in report.skipped] == [
        "cut.jpg",
        "empty.png",
        "small.png",
        "text.png",
    ]
    assert report.skipped[3].reason == "its bytes are of no known image format"
    reasons = {one.name: one.reason for one in report.skipped}
    assert "truncated" in reasons["cut.jpg"].lower()
    assert reasons["small.png"] == "8 x 7 pixels are less than 8 x 8"
    assert ReadingReport.from_json(report.to_json()) == report
    assert ImageCrops(ImageFolder(folder), crop=8).reader.read_all() == report


def test_a_file_that_vanishes_is_skipped(tmp_path):
    folder = three_images(tmp_path)
    source = ImageCrops(ImageFolder(folder), crop=6)
    (folder / "c.png").unlink()
    source.draw(20, np.random.default_rng(0))
    assert [one.reason for one in source.report().skipped] == ["No such file or directory"]


@pytest.mark.parametrize("n_bad", [1, 5])
def test_a_set_without_one_usable_image_is_refused(n_bad):
    images = ImagesInMemory({f"{index}.png": b"nothing" for index in range(n_bad)})
    with pytest.raises(InputError, match=f"none of {n_bad} images can be used.*give others"):
        ImageCrops(images, crop=4).draw(3, np.random.default_rng(0))


def test_small_images_can_be_enlarged_and_large_ones_reduced():
    for height, width in ((5, 8), (40, 64)):
        images = ImagesInMemory({"a": as_bytes(place_image(height, width))})
        source = ImageCrops(images, crop=10, shorter_side=10)
        assert source.reader.read(0).shape == (10, 16, 3)
        assert source.draw(2, np.random.default_rng(0)).shape == (2, 3, 10, 10)


def test_grey_crops_of_colour_images():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    source = ImageCrops(ImagesInMemory({"a": as_bytes(pixels)}), crop=5, channels=1, flips=False)
    grey = levels(source.draw(1, np.random.default_rng(0)))[0, ..., 0].astype(float)
    # ITU-R 601-2 luma.
    np.testing.assert_allclose(grey, pixels @ [0.299, 0.587, 0.114], atol=1.0)


@pytest.mark.parametrize(
    ("pixels", "first"),
    [
        (np.full((4, 5), 7, np.uint8), [7, 7, 7]),
        (np.full((4, 5), 65535, np.uint16), [255, 255, 255]),
        (np.full((4, 5, 4), (9, 8, 7, 0), np.uint8), [9, 8, 7]),
    ],
    ids=["grey", "16 bits", "transparent"],
)
def test_every_kind_of_image_becomes_colour(pixels, first):
    decoded = decode_image(as_bytes(pixels), channels=3)
    assert decoded.shape == (4, 5, 3)
    assert decoded[0, 0].tolist() == first


def test_floating_point_images_cannot_be_used():
    encoded = as_bytes(np.zeros((4, 4), np.float32), "TIFF")
    with pytest.raises(UnusableImageError, match="floating-point"):
        decode_image(encoded, channels=3)


def test_a_palette_with_transparency_raises_no_warning():
    image = Image.fromarray(place_image(4, 4)).convert("P")
    image.info["transparency"] = bytes(range(4))
    encoded = as_bytes(np.asarray(image))
    assert decode_image(encoded, channels=3).shape == (4, 4, 3)


def test_settings_out_of_range_are_refused(tmp_path):
    images = ImagesInMemory({"a": as_bytes(place_image(4, 4))})
    with pytest.raises(InputError, match="crop"):
        ImageCrops(images, crop=0)
    with pytest.raises(InputError, match=r"channels = 2; give 1 \(grey\) or 3"):
        ImageCrops(images, crop=2, channels=2)
    with pytest.raises(InputError, match="channels = 4"):
        decode_image(images.encoded(0), channels=4)
    with pytest.raises(InputError, match="shorter_side = 3 is below the 4 pixels"):
        ImageCrops(images, crop=4, shorter_side=3)
    with pytest.raises(InputError, match="the set of images is empty"):
        ImageCrops(ImagesInMemory({}), crop=2)
    with pytest.raises(InputError, match="holds no images"):
        ImageFolder(tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        ImageFolder(tmp_path / "absent")


def test_fixed_crops_are_the_same_however_they_are_taken(tmp_path):
    folder = write_folder(three_images(tmp_path), {"broken.png": b"no image"})
    fixed = FixedCrops(ImageCrops(ImageFolder(folder), crop=6), n_views=5, seed=3)
    assert len(fixed) == 20
    assert fixed.sample_shape == (3, 6, 6)
    together = fixed.take(range(20))
    other = FixedCrops(ImageCrops(ImageFolder(folder), crop=6), n_views=5, seed=3)
    alone = torch.cat([other.take([item]) for item in reversed(range(20))]).flip(0)
    torch.testing.assert_close(alone, together, rtol=0, atol=0)
    # In the order of names: a.png, broken.png, c.png, deep/b.png.
    shown = levels(together)[:, 0, 0, 2].reshape(4, 5)
    assert (shown[[0, 2, 3]] == [[0], [2], [1]]).all()
    assert len(torch.unique(together[10:15], dim=0)) > 1


def test_fixed_crops_say_what_decides_them(tmp_path):
    folder = three_images(tmp_path)

    def identity(crop=6, flips=True, **settings):
        crops = ImageCrops(ImageFolder(folder), crop=crop, flips=flips)
        return FixedCrops(crops, **settings).identity()

    first = identity()
    assert json.loads(json.dumps(first)) == first == identity()
    for other in (identity(crop=5), identity(flips=False), identity(n_views=2), identity(seed=1)):
        assert other != first
    write_folder(folder, {"d.png": place_image(9, 9)})
    assert identity()["images"] != first["images"]


def test_images_are_read_only_when_they_are_drawn():
    class Counted(ImagesInMemory):
        n_read = 0

        def encoded(self, number):
            self.n_read += 1
            return super().encoded(number)

    images = Counted({f"{index}": as_bytes(place_image(9, 9, index)) for index in range(50)})
    source = ImageCrops(images, crop=4)
    assert images.n_read == 0
    source.draw(1, np.random.default_rng(0))
    assert images.n_read == 1
