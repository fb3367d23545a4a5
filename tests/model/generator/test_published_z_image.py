"""Published weights: read as diffusers writes them, saved by where they lie."""

import pytest
import torch
from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

from jscgc_model.generator import ZImageSizes
from jscgc_model.generator.captions import (
    embed_empty_prompt,
    read_caption,
    store_caption_file,
)
from jscgc_model.generator.published_z_image import PublishedZImage, read_z_image
from jscgc_model.generator.z_image_backbone import ZImageBackbone
from jscgc_theory.errors import InputError

SIZES = ZImageSizes(in_channels=4, patch_size=2, dim=32, n_layers=2, n_refiner_layers=1)


def published(folder, sizes=SIZES, **options):
    """Write weights as they are published and return them."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        transformer = ZImageTransformer2DModel(**sizes.transformer_config())
        torch.nn.init.normal_(transformer.cap_pad_token)
    transformer.save_pretrained(folder / "transformer", **options)
    return transformer


def inputs():
    noisy = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    return noisy, torch.tensor([0.25, 0.75])


def test_shards_are_read(tmp_path):
    published(tmp_path, max_shard_size="100KB")
    assert len(list((tmp_path / "transformer").glob("*.safetensors"))) > 1
    read = read_z_image(str(tmp_path), SIZES, torch.float32)
    whole = tmp_path / "whole"
    published(whole)
    noisy, time = inputs()
    expected = ZImageBackbone.from_z_image(str(whole), dtype=torch.float32)
    assert torch.equal(read(noisy, time), expected(noisy, time))
    assert not any(one.requires_grad for one in read.parameters())


def test_a_bare_transformer_is_read_too(tmp_path):
    published(tmp_path)
    bare = read_z_image(str(tmp_path / "transformer"), SIZES, torch.bfloat16)
    assert bare.transformer.dtype == torch.bfloat16


def test_half_precision_is_near_single(tmp_path):
    published(tmp_path)
    half, single = (
        read_z_image(str(tmp_path), SIZES, dtype)(*inputs())
        for dtype in (torch.bfloat16, torch.float32)
    )
    assert half.dtype == torch.float32
    # bfloat16 keeps 8 bits; errors of some ten rounded layers add up at random.
    assert (half - single).square().mean().sqrt() < 0.02 * single.square().mean().sqrt()
    assert not torch.equal(half, single)


def test_a_frozen_backbone_is_saved_by_where_its_weights_lie(tmp_path):
    published(tmp_path)
    model = read_z_image(str(tmp_path), SIZES, torch.float32)
    model.store_caption(torch.ones(5, 8))
    model.save_pretrained(tmp_path / "saved")
    files = {file.name: file.stat().st_size for file in (tmp_path / "saved").iterdir()}
    assert files.keys() == {"config.json", "caption.safetensors"}
    assert sum(files.values()) < 4000
    again = PublishedZImage.from_pretrained(tmp_path / "saved")
    assert torch.equal(again(*inputs()), model(*inputs()))


def test_a_thawed_backbone_is_saved_whole(tmp_path):
    published(tmp_path)
    model = read_z_image(str(tmp_path), SIZES, torch.float32)
    model.set_trainable(True)
    with torch.no_grad():
        model.transformer.layers[0].attention.to_q.weight.mul_(2.0)
    model.save_pretrained(tmp_path / "saved")
    again = PublishedZImage.from_pretrained(tmp_path / "saved")
    assert torch.equal(again(*inputs()), model(*inputs()))


@pytest.mark.parametrize("change", [{"dim": 64}, {"n_layers": 3}, {"caption_dim": 16}])
def test_other_sizes_are_refused(tmp_path, change):
    published(tmp_path, ZImageSizes(**{**vars(SIZES), **change}))
    with pytest.raises(InputError, match="give its sizes in the architecture"):
        read_z_image(str(tmp_path), SIZES, torch.float32)


def test_no_weights_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read as Z-Image"):
        read_z_image(str(tmp_path / "nowhere"), SIZES, torch.float32)


def text_encoder(folder):
    """Write a small text encoder and its tokenizer as Z-Image's pipeline holds them."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {"<pad>": 0, "<unk>": 1, "user": 2, "assistant": 3}
    inner = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", unk_token="<unk>"
    )
    tokenizer.chat_template = (
        "{% for one in messages %}user {{ one.content }} {% endfor %}assistant"
    )
    tokenizer.save_pretrained(folder / "tokenizer")
    config = Qwen3Config(
        vocab_size=len(words), hidden_size=8, intermediate_size=16, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, head_dim=4,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = Qwen3Model(config)
    encoder.save_pretrained(folder / "text_encoder")
    return encoder.eval()


def test_the_empty_prompt_is_embedded_as_the_pipeline_does(tmp_path):
    encoder = text_encoder(tmp_path)
    found = embed_empty_prompt(str(tmp_path), dtype=torch.float32)
    with torch.no_grad():
        said = encoder(torch.tensor([[2, 3]]), output_hidden_states=True).hidden_states[-2][0]
    torch.testing.assert_close(found, said, rtol=1e-5, atol=1e-6)
    store_caption_file(found, tmp_path / "caption.safetensors")
    assert torch.equal(read_caption(tmp_path / "caption.safetensors"), found)


def test_without_a_text_encoder_there_is_no_caption(tmp_path):
    with pytest.raises(InputError, match="holds no text encoder"):
        embed_empty_prompt(str(tmp_path))


def test_files_without_a_caption_are_refused(tmp_path):
    from safetensors.torch import save_file

    path = tmp_path / "caption.safetensors"
    with pytest.raises(InputError, match="cannot be read as a caption"):
        read_caption(path)
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read as a caption"):
        read_caption(path)
    save_file({"other": torch.zeros(2, 3)}, path)
    with pytest.raises(InputError, match="holds no table named 'caption'"):
        read_caption(path)
