"""Pairs at the door: what is refused, what is settled, what is kept."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.paired_sample import MIN_PAIRS, PairedSample


def pairs(n=50, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, 2)), rng.standard_normal((n, 3))


class TestWhatIsKept:
    def test_shapes(self):
        sample = PairedSample.from_arrays(*pairs())
        assert (sample.n_pairs, sample.x_dim, sample.y_dim) == (50, 2, 3)
        assert sample.notices == ()

    def test_a_list_is_a_column(self):
        x, y = pairs()
        sample = PairedSample.from_arrays(x[:, 0], list(y[:, 0]))
        assert sample.x.shape == sample.y.shape == (50, 1)

    def test_complex_columns_are_real_parts_then_imaginary_parts(self):
        x, _ = pairs()
        symbols = x[:, :1] + 1j * x[:, 1:]
        np.testing.assert_array_equal(PairedSample.from_arrays(symbols, x).x, x)

    def test_repeated_pairs_are_dropped_and_counted(self):
        x, y = pairs()
        doubled = PairedSample.from_arrays(np.vstack([x, x[:7]]), np.vstack([y, y[:7]]))
        assert doubled.n_duplicates == 7
        assert [notice.code for notice in doubled.notices] == ["duplicates_dropped"]
        np.testing.assert_array_equal(doubled.x, x)

    def test_equal_x_with_unequal_y_are_no_repetition(self):
        _, y = pairs()
        levels = np.arange(50.0)[:, None] % 4
        assert PairedSample.from_arrays(levels, y).n_duplicates == 0

    def test_split_keeps_every_pair_once(self):
        sample = PairedSample.from_arrays(*pairs())
        first, second = sample.split(0.3, np.random.default_rng(1))
        assert (first.n_pairs, second.n_pairs) == (15, 35)
        together = np.vstack([np.hstack([part.x, part.y]) for part in (first, second)])
        whole = np.hstack([sample.x, sample.y])
        np.testing.assert_array_equal(together[np.lexsort(together.T)], whole[np.lexsort(whole.T)])


class TestWhatIsRefused:
    def test_lengths(self):
        x, y = pairs()
        with pytest.raises(InputError, match="x has 50 rows but y has 49; rows must pair up"):
            PairedSample.from_arrays(x, y[:-1])

    @pytest.mark.parametrize("name", ["x", "y"])
    def test_constants(self, name):
        x, y = pairs()
        clouds = {"x": x, "y": y} | {name: np.ones((50, 2))}
        with pytest.raises(InputError, match=f"every row of {name} is the same"):
            PairedSample.from_arrays(clouds["x"], clouds["y"])

    def test_too_few(self):
        x, y = pairs(MIN_PAIRS - 1)
        with pytest.raises(InputError, match="19 pairs hold only 19 distinct ones, 20 are needed"):
            PairedSample.from_arrays(x, y)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_not_finite(self, value):
        x, y = pairs()
        y[3, 1] = value
        with pytest.raises(InputError, match=r"y holds .* at row 3, column 1"):
            PairedSample.from_arrays(x, y)

    def test_words(self):
        with pytest.raises(InputError, match="x"):
            PairedSample.from_arrays(["a"] * 30, np.arange(30.0))
