"""The figures drawn from records of benchmarks show the numbers of those records."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from paper_figs import fig2_implementation, fig7_trained_radius, fig11_information_accuracy
from tests.model.paper_figs.drawn_lines import lines_of

ROOM = Path(fig11_information_accuracy.__file__).parent
RESULTS = ROOM.parent / "benchmarks" / "results"


def record(name):
    return json.loads((RESULTS / f"{name}.json").read_text())


@pytest.mark.parametrize(
    "script", [fig2_implementation, fig7_trained_radius, fig11_information_accuracy]
)
def test_without_its_record_a_script_draws_nothing(script, tmp_path):
    assert script.figures(tmp_path / "paper_figs") == {}


@pytest.mark.parametrize("side", ["estimate", "lower bound", "upper bound"])
def test_fig_11_shows_each_answer_beside_its_truth(side):
    cases = record("mi_accuracy")
    figure = fig11_information_accuracy.figures(ROOM)["fig11_information_accuracy"]
    lines = lines_of(*figure.axes)
    truth, answer = lines[f"bits/recommended {side}"]
    expected = [
        (case["truth_bits"], case["estimates"][case["recommended"]]["value"])
        for case in cases.values()
        if case["estimates"][case["recommended"]]["side"] == side.replace(" ", "_")
    ]
    assert list(zip(truth, answer, strict=True)) == expected
    again, ratio = lines[f"ratio/recommended {side}"]
    np.testing.assert_allclose(again * ratio, answer)


def test_fig_11_shows_the_peers_that_were_asked():
    cases = {name: {**case, "peers": {}} for name, case in record("mi_accuracy").items()}
    name, case = next(iter(cases.items()))
    asked = cases | {name: {**case, "peers": {"infomeasure": 0.5, "scikit-learn": -0.1}}}
    assert not any(
        "infomeasure" in gid for gid in lines_of(*fig11_information_accuracy.draw(cases).axes)
    )
    lines = lines_of(*fig11_information_accuracy.draw(asked).axes)
    assert lines["bits/infomeasure"][1] == [0.5]
    assert math.isnan(lines["bits/scikit-learn"][1][0])
    np.testing.assert_allclose(lines["ratio/scikit-learn"][1], -0.1 / case["truth_bits"])


@pytest.fixture(scope="module")
def trained_panels():
    return fig7_trained_radius.figures(ROOM)["fig7_trained_radius"].axes


@pytest.mark.parametrize(
    ("place", "sphere", "outage"),
    [(0, "S^2", 0.1), (1, "S^8", 0.1), (3, "S^2", 0.01), (4, "S^8", 0.01)],
)
def test_fig_7_shows_the_trained_radii_beside_the_exact_ones(
    trained_panels, place, sphere, outage
):
    rows = record("sphere_twin")[sphere]["rows"]
    lines = lines_of(trained_panels[place])
    levels, radius = lines["trained"]
    assert list(levels) == [row["snr_db"] for row in rows]
    assert list(radius) == [row[f"radius_{outage}"] for row in rows]
    exact = dict(zip(*lines[f"radius_posterior-{outage:g}"], strict=True))
    recorded = [row[f"exact_radius_{outage}"] for row in rows]
    np.testing.assert_allclose([exact[level] for level in levels], recorded, rtol=1e-6)
    bound = dict(zip(*lines[f"meta_converse-{outage:g}"], strict=True))
    assert all(bound[level] < exact[level] for level in levels)
    assert trained_panels[place].get_title() == f"${sphere}$, $P_e = {outage}$"


@pytest.mark.parametrize(("place", "outage"), [(2, 0.1), (5, 0.01)])
def test_fig_7_shows_images_and_their_bounds_with_intervals(trained_panels, place, outage):
    found = [row["outages"][f"{outage}"] for row in record("image_twin")["rows"]]
    lines = lines_of(trained_panels[place])
    assert list(lines["trained"][1]) == [one["measured_radius"]["value"] for one in found]
    names = [*fig7_trained_radius.IMAGE_BOUNDS, "measured_radius"]
    for name, bars in zip(names, trained_panels[place].collections, strict=True):
        ends = [tuple(segment[:, 1]) for segment in bars.get_segments()]
        assert ends == [tuple(one[name]["interval"]) for one in found]
        if name != "measured_radius":
            assert list(lines[f"{name}-{outage}"][1]) == [one[name]["value"] for one in found]


def test_fig_7_shows_what_a_wrong_reception_costs(trained_panels):
    rows = record("image_twin")["rows"]
    shuffled = lines_of(trained_panels[2])["shuffled"][1]
    ratio = shuffled / np.array([row["radius_0.1"] for row in rows])
    np.testing.assert_allclose(ratio, [row["shuffled_ratio"] for row in rows])
    assert "shuffled" not in lines_of(trained_panels[5])
