"""Images as points: one convention for a set, pixels in [0, 1], faults named."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from jscgc_theory.errors import InputError
from jscgc_theory.points_io import load_points


@pytest.fixture
def pixels():
    return np.random.default_rng(3).integers(0, 256, size=(3, 4, 5, 3), dtype=np.uint8)


def write(folder: Path, pixels: np.ndarray, suffix: str = ".png") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for index, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{index}{suffix}")


def encoded(picture: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, format="PNG")
    return stream.getvalue()


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".ppm", ".PNG"])
def test_lossless_formats(tmp_path, pixels, suffix):
    write(tmp_path / "set", pixels, suffix)
    loaded = load_points(tmp_path / "set")
    np.testing.assert_allclose(loaded.array, pixels.reshape(3, -1) / 255.0, rtol=1e-6)
    assert loaded.array.dtype == np.float32
    assert loaded.details["image_shape"] == [4, 5, 3]


def test_grey_set_stays_grey_and_one_colour_picture_makes_it_rgb(tmp_path, pixels):
    grey = pixels[:2, :, :, 0]
    write(tmp_path / "set", grey)
    np.testing.assert_allclose(
        load_points(tmp_path / "set").array, grey.reshape(2, -1) / 255.0, rtol=1e-6
    )
    Image.fromarray(pixels[2]).save(tmp_path / "set" / "2.png")
    mixed = load_points(tmp_path / "set").array
    assert mixed.shape == (3, 60)
    np.testing.assert_allclose(mixed[0], np.repeat(grey[0].reshape(-1), 3) / 255.0, rtol=1e-6)


def test_sixteen_bit_grey(tmp_path):
    deep = np.array([[[0, 65535], [257, 1000]], [[1, 2], [3, 4]]], dtype=np.uint16)
    write(tmp_path / "set", deep)
    np.testing.assert_allclose(
        load_points(tmp_path / "set").array, deep.reshape(2, 4) / 65535.0, rtol=1e-6
    )
    Image.fromarray(np.zeros((2, 2, 3), dtype=np.uint8)).save(tmp_path / "set" / "z.png")
    assert load_points(tmp_path / "set").array.shape == (3, 12)


@pytest.mark.parametrize("mode", ["1", "LA", "P", "RGBA", "CMYK"])
def test_other_modes_are_converted(tmp_path, pixels, mode):
    suffix = "tiff" if mode == "CMYK" else "png"
    for index, picture in enumerate(pixels):
        Image.fromarray(picture).convert(mode).save(tmp_path / f"{index}.{suffix}")
    array = load_points(tmp_path).array
    assert array.shape == (3, 20 if mode in ("1", "LA") else 60)
    assert 0.0 <= array.min() < array.max() <= 1.0


def test_floating_point_pixels_are_refused(tmp_path):
    Image.fromarray(np.zeros((2, 2), dtype=np.float32)).save(tmp_path / "a.tiff")
    with pytest.raises(InputError, match=r"a\.tiff has floating-point pixels"):
        load_points(tmp_path)


def test_subfolders_are_searched_hidden_ones_are_not(tmp_path, pixels):
    write(tmp_path / "set" / "cats", pixels)
    write(tmp_path / "set" / ".cache", pixels)
    (tmp_path / "set" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "set" / "cats" / ".hidden.png").write_bytes(b"x")
    loaded = load_points(tmp_path / "set")
    assert loaded.source.n_points == 3
    assert loaded.notices == ()


def test_other_files_are_counted(tmp_path, pixels):
    write(tmp_path / "set", pixels)
    (tmp_path / "set" / "labels.txt").write_text("x")
    (tmp_path / "set" / "readme.md").write_text("x")
    (notice,) = load_points(tmp_path / "set").notices
    assert notice.code == "files_ignored"
    assert notice.message.startswith("2 files in")


def test_hash_follows_content_and_names_not_place(tmp_path, pixels):
    write(tmp_path / "a", pixels)
    write(tmp_path / "b", pixels)
    write(tmp_path / "c", pixels[::-1])
    first, second, third = (load_points(tmp_path / n).source.sha256 for n in "abc")
    assert first == second != third
    (tmp_path / "b" / "0.png").rename(tmp_path / "b" / "9.png")
    assert load_points(tmp_path / "b").source.sha256 != first


def test_resize_brings_all_to_one_square(tmp_path, pixels):
    write(tmp_path / "set", pixels)
    Image.fromarray(np.full((9, 2, 3), 51, dtype=np.uint8)).save(tmp_path / "set" / "flat.png")
    with pytest.raises(InputError, match=r"different sizes .*; add --resize H"):
        load_points(tmp_path / "set")
    loaded = load_points(tmp_path / "set", resize=6)
    assert loaded.array.shape == (4, 108)
    np.testing.assert_allclose(loaded.array[3], 0.2, rtol=1e-6)


@pytest.mark.parametrize("resize", [0, -3])
def test_resize_must_be_positive(tmp_path, pixels, resize):
    write(tmp_path / "set", pixels)
    with pytest.raises(InputError, match=r"resize = .* is too small"):
        load_points(tmp_path / "set", resize=resize)


def test_resize_of_numbers_is_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.eye(3))
    pq.write_table(pa.table({"x": [1.0, 2.0]}), tmp_path / "x.parquet")
    (tmp_path / "x-idx2-ubyte").write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 7, 8]))
    for name in ("x.npy", "x.parquet", "x-idx2-ubyte"):
        with pytest.raises(InputError, match="holds no images, so --resize 4"):
            load_points(tmp_path / name, resize=4)


@pytest.mark.parametrize("as_struct", [True, False])
def test_parquet_images(tmp_path, pixels, as_struct):
    cells = [encoded(picture) for picture in pixels]
    column = [{"bytes": cell, "path": None} for cell in cells] if as_struct else cells
    table = pa.table({"image": column, "label": [0, 1, 2]})
    pq.write_table(table, tmp_path / "x.parquet")
    loaded = load_points(tmp_path / "x.parquet")
    np.testing.assert_allclose(loaded.array, pixels.reshape(3, -1) / 255.0, rtol=1e-6)
    assert loaded.details["columns_left_out"] == ["label"]
    assert load_points(tmp_path / "x.parquet", resize=2).array.shape == (3, 12)


def test_corrupt_images_are_named(tmp_path, pixels):
    write(tmp_path / "cut", pixels)
    whole = (tmp_path / "cut" / "1.png").read_bytes()
    (tmp_path / "cut" / "1.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"1\.png is not a readable image"):
        load_points(tmp_path / "cut")
    (tmp_path / "cut" / "1.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"1\.png is not a readable image"):
        load_points(tmp_path / "cut")
    table = pa.table({"image": [encoded(pixels[0]), b"nothing"]})
    pq.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"x\.parquet, image 1 is not a readable image"):
        load_points(tmp_path / "x.parquet")


def test_folder_without_images_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"holds no images \(0 other files\)"):
        load_points(tmp_path)
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(InputError, match=r"holds no images \(1 other files\)"):
        load_points(tmp_path)
    with pytest.raises(InputError, match="but a folder has none"):
        load_points(f"{tmp_path}:key")
