import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.covering_numbers.surroundings import Surroundings, square_distances


@given(
    n_points=st.integers(1, 60),
    ambient_dim=st.integers(1, 30),
    step=st.sampled_from([0.0, 1e-6, 0.1, 1.0, 30.0]),
    dtype=st.sampled_from([np.float32, np.float64]),
    data=st.data(),
)
def test_nearest_points_of_any_place_are_those_of_brute_force(
    n_points: int, ambient_dim: int, step: float, dtype: type, data: st.DataObject
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    cloud = rng.normal(size=(n_points, ambient_dim)).astype(dtype)
    place = rng.normal(size=ambient_dim)
    other = place + step * rng.normal(size=ambient_dim)
    count = data.draw(st.integers(1, n_points))
    rows, square = Surroundings.of(place, cloud).nearest(other, count)
    everywhere = square_distances(cloud, other)
    assert len(set(rows.tolist())) == count
    np.testing.assert_array_equal(np.sort(square), np.sort(everywhere)[:count])
    np.testing.assert_array_equal(square, everywhere[rows])


def test_few_points_are_measured_for_a_place_close_by() -> None:
    rng = np.random.default_rng(0)
    cloud = rng.normal(size=(400, 3))
    around = Surroundings.of(cloud[0], cloud)
    spoilt = np.where(around.square_distances[:, None] < 1.0, cloud, np.nan)
    near = Surroundings(spoilt, cloud[0], around.square_distances)
    points = near.nearest_points(cloud[0] + 0.01, 5)
    assert np.isfinite(points).all()
