import pytest
import torch

from jscgc_model.adapter import AdapterSettings
from jscgc_model.adapter.communication_adapter import CommunicationAdapter
from jscgc_theory.errors import InputError

BLOCKS = pytest.mark.parametrize("block", ["s3_dit", "local"])


def settings(**changes):
    sizes = {
        "n_features": 3,
        "symbols_per_token": 2,
        "noisy_channels": 1,
        "patch_size": 4,
        "layers": (0, 2, 3),
        "backbone_dim": 24,
        "dim": 16,
        "n_heads": 2,
        "n_refiner_blocks": 1,
        "max_grid": 16,
    }
    return AdapterSettings(**(sizes | changes))


def inputs(height=16, width=8, batch=3):
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(batch, height * width // 8, 3, generator=generator)
    noisy = torch.randn(batch, 1, height, width, generator=generator)
    return features, noisy, torch.rand(batch, generator=generator)


@BLOCKS
@pytest.mark.parametrize(("height", "width"), [(16, 8), (8, 16), (4, 4)])
@pytest.mark.parametrize("n_refiner_blocks", [0, 2])
@pytest.mark.parametrize("layers", [(0,), (0, 5, 10, 15, 20, 25)])
def test_each_injection_layer_gets_a_residual(block, height, width, n_refiner_blocks, layers):
    chosen = settings(block=block, n_refiner_blocks=n_refiner_blocks, layers=layers)
    residuals = CommunicationAdapter(chosen)(*inputs(height, width))
    assert tuple(residuals) == layers
    assert all(one.shape == (3, height * width // 16, 24) for one in residuals.values())


@BLOCKS
def test_the_encoder_has_a_gradient_at_the_first_step(block):
    features, noisy, time = inputs()
    adapter = CommunicationAdapter(settings(block=block))
    for layer in (0, 2, 3):
        leaf = features.clone().requires_grad_()
        adapter(leaf, noisy, time)[layer].square().sum().backward()
        assert leaf.grad.abs().min() > 1e-6


@BLOCKS
def test_residuals_begin_small_but_not_at_zero(block):
    residuals = CommunicationAdapter(settings(block=block))(*inputs())
    for residual in residuals.values():
        assert 0.05 < residual.square().mean().sqrt() < 0.2


@BLOCKS
@pytest.mark.parametrize("position", [0, 1, 2], ids=["features", "noisy", "time"])
def test_signal_points_and_time_are_all_seen(block, position):
    changed = list(inputs())
    adapter = CommunicationAdapter(settings(block=block))
    before = adapter(*changed)
    changed[position] = 0.5 * changed[position]
    after = adapter(*changed)
    assert all(not torch.equal(before[layer], after[layer]) for layer in before)


@BLOCKS
def test_the_refiner_sees_the_received_signal_alone(block):
    features, noisy, time = inputs()
    adapter = CommunicationAdapter(settings(block=block))
    seen = []
    adapter.refiner[0].register_forward_hook(lambda *a: seen.append(a[2]))
    adapter(features, noisy, time)
    adapter(features, -noisy, 0.5 * time)
    assert torch.equal(*seen)


@BLOCKS
def test_symbols_reach_the_token_they_belong_to(block):
    features, noisy, time = inputs(16, 16)
    adapter = CommunicationAdapter(settings(block=block, n_refiner_blocks=0, layers=(0,)))
    changed = features.clone()
    changed[:, 12:14] += 1.0  # both symbols of token 6, row 1 and column 2 of a 4 x 4 grid
    difference = (adapter(changed, noisy, time)[0] - adapter(features, noisy, time)[0]).norm(dim=2)
    assert torch.equal(difference.argmax(dim=1), torch.full((3,), 6))


@BLOCKS
def test_samples_do_not_see_each_other(block):
    features, noisy, time = inputs(batch=4)
    adapter = CommunicationAdapter(settings(block=block)).double()
    whole = adapter(features.double(), noisy.double(), time.double())
    alone = adapter(features[:1].double(), noisy[:1].double(), time[:1].double())
    torch.testing.assert_close(whole[3][:1], alone[3], rtol=1e-5, atol=1e-7)


@BLOCKS
def test_every_weight_is_used(block):
    adapter = CommunicationAdapter(settings(block=block))
    sum(one.square().sum() for one in adapter(*inputs()).values()).backward()
    assert all(one.grad is not None for one in adapter.parameters())


def test_the_defaults_are_the_size_of_the_paper():
    with torch.device("meta"):
        adapter = CommunicationAdapter(AdapterSettings())
    n_weights = sum(one.numel() for one in adapter.parameters())
    assert n_weights == pytest.approx(1.55e9, rel=0.02)


@BLOCKS
def test_recomputed_gradients_are_the_same_bit_for_bit(block):
    features, noisy, time = inputs()
    gradients = []
    for recomputes in (False, True):
        adapter = CommunicationAdapter(settings(block=block))
        calls = []
        adapter.blocks[0].register_forward_pre_hook(lambda *a, calls=calls: calls.append(1))
        if recomputes:
            adapter.enable_gradient_checkpointing()
        leaf = features.clone().requires_grad_()
        sum(one.square().sum() for one in adapter(leaf, noisy, time).values()).backward()
        assert len(calls) == 1 + recomputes
        gradients.append([leaf.grad, *(one.grad for one in adapter.parameters())])
    assert all(torch.equal(one, other) for one, other in zip(*gradients, strict=True))


@BLOCKS
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_adapter_weights_of_another_precision(block, dtype):
    adapter = CommunicationAdapter(settings(block=block))
    single = adapter(*inputs())
    other = adapter.to(dtype)(*inputs())
    atol = 0.02 if dtype == torch.bfloat16 else 1e-6
    for layer, residual in other.items():
        assert residual.dtype == dtype
        torch.testing.assert_close(residual.float(), single[layer], rtol=0.0, atol=atol)


@BLOCKS
def test_a_saved_adapter_comes_back_the_same(tmp_path, block):
    adapter = CommunicationAdapter(settings(block=block), seed=5)
    adapter.save_pretrained(tmp_path)
    loaded = CommunicationAdapter.from_pretrained(tmp_path)
    assert loaded.sizes == adapter.sizes
    before, after = adapter(*inputs()), loaded(*inputs())
    assert all(torch.equal(before[layer], after[layer]) for layer in before)


def test_the_seed_decides_the_weights_of_the_adapter():
    first, same, other = (CommunicationAdapter(settings(), seed=seed) for seed in (1, 1, 2))
    weights = [one.noisy_embedding.weight for one in (first, same, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_another_grid_is_refused():
    features, noisy, time = inputs()
    adapter = CommunicationAdapter(settings())
    with pytest.raises(InputError, match="15 symbols do not belong to 8 tokens of 2 symbols"):
        adapter(features[:, 1:], noisy, time)
    with pytest.raises(InputError, match="17 x 1 tokens are more than max_grid = 16"):
        adapter(torch.zeros(1, 34, 3), torch.zeros(1, 1, 68, 4), torch.zeros(1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": ()}, "not ascending layer numbers"),
        ({"layers": (1, 0)}, r"\(1, 0\) are not ascending"),
        ({"layers": (1, 1)}, "not ascending"),
        ({"layers": (-1, 1)}, "not ascending"),
        ({"dim": 18}, "heads of 9; make each a multiple of 4"),
        ({"block": "mlp"}, "'mlp' is unknown; choose .'s3_dit', 'local'"),
        ({"patch_size": 0}, "patch_size = 0 is too small"),
    ],
)
def test_adapter_settings_that_cannot_be_used_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        settings(**changes)
