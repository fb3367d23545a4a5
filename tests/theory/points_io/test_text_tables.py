"""Text tables: what is detected, and what is refused by line number."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jscgc_theory.errors import InputError
from jscgc_theory.points_io import load_points

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def load_text(folder: Path, text: str, **options):
    path = folder / "table.csv"
    path.write_bytes(text.encode())
    return load_points(path, **options)


@given(
    cloud=arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(1, 4)), elements=FINITE),
    delimiter=st.sampled_from([",", ";", "\t", " ", ", "]),
    header=st.booleans(),
)
def test_round_trip(tmp_path_factory, cloud, delimiter, header):
    lines = [delimiter.join(repr(float(cell)) for cell in row) for row in cloud]
    if header:
        lines.insert(0, delimiter.join(f"x{index}" for index in range(cloud.shape[1])))
    folder = tmp_path_factory.mktemp("csv")
    loaded = load_text(folder, "\n".join(lines) + "\n")
    np.testing.assert_allclose(loaded.array, cloud, rtol=1e-15, atol=0.0)
    assert loaded.details["header"] == header


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("\ufeffa,b\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("# made by numpy\n# a b\n1 2\n3 4\n", [[1, 2], [3, 4]]),
        ("1,5;2\n3;4,25\n", [[1.5, 2], [3, 4.25]]),
        ("a;b\n1.5;2\n3;4\n", [[1.5, 2], [3, 4]]),
        ('"a","b"\n"1","2"\n"3","4"\n', [[1, 2], [3, 4]]),
        ("  1   2\n 3  4\n", [[1, 2], [3, 4]]),
        ("1,2\r\n3,4\r\n\r\n", [[1, 2], [3, 4]]),
        ("0,1\n0.5,2.5\n3,4\n", [[0.5, 2.5], [3, 4]]),
        ("0,1\n1,0\n3,4\n", [[0, 1], [1, 0], [3, 4]]),
        ("1e-3,-2\n+3,4E2\n", [[0.001, -2], [3, 400]]),
        ("7\n8\n9\n", [[7], [8], [9]]),
    ],
)
def test_dialects(tmp_path, text, expected):
    np.testing.assert_array_equal(load_text(tmp_path, text).array, np.array(expected, float))


def test_row_index_of_pandas_is_no_coordinate(tmp_path):
    loaded = load_text(tmp_path, ",x,y\n0,1.5,2\n1,3,4\n")
    np.testing.assert_array_equal(loaded.array, [[1.5, 2], [3, 4]])
    assert [notice.code for notice in loaded.notices] == ["index_column_ignored"]


def test_named_columns_are_left_out(tmp_path):
    loaded = load_text(tmp_path, "x,who,y\n1,anna,2\n3,ben,4\n", exclude=("who",))
    np.testing.assert_array_equal(loaded.array, [[1, 2], [3, 4]])
    assert loaded.details["columns_left_out"] == ["who"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2\n3,4\n5\n", "line 3 has 1 cells where the first line has 2"),
        ("a,b\n1,2\n\n3,4,5\n", "line 4 has 3 cells"),
        ("1 2\n3 4 5\n", "line 2 has 3 cells"),
        ("a,b\n1,2\n3,cat\n", "line 3, column 'b' holds 'cat'"),
        ("1,2\n3,\n", "line 2, column '2' is empty"),
        ("1,2\n3,nan\n", "line 2, column '2' holds 'nan'"),
        ("nan,2\n3,4\n", "line 1, column '1' holds 'nan'"),
        ("1,2\n3,-inf\n", "line 2, column '2' holds '-inf'"),
        ("1,2\n3,1e999\n", "line 2, column '2' holds '1e999'"),
        ("x,who\n1,anna\n2,ben\n", "column 'who' holds 'anna'"),
        ("a,b\n", "has a header but no rows"),
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("# only a remark\n", "is empty"),
        ("1,2\0\n3,4\n", "is a binary file"),
        ("1,2\n", "has 1 rows; at least 2"),
    ],
)
def test_refusals_name_the_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        load_text(tmp_path, text)


def test_other_encodings_are_refused(tmp_path):
    (tmp_path / "x.csv").write_bytes("größe,b\n1,2\n".encode("latin-1"))
    with pytest.raises(InputError, match="is not UTF-8 text"):
        load_points(tmp_path / "x.csv")


def test_leaving_out_every_column_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"has no coordinate columns \(it has a\)"):
        load_text(tmp_path, "a\n1\n2\n", exclude=("a",))
