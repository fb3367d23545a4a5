"""The Inception network of the FID: its shape, its poolings, its file."""

import pytest
import torch

from jscgc_model.metrics.inception import build_inception, load_inception
from jscgc_theory.errors import InputError
from tests.model.metrics.small_networks import drawn_images, seeded

N_CONVOLUTIONS = 94
N_PARAMETERS = 21_785_568
"""Of the published network without its classifier."""


def test_the_network_has_the_published_parameters_and_reads_the_published_file(tmp_path):
    network = seeded(build_inception)
    assert sum(one.numel() for one in network.parameters()) == N_PARAMETERS
    assert sum(name.endswith("conv.weight") for name in network.state_dict()) == N_CONVOLUTIONS
    file = tmp_path / "inception.pth"
    torch.save({**network.state_dict(), "fc.weight": torch.zeros(1008, 1)}, file)
    extractor = load_inception(file)
    images = drawn_images(1, side=40)
    enlarged = torch.nn.functional.interpolate(images, [299, 299], mode="bilinear")
    with torch.no_grad():
        torch.testing.assert_close(extractor.features(images), network(2.0 * enlarged - 1.0))
    assert extractor.features(images).shape == (1, 2048)


def test_averages_leave_the_padding_out_and_the_last_block_takes_maxima():
    with torch.device("meta"):
        network = build_inception()
    ones = torch.ones(1, 2, 5, 5)
    for name in ("Mixed_5b", "Mixed_6e", "Mixed_7b"):
        torch.testing.assert_close(getattr(network, name).pool(ones), ones)
    spike = torch.zeros(1, 1, 5, 5)
    spike[0, 0, 2, 2] = 1.0
    assert float(network.Mixed_7c.pool(spike).sum()) == 9.0
    assert network.Mixed_6a.pool(spike).shape == (1, 1, 2, 2)


def test_another_network_is_refused(tmp_path):
    torch.save({"Conv2d_1a_3x3.conv.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(InputError, match="the weights do not fit Sequential"):
        load_inception(tmp_path / "other.pth")
