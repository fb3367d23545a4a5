"""Statistics of neighbourhoods against loops over triples, closed forms and symmetries."""

import math
from itertools import permutations

import numpy as np
import pytest
from scipy.special import digamma, polygamma

from jscgc_theory.intrinsic_dimension.shape_statistics import shape_statistics
from tests.statistics import assert_within_standard_errors


def cloud(n_points=90, dim=3, ambient_dim=5, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_points, dim)) @ rng.standard_normal((dim, ambient_dim))


def by_loops(points, k):
    """The statistics of rank k from all points as centres, written as their definitions read."""
    logs, squares, cosines, ranks, cubes = [], [], [], [], []
    for row, centre in enumerate(points):
        steps = np.delete(points, row, axis=0) - centre
        steps = steps[np.argsort(np.linalg.norm(steps, axis=1))][:64]
        lengths = np.linalg.norm(steps, axis=1)
        logs.append(np.log(lengths))
        pairs = [
            float(steps[i] @ steps[j] / lengths[i] / lengths[j])
            for i, j in permutations(range(k), 2)
        ]
        cosines.append(np.mean(pairs))
        squares.append(np.mean(np.square(pairs)))
        spectrum = np.linalg.eigvalsh(np.cov(steps[:k].T))
        share = np.sum(spectrum**2) / np.sum(spectrum) ** 2
        ranks.append((share - 1.0 / (k - 1)) * (k - 1) ** 2 / ((k - 2) * (k + 1)))
        cubes.append(np.sum(spectrum**3) / np.sum(spectrum) ** 3)
    ratios = np.array(logs)[:, 2 * k - 1] - np.array(logs)[:, k - 1] if k < 64 else None
    differences = points[:, None, :] - points[None, :, :]
    reach = math.sqrt(np.square(differences).sum(axis=2).mean())
    return np.array(logs), ratios, cosines, squares, ranks, cubes, reach


@pytest.mark.parametrize("k", [8, 16, 64])
def test_equals_the_definitions(k):
    points = cloud()
    found = shape_statistics(points, 90)
    logs, ratios, cosines, squares, ranks, cubes, reach = by_loops(points, k)
    assert found[f"angle {k}"] == pytest.approx(-math.log(np.mean(squares)))
    assert found[f"drift {k}"] == pytest.approx(np.mean(cosines) / np.mean(squares))
    assert found[f"unevenness {k}"] == pytest.approx(math.log(np.std(squares) / np.mean(squares)))
    assert found[f"rank {k}"] == pytest.approx(-math.log(np.mean(ranks)))
    if k > 8:
        assert found[f"cubed {k}"] == pytest.approx(-0.5 * math.log(np.mean(cubes)))
    if ratios is not None:
        dim = (digamma(2 * k) - digamma(k)) / ratios.mean()
        foretold = math.sqrt(polygamma(1, k) - polygamma(1, 2 * k)) / dim
        assert found[f"ratio {k}:{2 * k}"] == pytest.approx(math.log(dim))
        assert found[f"spread {k}:{2 * k}"] == pytest.approx(math.log(ratios.std() / foretold))
    depth = math.log(reach) - logs[:, 0].mean()
    spectrum = np.linalg.eigvalsh(np.cov(points.T))
    share = np.sum(spectrum**2) / np.sum(spectrum) ** 2
    unbiased = (share - 1.0 / 89) * 89**2 / (88 * 91)
    assert found["extent"] == pytest.approx(-math.log(unbiased))
    assert found["capacity 1"] == pytest.approx(math.log((math.log(90) - digamma(1)) / depth))


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_of_a_flat_torus_every_reading_is_the_dimension(dim):
    """Uniform, without boundary: ratios and angles have the law of a Poisson process in R^d."""
    angle = np.random.default_rng(dim).uniform(0.0, 2.0 * np.pi, (4000, dim))
    points = np.hstack([np.cos(angle), np.sin(angle)])
    found = shape_statistics(points, 2000)
    error = dim / math.sqrt(2000)
    assert_within_standard_errors((math.exp(found["ratio 1:2"]), error), dim)
    # Squared cosines of a centre's 28 pairs vary together by less than their mean.
    assert_within_standard_errors((math.exp(found["angle 8"]), error), dim)
    assert_within_standard_errors((found["drift 8"], error), 0.0)
    assert abs(found["spread 2:4"]) < 0.15


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_position_unit_and_frame_do_not_matter(scale):
    points = cloud(300, seed=1)
    frame = np.linalg.qr(np.random.default_rng(2).standard_normal((5, 5)))[0]
    plain = shape_statistics(points, 100)
    moved = shape_statistics(scale * (points @ frame + 7.0), 100)
    assert list(moved) == list(plain)
    for name, value in plain.items():
        assert moved[name] == pytest.approx(value, abs=1e-6), name


def test_blocks_of_wide_points_change_nothing(monkeypatch):
    points = cloud(200, seed=3)
    whole = shape_statistics(points, 150)
    monkeypatch.setattr(
        "jscgc_theory.intrinsic_dimension.shape_statistics._VALUES_PER_BLOCK", 3000
    )
    assert shape_statistics(points, 150) == pytest.approx(whole)
