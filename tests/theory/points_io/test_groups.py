"""Groups of rows: from a column of the source, or from a file of whole numbers."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.points_io import load_groups, table_column

TEXT = "who,x\nb,1\na,2\nb,3\n"


def test_text_column_of_a_csv_is_numbered_by_first_appearance(tmp_path):
    (tmp_path / "s.csv").write_text(TEXT)
    groups, from_source = load_groups("who", source=f"{tmp_path}/s.csv")
    np.testing.assert_array_equal(groups, [0, 1, 0])
    assert from_source


def test_column_of_a_parquet_table(tmp_path):
    pq.write_table(pa.table({"x": [1.0, 2, 3], "g": [7, 7, 2]}), tmp_path / "s.parquet")
    groups, from_source = load_groups("g", source=f"{tmp_path}/s.parquet")
    np.testing.assert_array_equal(groups, [0, 0, 1])
    assert from_source


def test_file_of_whole_numbers(tmp_path):
    np.save(tmp_path / "s.npy", np.eye(3))
    np.save(tmp_path / "g.npy", np.array([5, 4, 5]))
    groups, from_source = load_groups(f"{tmp_path}/g.npy", source=f"{tmp_path}/s.npy")
    np.testing.assert_array_equal(groups, [0, 1, 0])
    assert not from_source


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([0.5, 1.0]), r"shape \(2,\) and dtype float64"),
        (np.zeros((2, 2), dtype=int), r"shape \(2, 2\) and dtype int64"),
    ],
)
def test_other_arrays_are_refused(tmp_path, labels, message):
    np.save(tmp_path / "s.npy", np.eye(2))
    np.save(tmp_path / "g.npy", labels)
    with pytest.raises(InputError, match=message):
        load_groups(f"{tmp_path}/g.npy", source=f"{tmp_path}/s.npy")


def test_neither_column_nor_file(tmp_path):
    (tmp_path / "s.csv").write_text(TEXT)
    with pytest.raises(InputError, match="--group nobody is neither a column"):
        load_groups("nobody", source=f"{tmp_path}/s.csv")
    with pytest.raises(InputError, match=r"s\.csv is no array file"):
        load_groups(f"{tmp_path}/s.csv", source=f"{tmp_path}/s.csv")


def test_ragged_line_before_the_column_is_named(tmp_path):
    (tmp_path / "s.csv").write_text("x,who\n1,a\n2\n")
    with pytest.raises(InputError, match="line 3 has 1 cells"):
        load_groups("who", source=f"{tmp_path}/s.csv")


def test_damaged_parquet_is_named(tmp_path):
    (tmp_path / "s.parquet").write_bytes(b"x")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        table_column(f"{tmp_path}/s.parquet", "g")


def test_only_tables_have_columns(tmp_path):
    np.save(tmp_path / "s.npy", np.eye(2))
    assert table_column(f"{tmp_path}/s.npy", "g") is None
    assert table_column(str(tmp_path), "g") is None
