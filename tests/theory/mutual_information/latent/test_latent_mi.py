import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.latent import LatentMI
from jscgc_theory.mutual_information.latent.latent_mi import Directions
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.units import nats_to_bits
from tests.theory.mutual_information.parametric import pairs


@pytest.mark.parametrize("case", ["one direction of 10", "common radius"])
def test_it_finds_most_of_a_low_dimensional_dependence(case):
    rng = np.random.default_rng(0)
    if case == "common radius":
        x, y, truth = pairs.student_pairs(2000, 5, 2.0, rng)
    else:
        x, y, truth = pairs.gaussian_pairs(2000, [0.9], rng, 10, 10)
        x, y = pairs.mixed(x, y, rng)
    found = LatentMI(max_dim=2).fit(x, y).estimate_
    truth = nats_to_bits(truth)
    assert found.details["side"] == "lower_bound"
    assert found.interval is None
    assert 0.7 * truth < found.value < truth + 4 * found.standard_error


def test_independent_pairs_have_no_direction():
    rng = np.random.default_rng(1)
    found = LatentMI().fit(rng.standard_normal((1000, 5)), rng.standard_normal((1000, 5)))
    assert found.mi_bits_ == 0.0
    assert [notice.code for notice in found.estimate_.notices] == ["no_dependence_found"]


@pytest.mark.parametrize("n_dependent", [1, 2])
def test_dependent_directions_are_counted(n_dependent):
    rng = np.random.default_rng(n_dependent)
    x, y, _ = pairs.gaussian_pairs(2000, np.full(n_dependent, 0.6), rng, 30, 30)
    # In 30 dimensions 2000 pairs bear only linear features, so the count is the linear one.
    directions = Directions.of(PairedSample(x, y), 5)
    assert directions.x_features.linear
    assert directions.n_kept == n_dependent
    latent = directions(PairedSample(x, y))
    assert latent.x_dim == latent.y_dim == n_dependent


def test_settings_out_of_range_are_refused():
    x, y, _ = pairs.gaussian_pairs(100, [0.5], np.random.default_rng(3))
    with pytest.raises(InputError, match="max_dim = 0"):
        LatentMI(max_dim=0).fit(x, y)
