import pytest
import torch
from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel

from jscgc_model.generator import ZImageSizes, check_layers
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_theory.errors import InputError

SIZES = ZImageSizes(patch_size=2, dim=32, n_layers=3, n_refiner_layers=1)


def backbone(is_padded, n_caption_rows=32, seed=3):
    return ZImageBackbone(
        SIZES.transformer_config(), n_caption_rows=n_caption_rows, is_padded=is_padded, seed=seed
    )


def inputs(height=16, width=8, batch=3):
    generator = torch.Generator().manual_seed(0)
    noisy = torch.randn(batch, 1, height, width, generator=generator)
    residual = torch.randn(batch, height * width // 4, 32, generator=generator)
    return noisy, torch.rand(batch, generator=generator), residual


KINDS = pytest.mark.parametrize(
    ("is_padded", "n_caption_rows"), [(True, 32), (True, 12), (False, 32), (False, 1), (False, 0)]
)


@KINDS
@pytest.mark.parametrize(("height", "width"), [(16, 8), (6, 10), (2, 2)])
def test_velocities_have_the_shape_of_the_points(is_padded, n_caption_rows, height, width):
    noisy, time, _ = inputs(height, width)
    velocity = backbone(is_padded, n_caption_rows)(noisy, time)
    assert velocity.shape == noisy.shape
    assert torch.isfinite(velocity).all()


def test_the_velocity_is_minus_what_z_image_says_at_one_minus_s():
    noisy, time, _ = inputs()
    model = backbone(is_padded=True)
    said = model.transformer(list(noisy[:, :, None]), 1.0 - time, [torch.zeros(32, 8)] * 3)
    assert torch.equal(model(noisy, time), -torch.stack(said.sample)[:, :, 0])


@pytest.mark.parametrize(("height", "width"), [(16, 8), (8, 16), (16, 16)])
@pytest.mark.parametrize("n_caption_rows", [32, 64])
def test_both_forwards_are_equal_bit_for_bit_where_nothing_is_padded(
    height, width, n_caption_rows
):
    noisy, time, residual = inputs(height, width)
    padded, pad_free = (backbone(kind, n_caption_rows) for kind in (True, False))
    caption = torch.randn(n_caption_rows, 8, generator=torch.Generator().manual_seed(1))
    for model in (padded, pad_free):
        model.store_caption(caption)
    assert torch.equal(padded(noisy, time), pad_free(noisy, time))
    residuals = {0: residual, 2: -residual}
    assert torch.equal(padded(noisy, time, residuals), pad_free(noisy, time, residuals))


@KINDS
def test_residuals_of_zero_are_no_residuals(is_padded, n_caption_rows):
    noisy, time, residual = inputs(6, 10)
    model = backbone(is_padded, n_caption_rows)
    zeros = dict.fromkeys(range(3), torch.zeros_like(residual))
    assert torch.equal(model(noisy, time, zeros), model(noisy, time))


@KINDS
@pytest.mark.parametrize("layer", range(3))
def test_a_residual_is_added_to_the_image_tokens_after_its_layer(is_padded, n_caption_rows, layer):
    noisy, time, residual = inputs(6, 10)
    model = backbone(is_padded, n_caption_rows)

    def add(module, arguments, hidden):
        added = hidden.clone()
        added[:, : residual.shape[1]] += residual
        return added

    found = model(noisy, time, {layer: residual})
    assert not torch.equal(found, model(noisy, time))
    handle = model.transformer.layers[layer].register_forward_hook(add)
    assert torch.equal(model(noisy, time), found)
    handle.remove()


@pytest.mark.parametrize("is_padded", [True, False])
def test_checkpointing_gives_the_same_gradients_bit_for_bit(is_padded):
    noisy, time, residual = inputs()
    gradients = []
    for recomputes in (False, True):
        model = backbone(is_padded)
        if recomputes:
            model.enable_gradient_checkpointing()
        leaf = residual.clone().requires_grad_()
        model(noisy, time, {0: leaf}).square().sum().backward()
        used = [one.grad for one in model.parameters() if one.requires_grad]
        gradients.append([leaf.grad, *used])
    assert all(torch.equal(one, other) for one, other in zip(*gradients, strict=True))


@pytest.mark.parametrize("is_padded", [True, False])
def test_checkpointing_recomputes_the_layers(is_padded):
    noisy, time, _ = inputs()
    model = backbone(is_padded)
    model.enable_gradient_checkpointing()
    calls = []
    model.transformer.layers[0].register_forward_pre_hook(lambda *_: calls.append(1))
    model(noisy, time).sum().backward()
    assert len(calls) == 2


@KINDS
def test_every_trainable_weight_has_a_gradient_of_sound_size(is_padded, n_caption_rows):
    noisy, time, _ = inputs(6, 10)
    model = backbone(is_padded, n_caption_rows)
    model(noisy, time).square().mean().backward()
    gradients = [one.grad for one in model.parameters() if one.requires_grad]
    assert all(gradient is not None for gradient in gradients)
    # With the shipped pad tokens of zeros the norm would be in the hundreds.
    assert torch.cat([gradient.flatten() for gradient in gradients]).norm() < 20.0


def test_a_frozen_backbone_passes_gradients_to_residuals():
    noisy, time, residual = inputs()
    model = backbone(is_padded=False)
    model.set_trainable(False)
    leaf = residual.requires_grad_()
    model(noisy, time, {1: leaf}).square().sum().backward()
    assert leaf.grad.abs().min() > 0.0
    assert all(one.grad is None for one in model.parameters())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
@pytest.mark.parametrize("is_padded", [True, False])
def test_weights_of_another_precision(is_padded, dtype):
    noisy, time, residual = inputs()
    model = backbone(is_padded)
    single = model(noisy, time, {0: residual})
    other = model.to(dtype)(noisy, time, {0: residual})
    assert other.dtype == noisy.dtype
    atol = 0.05 if dtype == torch.bfloat16 else 1e-5
    torch.testing.assert_close(other, single, rtol=0.0, atol=atol)


def test_the_seed_decides_the_weights():
    one, same, other = (backbone(is_padded=True, seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["transformer.x_pad_token"], other["transformer.x_pad_token"])


@KINDS
def test_a_saved_backbone_comes_back_the_same(tmp_path, is_padded, n_caption_rows):
    noisy, time, residual = inputs()
    model = backbone(is_padded, n_caption_rows)
    if n_caption_rows:
        model.store_caption(torch.full((5, 8), 0.5))
    model.save_pretrained(tmp_path)
    loaded = ZImageBackbone.from_pretrained(tmp_path)
    assert torch.equal(loaded(noisy, time, {1: residual}), model(noisy, time, {1: residual}))


def test_z_image_as_shipped_is_loaded_frozen(tmp_path):
    noisy, time, _ = inputs()
    with torch.random.fork_rng():
        shipped = ZImageTransformer2DModel(**SIZES.transformer_config())
    shipped.save_pretrained(tmp_path / "transformer")
    model = ZImageBackbone.from_z_image(str(tmp_path), dtype=torch.float32)
    said = shipped(list(noisy[:, :, None]), 1.0 - time, [torch.zeros(32, 8)] * 3).sample
    assert torch.equal(model(noisy, time), -torch.stack(said)[:, :, 0])
    assert not any(one.requires_grad for one in model.parameters())
    assert model.caption.shape == (32, 8)


def test_the_caption_is_heard():
    noisy, time, _ = inputs()
    model = backbone(is_padded=False)
    before = model(noisy, time)
    model.store_caption(torch.ones(3, 8))
    assert not torch.equal(model(noisy, time), before)


def test_the_default_of_the_tiny_sizes_sees_the_image_alone():
    model = ZImageBackbone.from_sizes(SIZES)
    lengths = []
    model.transformer.layers[0].register_forward_hook(lambda *a: lengths.append(a[2].shape[1]))
    noisy, time, _ = inputs(6, 10)
    model(noisy, time)
    assert lengths == [15]
    assert model.n_tokens((1, 6, 10)) == 15


@pytest.mark.parametrize("layer", [-1, 3])
def test_a_layer_that_does_not_exist_is_refused(layer):
    noisy, time, residual = inputs()
    with pytest.raises(InputError, match=rf"layers \[{layer}\].*layers 0 to 2"):
        backbone(is_padded=False)(noisy, time, {layer: residual})
    with pytest.raises(InputError, match="no layer"):
        check_layers([0, layer], 3)


def test_a_residual_of_another_shape_is_refused():
    noisy, time, residual = inputs()
    with pytest.raises(InputError, match=r"layer 0 has shape \(3, 31, 32\).*\(3, 32, 32\)"):
        backbone(is_padded=True)(noisy, time, {0: residual[:, 1:]})


@pytest.mark.parametrize(
    ("height", "width", "message"), [(5, 8, "patches of 2"), (8, 130, "4 x 65 tokens are more")]
)
def test_images_that_do_not_fit_are_refused(height, width, message):
    with pytest.raises(InputError, match=message):
        backbone(is_padded=False)(torch.zeros(1, 1, height, width), torch.zeros(1))


def test_captions_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="n_caption_rows = 0 is too small"):
        backbone(is_padded=True, n_caption_rows=0)
    with pytest.raises(InputError, match=r"\(32, 9\); give at least one row of 8"):
        backbone(is_padded=True).store_caption(torch.zeros(32, 9))
    with pytest.raises(InputError, match="caption of 129 rows"):
        backbone(is_padded=False, n_caption_rows=129)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [({"dim": 40, "n_heads": 2}, "heads of 20; make each a multiple of 16"), ({"dim": 0}, "dim")],
)
def test_sizes_that_cannot_be_built_are_refused(sizes, message):
    with pytest.raises(InputError, match=message):
        ZImageSizes(**sizes)
