"""Images in Parquet and Arrow tables, by number, group by group; streams stored before use."""

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jscgc_model.data import hugging_face, table_groups
from jscgc_model.data.encoded_images import UnusableImageError
from jscgc_model.data.hugging_face import hugging_face_images
from jscgc_model.data.image_crops import ImageCrops
from jscgc_model.data.image_table import ImageTable
from jscgc_model.data.stored_images import store_images
from jscgc_theory.errors import InputError, MissingExtraError
from tests.model.data.image_sets import as_bytes, place_image, write_parquet

ENCODED = [as_bytes(place_image(5, 6, index)) for index in range(8)]


def contents(images):
    return [(images.name(number), images.encoded(number)) for number in range(len(images))]


@pytest.mark.parametrize("rows_per_group", [1, 3, 8])
def test_rows_are_found_by_number(tmp_path, rows_per_group):
    path = write_parquet(tmp_path / "a.parquet", ENCODED, rows_per_group=rows_per_group)
    images = ImageTable(path)
    assert len(images) == 8
    for number in np.random.default_rng(0).permutation(8).tolist():
        assert images.encoded(number) == ENCODED[number]
        assert images.name(number) == f"{number:07d}"


def test_a_folder_of_tables_is_one_set(tmp_path):
    write_parquet(tmp_path / "train-00001.parquet", ENCODED[5:], paths=["x.png", None, "z.png"])
    write_parquet(tmp_path / "train-00000.parquet", ENCODED[:5])
    images = ImageTable(tmp_path)
    assert contents(images) == [
        *((f"train-00000/{number:07d}", ENCODED[number]) for number in range(5)),
        ("train-00001/x.png", ENCODED[5]),
        ("train-00001/0000001", ENCODED[6]),
        ("train-00001/z.png", ENCODED[7]),
    ]


def test_plain_columns_of_bytes_are_read_too(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"jpg": ENCODED, "caption": ["x"] * 8}), path)
    assert [one for _, one in contents(ImageTable(path))] == ENCODED


def test_no_more_groups_are_kept_than_fit(tmp_path, monkeypatch):
    path = write_parquet(tmp_path / "a.parquet", ENCODED, rows_per_group=1)
    monkeypatch.setattr(table_groups, "_N_BYTES_KEPT", 2.5 * len(ENCODED[0]))
    images = ImageTable(path)
    for number in (0, 1, 2, 1, 3, 0, 0, 7):
        assert images.encoded(number) == ENCODED[number]
        assert len(images._groups._kept) <= 2
    monkeypatch.setattr(table_groups, "_N_BYTES_KEPT", 0)
    assert images.encoded(5) == ENCODED[5]
    assert len(images._groups._kept) == 1


def test_crops_of_tables_are_those_of_the_same_files(tmp_path):
    write_parquet(tmp_path / "a.parquet", [*ENCODED, None, b"damaged"])
    source = ImageCrops(ImageTable(tmp_path / "a.parquet"), crop=5)
    drawn = source.draw(200, np.random.default_rng(0))
    shown = (drawn[:, 2, 0, 0] * 255.0).round().int()
    assert sorted(set(shown.tolist())) == list(range(8))
    assert {one.name: one.reason[:9] for one in source.report().skipped} == {
        "0000008": "its row h",
        "0000009": "its bytes",
    }


def test_a_row_without_bytes_is_unusable(tmp_path):
    images = ImageTable(write_parquet(tmp_path / "a.parquet", [None, b""]))
    for number in range(2):
        with pytest.raises(UnusableImageError, match="holds no bytes"):
            images.encoded(number)


def test_the_column_must_be_clear(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": [1, 2], "text": ["a", "b"]}), path)
    with pytest.raises(InputError, match=r"has no column of images .* among label, text"):
        ImageTable(path)
    pq.write_table(pa.table({"left": ENCODED, "right": ENCODED[::-1]}), path)
    with pytest.raises(InputError, match="image columns left, right; say which"):
        ImageTable(path)
    with pytest.raises(InputError, match="has no column 'up' of images"):
        ImageTable(path, column="up")
    assert ImageTable(path, column="right").encoded(0) == ENCODED[7]


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="is no table of images"):
        ImageTable(tmp_path)
    with pytest.raises(InputError, match="is no table of images"):
        ImageTable(tmp_path / "absent.parquet")
    for suffix, kind in ((".parquet", "Parquet"), (".arrow", "an Arrow file")):
        (tmp_path / f"a{suffix}").write_bytes(b"not a table at all")
        with pytest.raises(InputError, match=f"cannot be read as {kind}"):
            ImageTable(tmp_path / f"a{suffix}")
    write_parquet(tmp_path / "none.parquet", [])
    with pytest.raises(InputError, match="holds no rows"):
        ImageTable(tmp_path / "none.parquet")


def test_a_table_damaged_inside_is_refused_when_it_is_read(tmp_path):
    path = write_parquet(tmp_path / "a.parquet", [os.urandom(5000) for _ in range(4)])
    damaged = bytearray(path.read_bytes())
    damaged[4:400] = bytes(396)
    path.write_bytes(damaged)
    with pytest.raises(InputError, match="cannot be read at rows of group 0"):
        contents(ImageTable(path))


def stream(asked, rows=ENCODED):
    def rows_from(start):
        asked.append(start)
        return ((f"{number}.png", rows[number]) for number in range(start, len(rows)))

    return rows_from


def test_a_stored_stream_is_the_stream(tmp_path):
    fractions = []
    stored = store_images(stream([]), tmp_path, 7, rows_per_file=3, progress=fractions.append)
    assert [one for _, one in contents(stored)] == ENCODED[:7]
    assert stored.name(4) == "images_00001/4.png"
    assert fractions == [3 / 7, 6 / 7, 1.0]


def test_storing_goes_on_from_what_is_stored(tmp_path):
    asked = []
    store_images(stream(asked), tmp_path, 5, rows_per_file=2)
    store_images(stream(asked), tmp_path, 5, rows_per_file=2)
    assert asked == [0]
    stored = store_images(stream(asked), tmp_path, 100, rows_per_file=2)
    assert asked == [0, 4]
    assert [one for _, one in contents(stored)] == ENCODED
    with pytest.raises(InputError, match="give rows_per_file = 2"):
        store_images(stream([]), tmp_path, 9, rows_per_file=3)
    with pytest.raises(InputError, match="the stream holds no images"):
        store_images(stream([], []), tmp_path / "other", 9)


KILLED = """
import os, signal, sys
from pathlib import Path
from jscgc_model.data import stored_images

def rows_from(start):
    for number in range(start, 6):
        yield f"{number}.png", bytes([number]) * 50

class Writer:
    def __init__(self, inner):
        self.inner = inner
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self.inner.close()
    def write_table(self, table, **options):
        self.inner.write_table(table, **options)
        if table.column("image")[0]["path"].as_py() == "2.png":
            os.kill(os.getpid(), signal.SIGKILL)

new_file = stored_images.pa.ipc.new_file
stored_images.pa.ipc.new_file = lambda *arguments: Writer(new_file(*arguments))
stored_images.store_images(rows_from, Path(sys.argv[1]), 6, rows_per_file=2)
"""


def test_a_killed_call_leaves_whole_files_and_is_gone_on_with(tmp_path):
    code = textwrap.dedent(KILLED)
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.glob("*.arrow")] == ["images_00000.arrow"]
    rows = [bytes([number]) * 50 for number in range(6)]
    asked = []
    stored = store_images(stream(asked, rows), tmp_path, 6, rows_per_file=2)
    assert asked == [2]
    assert [one for _, one in contents(stored)] == rows


class DatasetsDouble:
    """The part of the package ``datasets`` that is used, over rows in memory."""

    class Image:
        def __init__(self, decode):
            assert not decode

    def __init__(self, rows, features=("image", "label")):
        self.rows, self.features = rows, dict.fromkeys(features)

    def load_dataset(self, name, *, split, streaming, **options):
        assert (name, split, streaming, options) == ("some/set", "train", True, {"revision": "1"})
        return self

    def select_columns(self, columns):
        return DatasetsDouble([{name: row[name] for name in columns} for row in self.rows])

    def cast_column(self, column, feature):
        assert isinstance(feature, DatasetsDouble.Image)
        return self

    def skip(self, count):
        return self.rows[count:]


def test_a_data_set_of_the_hub_is_a_stream_of_files(tmp_path, monkeypatch):
    rows = [
        {"image": {"bytes": one, "path": f"{i}.png" if i else None}, "label": i}
        for i, one in enumerate(ENCODED)
    ]
    monkeypatch.setitem(sys.modules, "datasets", DatasetsDouble(rows))
    rows_from = hugging_face_images("some/set", revision="1")
    assert list(rows_from(6)) == [("6.png", ENCODED[6]), ("7.png", ENCODED[7])]
    assert next(rows_from(0)) == ("0000000", ENCODED[0])
    stored = store_images(rows_from, tmp_path, 3)
    assert [one for _, one in contents(stored)] == ENCODED[:3]
    with pytest.raises(InputError, match="has no column 'picture'; choose from image, label"):
        hugging_face_images("some/set", column="picture", revision="1")


def test_without_the_package_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r"jscgc\[hub\]"):
        hugging_face.hugging_face_images("some/set")
