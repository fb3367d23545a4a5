"""The paper's figures show the numbers and images of their records."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from jscgc_model.evaluation.record_files import read_evaluations
from jscgc_theory.cli import main
from jscgc_theory.errors import InputError
from jscgc_theory.records import RunRecord
from paper_figs import fig3_visual_results, fig4_metrics_over_snr
from tests.model.report.test_evaluation_report import SYSTEMS, example_report

ROOM = Path(fig4_metrics_over_snr.__file__).parent


@pytest.fixture
def room(tmp_path):
    """A copy of the scripts' room with one record: a set called Kodak."""
    copy = tmp_path / "paper_figs"
    shutil.copytree(ROOM, copy, ignore=shutil.ignore_patterns("records", "__pycache__"))
    (copy / "records").mkdir()
    record = RunRecord(kind="evaluate", results=example_report().to_dict())
    record.to_json(copy / "records" / "evaluation_kodak.json")
    return copy


def test_records_come_back_as_they_were_written(room):
    assert read_evaluations(room / "records") == {"kodak": example_report()}


def test_what_is_no_record_is_named(room):
    (room / "records" / "evaluation_bad.json").write_text('{"kind": "evaluate"}')
    with pytest.raises(InputError, match=r"evaluation_bad.json is no record of jscgc evaluate"):
        read_evaluations(room / "records")


def test_fig_3_shows_the_images_of_the_record(room):
    report = example_report()
    (figure,) = fig3_visual_results.figures(room).values()
    images = {one.get_gid(): one for axes in figure.axes for one in axes.get_images()}
    rows = dict(zip(report.examples.labels, report.examples.pixels(), strict=True))
    names = ["source", *(f"{system}, {level} dB" for system in SYSTEMS for level in (5, -5))]
    assert set(images) == {f"{name}/{place}" for name in names for place in range(3)}
    for gid, image in images.items():
        name, place = gid.rsplit("/", 1)
        expected = np.moveaxis(rows[name][int(place)], 0, -1)
        np.testing.assert_allclose(image.get_array(), expected)
    assert [axes.get_title() for axes in figure.axes[:3]] == ["source", *SYSTEMS]


def test_fig_3_needs_images():
    with pytest.raises(InputError, match="holds no example images"):
        fig3_visual_results.draw(example_report().model_copy(update={"examples": None}))


def test_fig_4_sets_the_journal_beside_kodak_alone(room):
    published = json.loads((ROOM / fig4_metrics_over_snr.REFERENCE).read_text())
    (figure,) = fig4_metrics_over_snr.figures(room).values()
    lines = {line.get_gid(): line for axes in figure.axes for line in axes.get_lines()}
    for system, values in published["metrics"]["psnr"].items():
        line = lines[f"journal/psnr/{system}"]
        assert list(line.get_xdata()) == published["snr_db"]
        assert list(line.get_ydata()) == values
    assert not any(gid.startswith("journal/fd_cifar_cnn") for gid in lines)
    own = fig4_metrics_over_snr.draw(example_report())
    gids = [line.get_gid() for axes in own.axes for line in axes.get_lines()]
    assert gids == [f"{name}/{one}" for name in ("psnr", "fd_cifar_cnn") for one in SYSTEMS]


def test_the_journal_says_where_it_is_from_and_how_exact():
    published = json.loads((ROOM / fig4_metrics_over_snr.REFERENCE).read_text())
    assert "digitised" in published["source"]
    assert published["relative_error"] == 0.015
    for curves in published["metrics"].values():
        assert {len(values) for values in curves.values()} == {len(published["snr_db"])}


def test_the_command_draws_what_is_asked_for(room, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(room.parent)
    record = tmp_path / "figures.json"
    arguments = ["figures", "--out", f"{tmp_path}/out", "--json", str(record)]
    assert main([*arguments, "--only", "fig4"]) == 0
    results = json.loads(record.read_text())["results"]
    assert [one["name"] for one in results["figures"]] == ["fig4_metrics_over_snr_kodak"]
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {f"fig4_metrics_over_snr_kodak.{end}" for end in ("pdf", "png")}
    capsys.readouterr()
    assert main([*arguments, "--only", "fig99"]) == 2
    assert "--only fig99 names no figure; choose from fig" in capsys.readouterr().err


def test_a_script_without_a_record_is_told(room, tmp_path, monkeypatch):
    monkeypatch.chdir(room.parent)
    (room / "records" / "evaluation_kodak.json").unlink()
    record = tmp_path / "figures.json"
    arguments = ["figures", "--only", "fig3", "--out", f"{tmp_path}/out", "--json", str(record)]
    assert main(arguments) == 0
    results = json.loads(record.read_text())["results"]
    assert results["figures"] == []
    assert "fig3_visual_results.py" in results["without_record"]


def test_outside_a_checkout_there_is_nothing_to_draw(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("jscgc_model.__file__", str(tmp_path / "packages" / "__init__.py"))
    assert main(["figures", "--out", f"{tmp_path}/out"]) == 2
    assert "run jscgc figures in a checkout" in capsys.readouterr().err
