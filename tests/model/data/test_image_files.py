"""Images from files and to files."""

import numpy as np
import pytest
import torch
from PIL import Image

from jscgc_model.data.image_files import is_images, read_images, write_image
from jscgc_theory.errors import InputError


def levels(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_written_is_read(tmp_path, channels):
    pixels = torch.from_numpy(levels(channels, 6, 4)) / 255.0
    write_image(tmp_path / "a.png", pixels)
    read, files = read_images(tmp_path / "a.png", channels=channels)
    assert read.dtype == torch.float32
    assert files == [tmp_path / "a.png"]
    torch.testing.assert_close(read, pixels[None].float(), rtol=0, atol=1e-7)


def test_rows_are_rows_and_colours_colours(tmp_path):
    picture = levels(5, 7, 3)
    Image.fromarray(picture).save(tmp_path / "a.png")
    (image,), _ = read_images(tmp_path, channels=3)
    np.testing.assert_allclose(image.numpy(), np.moveaxis(picture, 2, 0) / 255.0, rtol=1e-6)


def test_values_beyond_the_range_are_clipped(tmp_path):
    write_image(tmp_path / "a.png", torch.tensor([[[-0.5, 0.5, 1.5]]]))
    assert np.asarray(Image.open(tmp_path / "a.png")).tolist() == [[0, 128, 255]]


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    (tmp_path / "deep").mkdir()
    for name, level in (("b.png", 2), ("a.bmp", 1), ("deep/c.png", 3)):
        Image.fromarray(np.full((2, 2), level, dtype=np.uint8)).save(tmp_path / name)
    (tmp_path / "words.txt").write_text("not an image")
    images, files = read_images(tmp_path, channels=1)
    assert [path.name for path in files] == ["a.bmp", "b.png", "c.png"]
    np.testing.assert_allclose(images[:, 0, 0, 0].numpy() * 255.0, [1, 2, 3], rtol=1e-6)
    assert is_images(tmp_path)
    assert is_images(tmp_path / "b.PNG")
    assert not is_images(tmp_path / "points.npy")


def test_colour_becomes_grey_and_grey_colour(tmp_path):
    Image.fromarray(levels(4, 4, 3)).save(tmp_path / "a.png")
    Image.fromarray(levels(4, 4)).save(tmp_path / "b.png")
    assert read_images(tmp_path, channels=1)[0].shape == (2, 1, 4, 4)
    colours, _ = read_images(tmp_path / "b.png", channels=3)
    assert colours[0, 0].equal(colours[0, 1])


def test_resizing_keeps_a_plain_area(tmp_path):
    Image.fromarray(np.full((9, 5), 40, dtype=np.uint8)).save(tmp_path / "a.png")
    Image.fromarray(np.full((4, 4), 40, dtype=np.uint8)).save(tmp_path / "b.png")
    images, _ = read_images(tmp_path, channels=1, resize=6)
    assert images.shape == (2, 1, 6, 6)
    np.testing.assert_allclose(images.numpy(), 40 / 255.0, rtol=1e-6)


def test_of_a_wide_or_tall_image_the_middle_is_sent(tmp_path):
    """Nothing is stretched: a disc stays a disc."""
    rows, columns = np.mgrid[:60, :100]
    disc = (np.hypot(rows - 29.5, columns - 49.5) < 20.0).astype(np.uint8) * 255
    Image.fromarray(disc).save(tmp_path / "a.png")
    Image.fromarray(disc.T).save(tmp_path / "b.png")
    wide, tall = read_images(tmp_path, channels=1, resize=60)[0][:, 0].numpy() * 255.0
    np.testing.assert_array_equal(wide, disc[:, 20:80])
    np.testing.assert_array_equal(tall, wide)


def test_bad_files_are_named(tmp_path):
    with pytest.raises(InputError, match=r"no\.png does not exist; give an image"):
        read_images(tmp_path / "no.png", channels=1)
    with pytest.raises(InputError, match="holds no images"):
        read_images(tmp_path, channels=1)
    Image.fromarray(levels(8, 8)).save(tmp_path / "a.png")
    with pytest.raises(InputError, match=r"channels = 4; images have 1 \(grey\) or 3"):
        read_images(tmp_path, channels=4)
    with pytest.raises(InputError, match="resize = 0 is too small"):
        read_images(tmp_path, channels=1, resize=0)
    Image.fromarray(levels(8, 9)).save(tmp_path / "b.png")
    with pytest.raises(InputError, match="images of 8 x 8 and 8 x 9 pixels; resize them"):
        read_images(tmp_path, channels=1)
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"a\.png cannot be read as an image"):
        read_images(tmp_path / "a.png", channels=1)
