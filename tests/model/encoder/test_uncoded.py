"""Vectors sent as they are: power, layout, and the SNR of a real dimension."""

import pytest
import torch

from jscgc_model.encoder.uncoded import UncodedEncoder
from jscgc_theory.errors import InputError


@pytest.mark.parametrize("n_values", [1, 4, 5])
def test_numbers_are_neighbours_of_half_the_power(n_values):
    x = torch.randn(7, n_values, generator=torch.Generator().manual_seed(0))
    symbols = UncodedEncoder(n_values)(x, torch.zeros(7))
    assert symbols.shape == (7, (n_values + 1) // 2)
    reals = torch.view_as_real(symbols).flatten(1)
    torch.testing.assert_close(reals[:, :n_values], x / 2**0.5)
    assert not reals[:, n_values:].any()


def test_other_lengths_are_refused():
    with pytest.raises(InputError, match="vectors of 3 numbers do not fit an encoder of 4"):
        UncodedEncoder(4)(torch.zeros(2, 3), torch.zeros(2))
    with pytest.raises(InputError, match="n_values"):
        UncodedEncoder(0)


def test_it_is_saved_and_loaded(tmp_path):
    UncodedEncoder(5).save_pretrained(tmp_path)
    loaded = UncodedEncoder.from_pretrained(tmp_path)
    x = torch.randn(2, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(loaded(x, x[:, 0]), UncodedEncoder(5)(x, x[:, 0]), rtol=0, atol=0)
    assert not any(one.requires_grad for one in loaded.parameters())
