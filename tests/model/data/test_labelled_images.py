"""Labels stay with their images, whatever is left out."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from jscgc_model.data import ImageTable
from jscgc_model.data.labelled_images import read_labelled_images
from jscgc_theory.errors import InputError
from tests.model.data.image_sets import as_bytes, place_image, write_parquet


def labelled_table(path, numbers, *, damaged=()):
    """Images whose blue is their number; their label is their row."""
    images = [
        b"nothing" if number in damaged else as_bytes(place_image(8, 8, number))
        for number in numbers
    ]
    return write_parquet(path, images)


def test_labels_follow_images_past_damaged_ones(tmp_path):
    table = labelled_table(tmp_path / "set.parquet", range(10, 18), damaged=(12, 15))
    found = read_labelled_images(table, side=8, split="all")
    assert found.labels.tolist() == [0, 1, 3, 4, 6, 7]
    assert found.levels[:, 2, 0, 0].tolist() == [10, 11, 13, 14, 16, 17]
    rows = torch.tensor([1, 0])
    torch.testing.assert_close(found.pixels(rows), found.levels[rows] / 255.0)


def test_splits_take_their_labels_along(tmp_path):
    labelled_table(tmp_path / "train.parquet", range(5))
    labelled_table(tmp_path / "test.parquet", range(20, 23))
    train, test = (read_labelled_images(tmp_path, side=8, split=s) for s in ("train", "test"))
    assert (train.labels.tolist(), test.labels.tolist()) == ([0, 1, 2, 3, 4], [0, 1, 2])
    assert test.levels[:, 2, 0, 0].tolist() == [20, 21, 22]
    assert train.digest != test.digest


def test_images_are_resized_and_the_middle_is_cut_out(tmp_path):
    path = write_parquet(tmp_path / "wide.parquet", [as_bytes(place_image(8, 12))])
    found = read_labelled_images(path, side=8, split="all")
    assert found.levels[0, 1, 0].tolist() == list(range(2, 10))
    halved = read_labelled_images(path, side=4, split="all")
    assert halved.levels.shape == (1, 3, 4, 4)


def test_arrow_files_hold_labels_too(tmp_path):
    batches = [
        pa.record_batch(
            {"image": pa.array([as_bytes(place_image(8, 8, one))]), "label": pa.array([one])}
        )
        for one in (3, 1)
    ]
    path = tmp_path / "set.arrow"
    with pa.OSFile(str(path), "wb") as stream, pa.ipc.new_file(stream, batches[0].schema) as file:
        for batch in batches:
            file.write(batch)
    assert ImageTable(path).labels("label") == [3, 1]


@pytest.mark.parametrize(
    ("labels", "column", "message"),
    [
        ([0.5], "label", "has no column 'label' of whole numbers among image, label"),
        ([1], "class", "has no column 'class' of whole numbers"),
        ([None], "label", "lacks labels in column 'label'"),
        ([-1], "label", "or holds negative ones"),
    ],
)
def test_a_column_that_holds_no_labels_is_refused(tmp_path, labels, column, message):
    kind = pa.int64() if labels == [None] else None
    images = pa.array([as_bytes(np.zeros((8, 8, 3), np.uint8))])
    pq.write_table(
        pa.table({"image": images, "label": pa.array(labels, kind)}), tmp_path / "set.parquet"
    )
    with pytest.raises(InputError, match=message):
        ImageTable(tmp_path / "set.parquet").labels(column)
