"""The exact cases as a user meets them: the published table, order, caveats, records, guards."""

import math

import numpy as np
import pytest

from jscgc_theory.analysis.exact_case import ExactCase, exact
from jscgc_theory.errors import InputError

# d, SNR, I by quadrature, then at P_e = 0.1 and 0.01: posterior radius, R3, R4; then (18).
# Radii and R4 of the table were simulated from 2e5 to 1e6 draws: three digits.
TABLE = [
    (1, 0.0, 0.98089, (1.667, 1.994), (1.025, 1.365), (1.233, 1.779), 0.795),
    (2, 5.0, 2.88532, (0.955, 1.381), (0.552, 0.708), (0.687, 0.977), 0.520),
    (4, 10.0, 7.96046, (0.545, 0.715), (0.301, 0.374), (0.388, 0.509), 0.321),
    (8, 20.0, 27.81167, (0.172, 0.211), (0.084, 0.112), (0.122, 0.149), 0.106),
]


@pytest.mark.parametrize(
    ("dim", "snr_db", "mi_bits", "radii", "perception", "meta", "paper"), TABLE
)
def test_the_table_of_the_theory(dim, snr_db, mi_bits, radii, perception, meta, paper):
    rows = exact("sphere", dim=dim, snr_db=snr_db, outage_probability=(0.1, 0.01), n_draws=0).rows
    for index, row in enumerate(rows):
        assert row.mi_bits == pytest.approx(mi_bits, abs=1e-5)
        assert row.radius_posterior == pytest.approx(radii[index], abs=0.003)
        assert row.perception == pytest.approx(perception[index], abs=0.0015)
        assert row.meta_converse == pytest.approx(meta[index], abs=0.004)
        assert row.delta_star == pytest.approx(paper, abs=0.001)


@pytest.mark.parametrize("case", ["sphere", "torus", "gaussian"])
@pytest.mark.parametrize("dim", [1, 3])
def test_order_in_every_row(case, dim):
    result = exact(
        case, dim=dim, snr_db=(-5.0, 20.0), outage_probability=(0.5, 0.1, 0.01), n_draws=0
    )
    assert len(result.rows) == 6
    for row in result.rows:
        ordered = [row.finite_outage_fano, row.perception, row.meta_converse]
        assert ordered == sorted(ordered)
        assert row.meta_converse <= row.radius_posterior
        assert row.small_ball <= row.radius_best <= row.radius_posterior
        if case == "gaussian":
            assert row.small_ball < row.perception
        else:
            assert row.small_ball == pytest.approx(row.perception)
            assert row.meta_converse <= row.radius_best


@pytest.mark.parametrize(("dim", "above"), [(1, 6), (2, 3), (3, 0)])
def test_delta_star_above_the_radius_is_said_aloud(dim, above):
    snr_db = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0)
    result = exact("sphere", dim=dim, snr_db=snr_db, outage_probability=(0.5, 0.1), n_draws=0)
    assert sum(row.delta_star > row.radius_posterior for row in result.rows) == above
    messages = {notice.code: notice.message for notice in result.notices}
    assert ("delta_star_above_radius" in messages) == bool(above)
    if above:
        assert f"in {above} of 12 rows" in messages["delta_star_above_radius"]
        assert "at 0 dB and P_e = 0.5" in messages["delta_star_above_radius"]
    assert "outputs_in_support" in messages


@pytest.mark.parametrize("case", ["sphere", "torus", "gaussian"])
def test_simulation_stands_beside_the_exact_values(case):
    result = exact(case, dim=2, snr_db=(0.0, 10.0), outage_probability=(0.5, 0.1), rng=1)
    names = {"mi_bits", "radius_posterior", "radius_best", "meta_converse"}
    for row in result.rows:
        assert set(row.monte_carlo) == names
        for name, estimate in row.monte_carlo.items():
            assert estimate.n_points_used == 20_000
            # Twice the 95 % interval: about four standard errors.
            assert abs(estimate.value - getattr(row, name)) <= 2.0 * estimate.half_width


def test_too_few_draws_are_said():
    row = exact("sphere", dim=2, snr_db=0.0, outage_probability=0.001, n_draws=10).rows[0]
    (notice,) = row.monte_carlo["meta_converse"].notices
    assert notice.code == "too_few_draws"
    assert row.monte_carlo["meta_converse"].interval is None


def test_wide_cases_are_drawn_in_blocks():
    narrow = exact("gaussian", dim=200, snr_db=0.0, outage_probability=0.5, n_draws=50_000, rng=0)
    (row,) = narrow.rows
    assert row.monte_carlo["radius_best"].n_points_used == 50_000
    assert row.monte_carlo["mi_bits"].value == pytest.approx(row.mi_bits, abs=0.5)


def test_record_survives_json_and_seeds_repeat():
    first = exact("sphere", dim=2, snr_db=5.0, n_draws=100, rng=3)
    assert ExactCase.from_json(first.to_json()) == first
    generator = np.random.default_rng(3)
    assert exact("sphere", dim=2, snr_db=5.0, n_draws=100, rng=generator) == first
    assert first.geometric_constant == pytest.approx(4.0)


def test_progress_ends_at_one():
    seen: list[float] = []
    exact("sphere", dim=1, snr_db=(0.0, 5.0), n_draws=0, progress=seen.append)
    assert seen == [0.5, 1.0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"case": "cube"}, "case = 'cube' is unknown"),
        ({"dim": 0}, "dim = 0 is too small"),
        ({"snr_db": math.nan}, "snr_db = nan is not finite"),
        ({"snr_db": ()}, "snr_db is empty"),
        ({"snr_db": 1000.0}, r"outside \[-100, 100\]"),
        ({"outage_probability": 0.0}, "outage_probability = 0"),
        ({"outage_probability": (0.1, 1.0)}, "outage_probability = 1"),
        ({"outage_probability": math.nan}, "outage_probability = nan"),
        ({"n_draws": -1}, "n_draws = -1"),
        ({"case": "gaussian", "dim": 400}, "geometric constant"),
    ],
)
def test_impossible_questions_are_refused(changes, message):
    question = {"case": "sphere", "dim": 2, "snr_db": 0.0, "outage_probability": 0.1, **changes}
    with pytest.raises(InputError, match=message):
        exact(question.pop("case"), n_draws=question.pop("n_draws", 0), **question)
