"""The demonstration leaves a page, figures, records, and says where."""

import html
import json
from importlib.metadata import EntryPoint

import pytest

from jscgc_theory.analysis import demo as analysis
from jscgc_theory.cli import demo_files, demo_plug_ins, main
from jscgc_theory.errors import MissingExtraError
from jscgc_theory.records import RunRecord
from tests import example_records as ex


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "results"
    with pytest.MonkeyPatch.context() as patch:
        # Fewer points of the same grid: every part runs, in a few seconds.
        patch.setattr(analysis, "SNR_DB", (0.0, 10.0))
        patch.setitem(analysis._EXACT_DRAWS, True, 2000)
        patch.setattr(demo_files, "demo_plug_ins", lambda: ())
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


@pytest.fixture
def last_part_alone(monkeypatch):
    def last_part(**options):
        *_, last = analysis.run_demo(**options)
        yield last

    monkeypatch.setattr(demo_files, "run_demo", last_part)
    monkeypatch.setattr(demo_files, "demo_plug_ins", lambda: ())
    monkeypatch.setattr(analysis, "SNR_DB", (0.0,))
    monkeypatch.setitem(analysis._EXACT_DRAWS, True, 2000)


@pytest.mark.usefixtures("last_part_alone")
def test_it_ends_by_saying_where_results_lie(tmp_path, capsys):
    assert main(["demo", "--quick", "--out", f"{tmp_path}/here"]) == 0
    last = capsys.readouterr().out.rstrip().rpartition("\n\n")[2]
    assert last.startswith(f"Results lie in {tmp_path}/here: open {tmp_path}/here/report.html")


@pytest.mark.usefixtures("last_part_alone")
def test_another_package_adds_its_parts_and_the_answer(tmp_path, monkeypatch):
    asked = []

    def further_parts(run, folder, effort):
        asked.append((folder, effort))
        yield analysis.DemoPart(
            "trained",
            "sweep",
            "A trained system",
            "How far is it?",
            ex.bound_check(),
            {},
            {"a": 1},
        )

    monkeypatch.setattr(demo_files, "demo_plug_ins", lambda: (further_parts,))
    assert main(["demo", "--quick", "--out", f"{tmp_path}/here"]) == 0
    assert asked == [(tmp_path / "here", "quick")]
    part = RunRecord.from_json(tmp_path / "here" / "trained.json")
    assert (part.kind, part.results) == ("sweep", {"a": 1})
    assert RunRecord.from_json(tmp_path / "here" / "demo.json").results == {"a": 1}
    assert "A trained system" in (tmp_path / "here" / "report.html").read_text()


@pytest.mark.usefixtures("last_part_alone")
def test_what_needs_packages_that_are_not_there_is_left_out_and_said_so(
    tmp_path, capsys, monkeypatch
):
    def needs_torch(run, folder, effort):
        raise MissingExtraError("the trained system", "model")
        yield

    monkeypatch.setattr(demo_files, "demo_plug_ins", lambda: (needs_torch,))
    assert main(["demo", "--quick", "--out", f"{tmp_path}/here"]) == 0
    reason = "Left out: the trained system needs packages that are not installed; run: pip install"
    assert reason in capsys.readouterr().out
    assert reason in html.unescape((tmp_path / "here" / "report.html").read_text())
    assert RunRecord.from_json(tmp_path / "here" / "demo.json").results["rows"]


def test_quick_and_full_exclude_each_other(tmp_path, capsys):
    assert main(["demo", "--quick", "--full", "--out", f"{tmp_path}/here"]) == 2
    assert "--quick and --full exclude each other" in capsys.readouterr().err
    assert not (tmp_path / "here").exists()


def test_plug_ins_are_found_by_their_entry_points(monkeypatch):
    found = [
        EntryPoint(name=name, value=f"{__name__}:{name}_parts", group="jscgc.demo")
        for name in ("second", "first")
    ]
    monkeypatch.setattr(demo_plug_ins, "entry_points", lambda group: found)
    assert demo_plug_ins.demo_plug_ins() == (first_parts, second_parts)


def first_parts(run, folder, effort):
    yield from ()


def second_parts(run, folder, effort):
    yield from ()
