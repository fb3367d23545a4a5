"""What is not a pair of images is refused, in words."""

import pytest
import torch

from jscgc_model.metrics import make_metric
from jscgc_theory.errors import InputError
from tests.model.metrics.small_networks import drawn_images, pairs_of


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x: x * 255.0, r"reconstructions has values from .*; give pixels in \[0, 1\]"),
        (lambda x: 2.0 * x - 1.0, r"rescale, or clamp"),
        (lambda x: torch.where(x > 0.5, torch.nan, x), "values from nan to nan"),
        (lambda x: (x * 255).to(torch.uint8), r"dtype torch.uint8; give real pixels"),
        (lambda x: x[..., :-1], "must pair up, size by size"),
        (lambda x: x[0], r"give \(batch, channels, height, width\)"),
        (lambda x: x[:, :2], "with 1 or 3 channels"),
        (lambda x: x[:0], r"has shape \(0, 3, 32, 32\)"),
    ],
)
def test_images_outside_the_protocol_are_refused(spoil, message):
    images = drawn_images(2)
    with pytest.raises(InputError, match=message):
        pairs_of(images, spoil(images))


@pytest.mark.parametrize("sources", [torch.arange(3), torch.zeros(2), torch.zeros(2, 1).long()])
def test_each_pair_has_one_whole_number_for_its_source(sources):
    images = drawn_images(2)
    with pytest.raises(InputError, match="one whole number for each of the 2 pairs"):
        pairs_of(images, images, sources)


def test_an_estimate_needs_something_observed():
    with pytest.raises(InputError, match="psnr has observed no images"):
        make_metric("psnr").estimate([])
