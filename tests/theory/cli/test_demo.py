"""The demonstration leaves a page, figures, records, and says where."""

import json

import pytest

from jscgc_theory.analysis import demo as analysis
from jscgc_theory.cli import demo_files, main
from jscgc_theory.records import RunRecord


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "results"
    with pytest.MonkeyPatch.context() as patch:
        # Fewer points of the same grid: every part runs, in a few seconds.
        patch.setattr(analysis, "SNR_DB", (0.0, 10.0))
        patch.setitem(analysis._EXACT_DRAWS, True, 2000)
        assert main(["demo", "--quick", "--out", str(out), "--json", f"{out}.json"]) == 0
    return out


def test_everything_is_there(demo):
    records = {path.stem: RunRecord.from_json(path) for path in demo.glob("*.json")}
    kinds = {record.kind for record in records.values()}
    assert kinds == {"demo", "dimension", "covering", "delta-star", "exact", "check"}
    assert (demo / "report.html").read_text().count("data:image/svg+xml") >= 5
    assert len(list(demo.glob("*.pdf"))) >= 5
    assert not list(demo.glob(".*"))


def test_truth_lies_in_the_intervals(demo):
    for name in ("sphere_dimension", "images_dimension"):
        record = RunRecord.from_json(demo / f"{name}.json")
        low, high = record.results["intrinsic_dim"]["interval"]
        # Curvature and finite samples may move the answer by a little more than its interval.
        assert abs(0.5 * (low + high) - record.settings["true_intrinsic_dim"]) < 0.6


def test_rows_over_the_channel(demo):
    record = json.loads((demo / "demo.json").read_text())
    rows = record["results"]["rows"]
    assert len(rows) == 4
    for row in rows:
        assert row["mi_bits"]["interval"] == [row["mi_bits"]["value"]] * 2
        for name in ("finite_outage_fano", "small_ball", "perception"):
            assert row["verdicts"][name]["verdict"] != "violated"
    radii = [row["measured_radius"]["value"] for row in rows if row["outage_probability"] == 0.1]
    assert radii == sorted(radii, reverse=True)


def test_the_record_asked_for_is_the_record_kept(demo):
    asked = RunRecord.from_json(str(demo) + ".json")
    kept = RunRecord.from_json(demo / "demo.json")
    assert asked.results == kept.results


def test_its_points_feed_the_commands(demo, capsys):
    line = ["check", f"{demo}/sphere.npy", f"{demo}/sphere_generated.npy", "--mi-bits", "4.49"]
    assert main([*line, "--outage", "0.1"]) == 0
    assert "R3" in capsys.readouterr().out


def test_it_ends_by_saying_where_results_lie(tmp_path, capsys, monkeypatch):
    def last_part_alone(**options):
        *_, last = analysis.run_demo(**options)
        yield last

    monkeypatch.setattr(demo_files, "run_demo", last_part_alone)
    monkeypatch.setattr(analysis, "SNR_DB", (0.0,))
    assert main(["demo", "--quick", "--out", f"{tmp_path}/here"]) == 0
    last = capsys.readouterr().out.rstrip().rpartition("\n\n")[2]
    assert last.startswith(f"Results lie in {tmp_path}/here: open {tmp_path}/here/report.html")
