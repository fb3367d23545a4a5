"""Latents on the disk: the same as worked out, whole or absent, refused where they do not fit."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from jscgc_model.data import FixedCrops, ImageCrops, ImageFolder, SampleSource
from jscgc_model.latent import CachedLatents, PixelCodec, write_latent_cache
from jscgc_model.latent.cache_manifest import MANIFEST
from jscgc_model.latent.latent_files import find_latents, store_latents
from jscgc_theory.errors import InputError
from tests.model.latent.latent_cases import NumberedImages, small_codec

CODEC = PixelCodec(0.5, 3.0)


def write(folder, images=None, codec=CODEC, **settings):
    return write_latent_cache(
        folder, codec, images or NumberedImages(), **{"latents_per_file": 4, **settings}
    )


@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_latents_of_a_cache_are_those_of_the_codec(tmp_path, batch_size):
    codec, images = small_codec(), NumberedImages()
    cache = write(tmp_path, images, codec, dtype="float32", batch_size=batch_size)
    assert images.asked == list(range(10))
    assert isinstance(cache, SampleSource)
    assert (len(cache), cache.sample_shape) == (10, (2, 4, 4))
    expected = codec.encode(NumberedImages().take(range(10)))
    torch.testing.assert_close(cache.take(range(10)), expected, rtol=1e-5, atol=1e-6)


def test_half_precision_costs_its_rounding_and_no_more(tmp_path):
    cache = write(tmp_path, dtype="float16")
    expected = CODEC.encode(NumberedImages().take(range(10)))
    torch.testing.assert_close(cache.take(range(10)), expected, rtol=2.0**-11, atol=1e-7)
    assert cache.take([0]).dtype == torch.float32


def test_draws_depend_on_their_random_numbers_and_reach_every_latent(tmp_path):
    cache = write(tmp_path)
    first = cache.draw(2000, np.random.default_rng(1))
    again = CachedLatents(tmp_path).draw(2000, np.random.default_rng(1))
    assert torch.equal(first, again)
    _, counts = torch.unique(first, dim=0, return_counts=True)
    assert len(counts) == 10
    assert float((counts - 200).abs().max()) < 4.0 * np.sqrt(200)


def test_a_finished_cache_is_not_written_again(tmp_path):
    write(tmp_path)
    images, fractions = NumberedImages(), []
    write(tmp_path, images, progress=fractions.append)
    assert images.asked == []
    assert fractions == [1 / 3, 2 / 3, 1.0]


def test_what_is_missing_is_made_and_nothing_else(tmp_path):
    whole = write(tmp_path).take(range(10))
    find_latents(tmp_path, 1).unlink()
    with pytest.raises(InputError, match=r"is unfinished \(2 of 3 files"):
        CachedLatents(tmp_path)
    images = NumberedImages()
    assert torch.equal(write(tmp_path, images).take(range(10)), whole)
    assert images.asked == [4, 5, 6, 7]


KILLED = """
import os, signal, sys
from pathlib import Path
from jscgc_model.latent import PixelCodec, latent_cache, latent_files, write_latent_cache
from tests.model.latent.latent_cases import NumberedImages

written = Path.write_bytes

def killed_within(path, content):
    if path.name.startswith(".00001"):
        written(path, content[:100])
        os.kill(os.getpid(), signal.SIGKILL)
    return written(path, content)

Path.write_bytes = killed_within
write_latent_cache(Path(sys.argv[1]), PixelCodec(0.5, 3.0), NumberedImages(), latents_per_file=4)
"""


def test_a_killed_call_leaves_whole_files_and_is_gone_on_with(tmp_path):
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", KILLED, str(tmp_path / "a")]
    killed = subprocess.run(command, check=False, cwd=root)
    assert killed.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "a").glob("[0-9]*.npy"))) == 1
    images = NumberedImages()
    resumed = write(tmp_path / "a", images)
    assert images.asked == list(range(4, 10))
    assert torch.equal(resumed.take(range(10)), write(tmp_path / "b").take(range(10)))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"codec": PixelCodec(0.5, 2.0)}, "codec"),
        ({"images": NumberedImages(name="others")}, "images.name"),
        ({"images": NumberedImages(9)}, "n_latents"),
        ({"dtype": "float32"}, "dtype"),
        ({"latents_per_file": 5}, "latents_per_file"),
    ],
)
def test_a_cache_of_another_making_is_not_gone_on_with(tmp_path, change, named):
    write(tmp_path)
    with pytest.raises(InputError, match=rf"of another making \(other {named}\)"):
        write(tmp_path, **change)


def test_latents_of_another_codec_are_not_opened_for_decoding(tmp_path):
    codec = small_codec()
    write(tmp_path, codec=codec)
    assert len(CachedLatents(tmp_path, codec=small_codec())) == 10
    for other in (small_codec(seed=1), small_codec(scale=1.0), CODEC):
        with pytest.raises(InputError, match="latents of another codec"):
            CachedLatents(tmp_path, codec=other)


@pytest.mark.parametrize("damage", ["changed", "cut", "empty"])
def test_damaged_files_are_refused_until_they_are_made_anew(tmp_path, damage):
    whole = write(tmp_path).take(range(10))
    path = find_latents(tmp_path, 2)
    content = path.read_bytes()
    changed = content[:-1] + bytes([content[-1] ^ 1])
    path.write_bytes({"changed": changed, "cut": content[:-4], "empty": b""}[damage])
    for call in (CachedLatents, write):
        with pytest.raises(InputError, match="is not what was written; remove it"):
            call(tmp_path)
    path.unlink()
    assert torch.equal(write(tmp_path).take(range(10)), whole)


def test_a_file_of_another_shape_or_kind_is_refused(tmp_path):
    write(tmp_path)
    find_latents(tmp_path, 2).unlink()
    store_latents(tmp_path, 2, np.zeros((1, 3, 8, 8), np.float16))
    with pytest.raises(InputError, match=r"float16 of shape \(1, 3, 8, 8\), not float16 of \(2"):
        CachedLatents(tmp_path)


def test_folders_without_a_readable_manifest_are_refused(tmp_path):
    with pytest.raises(InputError, match=f"holds no {MANIFEST}"):
        CachedLatents(tmp_path)
    for content in (b"{}", b"\xff", b'{"format": "other"}'):
        (tmp_path / MANIFEST).write_bytes(content)
        with pytest.raises(InputError, match=r"cannot be read.*write the cache anew"):
            CachedLatents(tmp_path)


def test_latents_beyond_the_precision_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"of images 0 to 9 reaches .*, beyond float16"):
        write(tmp_path, codec=PixelCodec(scale=1e6), latents_per_file=100)
    assert find_latents(tmp_path, 0) is None


def test_crops_of_a_folder_are_cached(tmp_path):
    from tests.model.data.image_sets import place_image, write_folder

    shapes = {f"{index}.png": place_image(12, 10, index) for index in range(3)}
    crops = ImageCrops(ImageFolder(write_folder(tmp_path / "images", shapes)), crop=8)
    fixed = FixedCrops(crops, n_views=2)
    cache = write(tmp_path / "cache", fixed, small_codec(), dtype="float32")
    expected = small_codec().encode(fixed.take(range(6)))
    torch.testing.assert_close(cache.take(range(6)), expected, rtol=1e-5, atol=1e-6)
