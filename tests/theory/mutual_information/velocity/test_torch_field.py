"""A torch module answers as the NumPy field it wraps."""

import builtins

import numpy as np
import pytest

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.mutual_information.velocity import torch_velocity_field, velocity_gap


def test_batches_dtype_and_condition():
    import torch

    class Module(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.tensor(2.0))
            self.n_rows = []

        def forward(self, x_t, t, y_hat):
            assert x_t.dtype == torch.float64
            assert not torch.is_grad_enabled()
            self.n_rows.append(len(x_t))
            added = 0.0 if y_hat is None else y_hat
            return self.scale * x_t + t[:, None] + added

    module = Module()
    field = torch_velocity_field(module, dtype=torch.float64, batch_size=8)
    rng = np.random.default_rng(0)
    x_t, t, y_hat = rng.standard_normal((20, 3)), rng.random(20), rng.standard_normal((20, 1))
    assert field(x_t, t, None) == pytest.approx(2.0 * x_t + t[:, None])
    assert field(x_t, t, y_hat) == pytest.approx(2.0 * x_t + t[:, None] + y_hat)
    assert module.n_rows == [8, 8, 4] * 2


def test_a_plain_function_serves_too():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 1))
    field = torch_velocity_field(lambda x_t, t, y_hat: 0.0 * x_t)
    assert velocity_gap(field, x, x, rng=rng, n_draws=4).squared_form_bits.value == 0.0


def test_a_batch_needs_a_row():
    with pytest.raises(InputError, match="batch_size = 0 is too small"):
        torch_velocity_field(lambda x_t, t, y_hat: x_t, batch_size=0)


def test_without_torch_the_extra_is_named(monkeypatch):
    real_import = builtins.__import__

    def no_torch(name, *args, **kwargs):
        if name == "torch":
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_torch)
    with pytest.raises(MissingExtraError, match="jscgc\\[model\\]"):
        torch_velocity_field(lambda x_t, t, y_hat: x_t)
