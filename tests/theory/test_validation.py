import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory import validation
from jscgc_theory.errors import InputError
from tests.strategies import point_clouds


@given(points=point_clouds())
def test_a_good_cloud_passes_unchanged(points):
    assert validation.check_points(points) is points


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("uint8", np.float32),
        ("int16", np.float32),
        ("float16", np.float32),
        ("bool", np.float32),
        ("float32", np.float32),
        ("int32", np.float64),
        ("int64", np.float64),
        ("float64", np.float64),
        (">f8", np.float64),
        ("longdouble", np.float64),
    ],
)
def test_numbers_keep_their_value_in_a_float_that_holds_them(dtype, expected):
    array = np.array([[0, 1], [1, 0]], dtype=dtype)
    checked = validation.check_points(array)
    assert checked.dtype == expected
    np.testing.assert_array_equal(checked, array)


def test_lists_and_images_become_matrices():
    assert validation.check_points([[1, 2], [3, 4]]).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    images = np.arange(24.0).reshape(2, 3, 2, 2)
    np.testing.assert_array_equal(validation.check_points(images), images.reshape(2, 12))


def test_a_memory_mapped_file_is_not_copied(tmp_path):
    np.save(tmp_path / "points.npy", np.eye(4))
    mapped = np.load(tmp_path / "points.npy", mmap_mode="r")
    assert validation.check_points(mapped) is mapped


class Matrix(np.ndarray):
    """Stands for np.matrix, which redefines multiplication."""


def test_array_subclasses_become_plain_arrays():
    assert type(validation.check_points(np.eye(2).view(Matrix))) is np.ndarray


class GpuTensor:
    """Stands for a tensor whose memory NumPy cannot read."""

    def __array__(self, dtype=None, copy=None):
        raise TypeError("can't convert cuda:0 device type tensor to numpy")


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        pytest.param([[1.0, 2.0], [3.0]], "points is ragged", id="ragged"),
        pytest.param(GpuTensor(), "points cannot be read: can't convert cuda:0", id="gpu tensor"),
        pytest.param(
            np.ma.masked_equal([[1.0, 2.0], [3.0, 4.0]], 4.0), "masked entries", id="masked"
        ),
        pytest.param(np.ones((2, 2), dtype=complex), "points is complex", id="complex"),
        pytest.param([["a", "b"], ["c", "d"]], "dtype <U1", id="text"),
        pytest.param([[1.0, None], [2.0, 3.0]], "dtype object", id="none"),
        pytest.param(np.zeros((2, 2), dtype="datetime64[s]"), "dtype datetime64", id="dates"),
        pytest.param(3.0, r"shape \(\)", id="scalar"),
        pytest.param([1.0, 2.0, 3.0], r"shape \(3,\).*reshape\(-1, 1\)", id="one-dimensional"),
        pytest.param(np.zeros((3, 0)), "no columns", id="no columns"),
        pytest.param(np.zeros((3, 0, 4)), "no columns", id="empty images"),
        pytest.param(np.zeros((0, 3)), "has 0 rows; at least 2", id="no rows"),
        pytest.param([[1.0, 2.0]], "has 1 rows; at least 2", id="one row"),
        pytest.param([[1.0, math.nan], [2.0, 3.0]], "nan at row 0, column 1", id="nan"),
        pytest.param([[1.0, 2.0], [-math.inf, 3.0]], "-inf at row 1, column 0", id="inf"),
    ],
)
def test_a_bad_cloud_is_refused_in_one_line(points, problem):
    with pytest.raises(InputError, match=problem) as caught:
        validation.check_points(points)
    assert "\n" not in str(caught.value)


def test_a_nan_far_down_is_found_at_its_row():
    points = np.zeros((20_000, 2), dtype=np.float32)
    points[19_999, 1] = np.nan
    with pytest.raises(InputError, match="row 19999, column 1"):
        validation.check_points(points, name="data")


def test_the_least_number_of_rows_is_the_callers():
    with pytest.raises(InputError, match="data has 3 rows; at least 4"):
        validation.check_points(np.eye(3), name="data", min_points=4)


def test_pairs_must_agree_in_shape():
    first, second = validation.check_paired([[1, 2]], [[3.0, 4.0]])
    assert first.tolist() == [[1.0, 2.0]]
    assert second.tolist() == [[3.0, 4.0]]
    with pytest.raises(InputError, match=r"source has shape \(2, 2\) but generated has \(3, 2\)"):
        validation.check_paired(np.zeros((2, 2)), np.zeros((3, 2)))
    with pytest.raises(InputError, match="generated holds nan"):
        validation.check_paired(np.zeros((1, 1)), [[math.nan]])


@given(value=st.floats(0.0, 1.0, exclude_min=True, exclude_max=True))
def test_probabilities_inside_pass(value):
    assert validation.check_probability(value) == value


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 1.5])
def test_probabilities_outside_are_refused(value):
    with pytest.raises(InputError, match=rf"outage_probability = {value:g} is outside \(0, 1\)"):
        validation.check_probability(value)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (math.nan, "nan is not finite"),
        (math.inf, "inf is not finite"),
        ("many", "'many' is not a number"),
        (None, "None is not a number"),
        (1j, "1j is not a number"),
        (np.zeros((9, 9)), "is not a number"),
        pytest.param(10**400, "too large for a float", id="huge"),
    ],
)
def test_what_is_no_finite_number_is_refused_in_one_line(value, problem):
    for check in (
        validation.check_finite_number,
        validation.check_probability,
        validation.check_nonnegative,
        validation.check_positive,
        validation.check_count,
    ):
        with pytest.raises(InputError, match=f"setting.* {problem}") as caught:
            check(value, name="setting")
        assert "\n" not in str(caught.value)


def test_signs_are_checked():
    assert validation.check_nonnegative(0.0, name="mi_bits") == 0.0
    assert validation.check_positive(1e-300, name="scale") == 1e-300
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        validation.check_nonnegative(-1.0, name="mi_bits")
    for value in (0.0, -2.0):
        with pytest.raises(InputError, match=f"scale = {value:g} is not positive"):
            validation.check_positive(value, name="scale")


def test_counts_are_whole_and_large_enough():
    assert validation.check_count(np.int64(3), name="k") == 3
    assert type(validation.check_count(3.0, name="k")) is int
    with pytest.raises(InputError, match=r"k = 2\.5 is not a whole number"):
        validation.check_count(2.5, name="k")
    with pytest.raises(InputError, match="k = 0 is too small; give at least 1"):
        validation.check_count(0, name="k")
    with pytest.raises(InputError, match="k = 3 is too small; give at least 4"):
        validation.check_count(3, name="k", minimum=4)


def test_one_number_or_several_become_a_tuple():
    assert validation.check_number_list(3, name="snr_db") == (3.0,)
    assert validation.check_number_list([1, 2.5], name="snr_db") == (1.0, 2.5)
    assert validation.check_number_list(np.array([1.0, 2.0]), name="snr_db") == (1.0, 2.0)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ([], "snr_db is empty"),
        ([1.0, math.nan], "snr_db = nan is not finite"),
        ([1.0, "x"], "snr_db = 'x' is not a number"),
        ([[1.0, 2.0], [3.0]], "is not a number"),
        (None, "snr_db = None is not a number"),
    ],
)
def test_lists_of_numbers_are_refused_by_entry(values, problem):
    with pytest.raises(InputError, match=problem):
        validation.check_number_list(values, name="snr_db")


def test_a_generator_is_used_as_it_is():
    rng = np.random.default_rng(5)
    assert validation.as_generator(rng) is rng


def test_a_seed_gives_the_same_stream_each_time():
    assert validation.as_generator(7).random() == np.random.default_rng(7).random()
    assert validation.as_generator(np.int64(7)).random() == np.random.default_rng(7).random()
    assert validation.as_generator(None).random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("rng", [True, 1.5, "seed", np.random.RandomState(0)])
def test_what_is_no_generator_is_refused(rng):
    with pytest.raises(InputError, match="neither a numpy Generator nor a seed"):
        validation.as_generator(rng)


def test_a_seed_is_not_negative():
    with pytest.raises(InputError, match="seed = -1 is too small"):
        validation.as_generator(-1)
