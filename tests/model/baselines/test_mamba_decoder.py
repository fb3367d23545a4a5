"""The decoder of MambaJSCC mirrors the encoder."""

import numpy as np
import pytest
import torch

from jscgc_model.baselines.mamba_jscc import MambaDecoder
from jscgc_model.baselines.mamba_jscc.patch_splitting import PatchSplitting
from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_model.encoder.patch_merging import PatchMerging
from jscgc_theory.errors import InputError
from tests.model.baselines.reconstruction_cases import built, seeded

PUBLISHED_PARAMETERS = 11_689_400


def random_features(n_symbols, n_features=3, n=2):
    return torch.randn(n, n_symbols, n_features, generator=seeded(3))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_splitting_lays_a_token_out_over_its_square(size):
    dim, next_dim = 5, 4
    split = built(PatchSplitting, dim, next_dim, size)
    tokens = torch.randn(2, 3, 2, dim, generator=seeded())
    found = split(tokens)
    assert found.shape == (2, 3 * size, 2 * size, next_dim)
    for row, column in np.ndindex(3 * size, 2 * size):
        token = split.norm(tokens[:, row // size, column // size])
        place = (row % size) * size + column % size
        weights = split.project.weight[place * next_dim : (place + 1) * next_dim]
        torch.testing.assert_close(found[:, row, column], token @ weights.T)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_merging_takes_up_the_order_of_splitting(size):
    """With identities for maps, a grid that was split and is merged is as it was."""
    whole = size * size * 4
    split, merge = built(PatchSplitting, whole, 4, size), built(PatchMerging, 4, whole, size)
    for one in (split, merge):
        torch.nn.init.eye_(one.project.weight)
    split.norm = merge.norm = torch.nn.Identity()
    tokens = torch.randn(2, 3, 5, whole, generator=seeded())
    assert merge(split(tokens)).equal(tokens)


@pytest.mark.parametrize(
    ("patch_size", "merge_sizes", "sides"),
    [(2, (3, 1), (12, 18)), (1, (3, 2), (6, 12)), (3, (1, 3), (9, 18)), (4, (1, 1), (8, 4))],
)
def test_a_decoder_has_its_encoders_shapes_in_reverse(patch_size, merge_sizes, sides):
    sizes = {
        "patch_size": patch_size,
        "dims": (16, 32, 48),
        "depths": (1, 2, 1),
        "merge_sizes": merge_sizes,
        "symbols_per_token": 3,
    }
    encoder = built(MambaEncoder, in_channels=2, **sizes)
    decoder = built(MambaDecoder, out_channels=2, scan="ssd", **sizes)
    seen = {"encoder": [], "decoder": []}
    for name, network in (("encoder", encoder), ("decoder", decoder)):
        for stage in network.stages:
            stage.register_forward_hook(
                lambda module, arguments, found, shapes=seen[name]: shapes.append(found.shape)
            )
    images = torch.rand(2, 2, *sides, generator=seeded())
    symbols = encoder(images, torch.zeros(2))
    assert decoder(random_features(symbols.shape[1]), *sides).shape == images.shape
    assert seen["decoder"] == seen["encoder"][::-1]
    depths = [[len(stage.blocks) for stage in one.stages] for one in (encoder, decoder)]
    assert depths[0] == depths[1][::-1]


def test_parameters_at_paper_scale_are_those_of_the_published_networks():
    """MambaJSCC without its MLP branch has 11.6894 M parameters at 4 real values a token.

    Ours has 5632 less at each end, one skip vector for both scans instead of two, and 33 600 more
    in the last splitting, which is followed by a convolution.
    """
    with torch.device("meta"):
        networks = MambaEncoder(3, 2, merge_sizes=(2, 2, 2), scan="s6"), MambaDecoder()
    n_parameters = sum(one.numel() for network in networks for one in network.parameters())
    expected = PUBLISHED_PARAMETERS - 2 * 5632 + 33_600
    assert n_parameters == pytest.approx(expected, abs=100)


def test_the_channel_state_reaches_the_scans():
    decoders = [
        built(MambaDecoder, 1, 3, 2, (16,), (1,), (), csi_rest=told) for told in (True, False)
    ]
    features = random_features(32)
    for level, is_same in ((0.0, True), (-0.5, False)):
        features[..., -1] = level
        first, second = (decoder(features, 8, 8) for decoder in decoders)
        assert torch.allclose(first, second, atol=1e-6) == is_same


@pytest.mark.parametrize(
    ("sizes", "features", "sides", "message"),
    [
        ({}, random_features(31), (8, 8), r"31 symbols were received, 4 x 4 tokens of 2 are 32"),
        ({}, random_features(32), (8, 9), "8 x 9 cells does not divide"),
        ({"n_features": 0}, None, None, "n_features = 0"),
        ({"depths": (1, 1)}, None, None, "do not fit"),
    ],
)
def test_what_does_not_fit_is_named(sizes, features, sides, message):
    small = {"out_channels": 1, "dims": (16,), "depths": (1,), "merge_sizes": (), **sizes}
    with pytest.raises(InputError, match=message):
        built(MambaDecoder, **small)(features, *sides)
