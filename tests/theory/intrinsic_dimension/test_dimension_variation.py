"""The variation of local dimensions: none on one manifold, clear on a union, as large as it is."""

import numpy as np
import pytest

from jscgc_theory.intrinsic_dimension import RecommendedDimension
from jscgc_theory.intrinsic_dimension.dimension_variation import dimension_variation
from jscgc_theory.neighbours import Neighbours, nearest_neighbours
from jscgc_theory.sources import Cube, GaussianSubspace, Sphere, SwissRoll


def variation_of(points):
    return dimension_variation(nearest_neighbours(points, 8))


def union(dims, n_points, seed):
    """Spheres of several dimensions, far apart in one space."""
    rng = np.random.default_rng(seed)
    parts = []
    for place, dim in enumerate(dims):
        part = np.zeros((n_points, max(dims) + 2))
        part[:, : dim + 1] = Sphere(dim).sample(n_points, rng)
        part[:, -1] = 100.0 * place
        parts.append(part)
    return np.concatenate(parts)


@pytest.mark.parametrize(
    "source",
    [Sphere(2), Sphere(12), Cube(5), Cube(20), GaussianSubspace(8), SwissRoll()],
    ids=repr,
)
@pytest.mark.parametrize("seed", range(4))
def test_one_manifold_does_not_vary(source, seed):
    assert not variation_of(source.sample(2000, np.random.default_rng(seed))).is_clear


@pytest.mark.parametrize("dims", [(2, 8), (3, 12), (1, 4, 10)])
def test_a_union_varies_as_its_dimensions_do(dims):
    """The relative deviation of 1/d, where high spheres read lower than they are."""
    found = variation_of(union(dims, 3000, seed=0))
    inverse = 1.0 / np.array(dims)
    assert found.is_clear
    assert found.relative[0] == pytest.approx(inverse.std() / inverse.mean(), rel=0.2)


def test_recommended_answer_of_a_union_is_a_mean_and_says_so():
    estimate = RecommendedDimension().fit(union((2, 12), 1500, seed=1)).estimate_
    assert "dimension_varies" in {notice.code for notice in estimate.notices}
    assert "dimension_calibrated" not in {notice.code for notice in estimate.notices}
    assert 2.0 < estimate.value < 12.0


def test_nothing_is_said_where_no_scale_can_be_read():
    few = nearest_neighbours(np.random.default_rng(0).standard_normal((10, 3)), 3)
    assert not dimension_variation(few).is_clear
    lattice = Neighbours(np.ones((20, 8)), np.zeros((20, 8), dtype=np.int64))
    found = dimension_variation(lattice)
    assert (found.relative, found.standard_errors) == ((0.0, 0.0), (0.0, 0.0))
