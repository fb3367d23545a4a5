"""Fig. 12 shows the paired ratios of the record's trainings, with Student's intervals."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks.loss_weighting import table
from paper_figs import fig12_loss_weighting as fig12
from tests.model.paper_figs.drawn_lines import lines_of

ROOM = Path(fig12.__file__).parent
LABELS = [fig12.RADII, fig12.INFORMATION]


@pytest.fixture(scope="module")
def record():
    return json.loads((ROOM.parent / fig12.RECORD).read_text())


@pytest.fixture(scope="module")
def panels():
    return fig12.figures(ROOM)["fig12_loss_weighting"].axes


def paired(record, case, quantity):
    """Values of a quantity under both weights: seeds down, SNRs across."""
    of = {
        weight: {
            one["seed"]: [row[quantity] for row in one["rows"]]
            for one in record["trainings"]
            if (one["case"], one["weight"]) == (case, weight)
        }
        for weight in ("uniform", "likelihood")
    }
    assert of["uniform"].keys() == of["likelihood"].keys()
    assert len(of["uniform"]) >= 5
    return (np.array([of[weight][seed] for seed in sorted(of[weight])]) for weight in of)


def test_without_its_record_nothing_is_drawn(tmp_path):
    assert fig12.figures(tmp_path / "paper_figs") == {}


@pytest.mark.parametrize(
    ("place", "key"), [(place, key) for place, labels in enumerate(LABELS) for key in labels]
)
def test_fig_12_shows_ratios_paired_by_seed(record, panels, place, key):
    uniform, likelihood = paired(record, *key)
    ratios = likelihood / uniform
    label = LABELS[place][key]
    snr_db, drawn = lines_of(panels[place])[label]
    assert list(snr_db) == [row["snr_db"] for row in record["trainings"][0]["rows"]]
    np.testing.assert_allclose(drawn, ratios.mean(axis=0))
    student = stats.ttest_1samp(ratios, 1.0, axis=0).confidence_interval(record["confidence"])
    band = panels[place].collections[list(LABELS[place]).index(key)]
    corners = np.vstack([path.vertices for path in band.get_paths()])
    for level, low, high in zip(snr_db, student.low, student.high, strict=True):
        heights = corners[corners[:, 0] == level, 1]
        np.testing.assert_allclose([heights.min(), heights.max()], [low, high], rtol=1e-9)


def test_the_differences_told_are_those_of_the_trainings(record):
    for row in record["comparison"]:
        uniform, likelihood = paired(record, row["case"], row["quantity"])
        place = [one["snr_db"] for one in record["trainings"][0]["rows"]].index(row["snr_db"])
        assert row["n_seeds"] == len(uniform)
        test = stats.ttest_rel(likelihood[:, place], uniform[:, place])
        interval = test.confidence_interval(record["confidence"])
        np.testing.assert_allclose(row["difference"]["interval"], interval, atol=1e-12)


def test_fig_12_draws_where_nothing_differs(panels):
    for axes in panels:
        assert set(lines_of(axes)["no difference"][1]) == {1.0}


def test_the_page_prints_the_tables_of_the_record(record):
    page = (ROOM.parent / "docs" / "training.md").read_text(encoding="utf-8").splitlines()
    for case in record["settings"]:
        rows = table(record["comparison"], case)
        start = page.index(rows[0])
        assert page[start : start + len(rows)] == rows
