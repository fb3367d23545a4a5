"""Complex symbols and real numbers are the same thing, told two ways."""

import pytest
import torch

from jscgc_model.shapes import to_complex, to_reals
from jscgc_theory.errors import InputError


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_round_trip(dtype):
    reals = torch.randn(3, 10, dtype=dtype, generator=torch.Generator().manual_seed(0))
    symbols = to_complex(reals)
    assert symbols.shape == (3, 5)
    assert symbols[1, 2] == torch.complex(reals[1, 4], reals[1, 5])
    torch.testing.assert_close(to_reals(symbols), reals, rtol=0, atol=0)


def test_half_precision_is_widened():
    assert to_complex(torch.ones(2, 4, dtype=torch.bfloat16)).dtype == torch.complex64


def test_an_odd_number_of_values_is_refused():
    with pytest.raises(InputError, match="5 real values make no whole number"):
        to_complex(torch.ones(2, 5))
