"""Sources of samples: their shapes and laws, and that seed, purpose and step alone decide."""

import numpy as np
import pytest
import torch

from jscgc_model.data import DrawnImages, SpherePoints, numpy_stream, torch_stream
from jscgc_theory.errors import InputError
from jscgc_theory.sources import Drawing

SOURCES = [SpherePoints(4), DrawnImages(Drawing(pixels=12)), DrawnImages(Drawing(channels=3))]


@pytest.mark.parametrize("source", SOURCES, ids=["sphere", "grey", "colour"])
def test_samples_have_the_stated_shape_and_depend_on_the_stream_alone(source):
    first = source.draw(5, numpy_stream(3, "data", 7))
    assert first.shape == (5, *source.sample_shape)
    assert first.dtype == torch.float32
    torch.testing.assert_close(source.draw(5, numpy_stream(3, "data", 7)), first, rtol=0, atol=0)
    for other in (numpy_stream(4, "data", 7), numpy_stream(3, "held out", 7)):
        assert not torch.equal(source.draw(5, other), first)
    assert not torch.equal(source.draw(5, numpy_stream(3, "data", 8)), first)


def test_sphere_points_are_uniform():
    points = SpherePoints(3).draw(4000, np.random.default_rng(0)).double()
    torch.testing.assert_close(points.norm(dim=1), torch.ones(4000).double(), rtol=1e-6, atol=0)
    covariance = points.T @ points / 4000
    assert float((covariance - torch.eye(4) / 4).abs().max()) < 4.0 * 0.25 / np.sqrt(4000 / 2)


def test_a_sphere_needs_a_dimension():
    with pytest.raises(InputError, match="dim"):
        SpherePoints(0)


def test_streams_of_torch_are_independent():
    draws = [
        torch.randn(4000, generator=torch_stream(seed, purpose, step))
        for seed, purpose, step in [(0, "a", 0), (1, "a", 0), (0, "b", 0), (0, "a", 1)]
    ]
    correlations = np.corrcoef(torch.stack(draws).numpy())
    assert np.abs(correlations - np.eye(4)).max() < 4.5 / np.sqrt(4000)
