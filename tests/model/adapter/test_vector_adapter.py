import pytest
import torch

from jscgc_model.adapter import VectorAdapterSettings
from jscgc_model.adapter.vector_adapter import VectorAdapter
from jscgc_theory.errors import InputError

SIZES = VectorAdapterSettings(n_symbols=4, n_values=3, layers=(0, 2), backbone_dim=24, dim=16)


def inputs():
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(5, 4, 3, generator=generator)
    return features, torch.randn(5, 3, generator=generator), torch.rand(5, generator=generator)


def test_each_injection_layer_gets_one_token():
    residuals = VectorAdapter(SIZES)(*inputs())
    assert tuple(residuals) == (0, 2)
    for residual in residuals.values():
        assert residual.shape == (5, 1, 24)
        assert 0.05 < residual.square().mean().sqrt() < 0.2


def test_the_encoder_has_a_gradient_from_each_residual_at_the_first_step():
    features, noisy, time = inputs()
    for layer in (0, 2):
        leaf = features.clone().requires_grad_()
        VectorAdapter(SIZES)(leaf, noisy, time)[layer].square().sum().backward()
        assert leaf.grad.abs().min() > 1e-6


@pytest.mark.parametrize("position", [0, 1, 2], ids=["features", "noisy", "time"])
def test_signal_vector_and_time_are_all_seen(position):
    changed = list(inputs())
    adapter = VectorAdapter(SIZES)
    before = adapter(*changed)
    changed[position] = 0.5 * changed[position]
    after = adapter(*changed)
    assert all(not torch.equal(before[layer], after[layer]) for layer in before)


def test_every_weight_of_the_vector_adapter_is_used():
    adapter = VectorAdapter(SIZES)
    sum(one.square().sum() for one in adapter(*inputs()).values()).backward()
    assert all(one.grad is not None for one in adapter.parameters())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_vector_adapter_weights_of_another_precision(dtype):
    adapter = VectorAdapter(SIZES)
    single = adapter(*inputs())
    other = adapter.to(dtype)(*inputs())
    atol = 0.02 if dtype == torch.bfloat16 else 1e-6
    for layer, residual in other.items():
        assert residual.dtype == dtype
        torch.testing.assert_close(residual.float(), single[layer], rtol=0.0, atol=atol)


def test_a_saved_vector_adapter_comes_back_the_same(tmp_path):
    adapter = VectorAdapter(SIZES, seed=3)
    adapter.save_pretrained(tmp_path)
    loaded = VectorAdapter.from_pretrained(tmp_path)
    assert loaded.sizes == SIZES
    before, after = adapter(*inputs()), loaded(*inputs())
    assert all(torch.equal(before[layer], after[layer]) for layer in before)
    other = VectorAdapter(SIZES, seed=4)(*inputs())
    assert not torch.equal(other[0], before[0])


def test_features_of_another_shape_are_refused():
    features, noisy, time = inputs()
    with pytest.raises(InputError, match=r"\(5, 3, 3\); the adapter was made for \(batch, 4, 3\)"):
        VectorAdapter(SIZES)(features[:, 1:], noisy, time)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"layers": (2, 0)}, r"\(2, 0\) are not ascending"), ({"dim": 0}, "dim = 0 is too small")],
)
def test_vector_adapter_settings_that_cannot_be_used_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        VectorAdapterSettings(**({"n_symbols": 4, "n_values": 3} | changes))
