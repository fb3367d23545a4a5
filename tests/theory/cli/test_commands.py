"""The commands on small clouds: records as documented, tables, reports, reproducible."""

import json
import re

import numpy as np
import pytest

from jscgc_theory.cli import main
from jscgc_theory.records import RunRecord

ESTIMATE_KEYS = {"value", "interval", "confidence", "method", "n_points_used"}
BOUNDS = ("delta_star", "finite_outage_fano", "small_ball", "perception")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("points")
    rng = np.random.default_rng(5)
    cloud = rng.standard_normal((400, 3))
    cloud /= np.linalg.norm(cloud, axis=1, keepdims=True)
    moved = cloud + 0.2 * rng.standard_normal(cloud.shape)
    np.save(folder / "x.npy", cloud)
    np.save(folder / "y.npy", moved)
    groups = np.repeat(np.arange(200), 2)
    np.save(folder / "g.npy", groups)
    paired = np.repeat(cloud[:200], 2, axis=0)
    for name, rows in (("source", paired), ("generated", moved)):
        lines = [
            f"{g},{','.join(map(repr, row.tolist()))}" for g, row in zip(groups, rows, strict=True)
        ]
        (folder / f"{name}.csv").write_text("\n".join(["who,a,b,c", *lines]) + "\n")
    return folder


def run(capsys, line: str, folder, code: int = 0) -> str:
    assert main([word.replace("{}", str(folder)) for word in line.split()]) == code
    return capsys.readouterr().out


def record_of(capsys, line: str, folder) -> RunRecord:
    return RunRecord.from_json(run(capsys, f"{line} --json -", folder))


def test_dimension(capsys, folder):
    record = record_of(capsys, "dimension {}/x.npy --seed 4", folder)
    assert (record.kind, record.seed) == ("dimension", 4)
    assert set(record.results) == {"intrinsic_dim", "estimates", "scale_scan"}
    assert set(record.results["intrinsic_dim"]) >= ESTIMATE_KEYS
    low, high = record.results["intrinsic_dim"]["interval"]
    assert low < 2.0 < high
    (source,) = record.inputs
    assert (source.path, source.n_points, source.ambient_dim) == (f"{folder}/x.npy", 400, 3)
    assert record.elapsed_s > 0.0


def test_chosen_estimators(capsys, folder):
    names = record_of(capsys, "dimension {}/x.npy", folder).results["estimates"]
    first, second = list(names)[:2]
    line = f"dimension {{}}/x.npy --estimator {first} --estimator {second}"
    assert set(record_of(capsys, line, folder).results["estimates"]) == {first, second}
    joined = f"dimension {{}}/x.npy --estimator {first},{second}"
    assert set(record_of(capsys, joined, folder).results["estimates"]) == {first, second}


def test_covering(capsys, folder):
    results = record_of(capsys, "covering {}/x.npy", folder).results
    assert set(results) == {"geometric_constant", "curves"}
    assert set(results["curves"]) == {"covering", "packing", "coincidence"}
    for curve in results["curves"].values():
        assert len(curve["radius"]) == len(curve["count"]) > 1


def test_mutual_information(capsys, folder):
    record = record_of(capsys, "mi {}/x.npy {}/y.npy --estimator gaussian --estimator ksg", folder)
    assert set(record.results) == {"mi_bits", "recommended", "why", "estimates"}
    assert record.results["recommended"] == "gaussian"
    assert set(record.results["estimates"]) == {"gaussian", "ksg"}
    assert record.results["mi_bits"] == record.results["estimates"]["gaussian"]
    assert set(record.results["mi_bits"]) >= {*ESTIMATE_KEYS, "side"}
    assert [one.path for one in record.inputs] == [f"{folder}/x.npy", f"{folder}/y.npy"]


def test_mutual_information_through_a_known_channel(capsys, folder):
    line = "mi {}/x.npy {}/y.npy --noise-variance 0.04"
    results = record_of(capsys, line, folder).results
    assert results["recommended"] == "known_channel"
    # The sphere at noise 0.2 in each of three columns: 2 log2(1/0.2) bits and a little more.
    assert results["mi_bits"]["value"] == pytest.approx(4.49, abs=0.5)


def test_delta_star_of_information(capsys, folder):
    line = "delta-star {}/x.npy --mi-bits 2 4 --mi-bits 6,8 --outage 0.5 0.1"
    results = record_of(capsys, line, folder).results
    assert set(results) == {"intrinsic_dim", "geometric_constant", "resolvable_mi_bits", "rows"}
    assert results["geometric_constant"]["reading"] == "volume"
    asked = {(row["mi_bits"], row["outage_probability"]) for row in results["rows"]}
    assert asked == {(bits, outage) for bits in (2, 4, 6, 8) for outage in (0.5, 0.1)}
    for row in results["rows"]:
        assert "snr_db" not in row
        assert set(row) >= {"extrapolated_octaves", "vacuous"}
        assert all(set(row[bound]) >= ESTIMATE_KEYS for bound in BOUNDS)


def test_delta_star_of_a_channel(capsys, folder):
    line = "delta-star {}/x.npy --snr-db -5 0 5 --channel-uses 2 --outage 0.1"
    plain = record_of(capsys, line, folder).results["rows"]
    assert [row["snr_db"] for row in plain] == [-5.0, 0.0, 5.0]
    expected = [2 * np.log2(1 + 10 ** (snr / 10)) for snr in (-5, 0, 5)]
    np.testing.assert_allclose([row["mi_bits"] for row in plain], expected, rtol=1e-12)
    faded = record_of(capsys, f"{line} --fading rayleigh", folder).results["rows"]
    assert all(a["mi_bits"] < b["mi_bits"] for a, b in zip(faded, plain, strict=True))


def test_delta_star_with_generated_points(capsys, folder):
    line = "delta-star {}/x.npy --mi-bits 3 --generated {}/y.npy"
    record = record_of(capsys, line, folder)
    assert [source.path[-5:] for source in record.inputs] == ["x.npy", "y.npy"]


def test_check(capsys, folder):
    line = "check {}/x.npy {}/y.npy --mi-bits 4 --outage 0.1 0.5"
    results = record_of(capsys, line, folder).results
    assert set(results) >= {"intrinsic_dim", "geometric_constant", "rows"}
    assert [row["outage_probability"] for row in results["rows"]] == [0.1, 0.5]
    for row in results["rows"]:
        assert set(row["measured_radius"]) >= ESTIMATE_KEYS
        assert set(row["verdicts"]) == set(BOUNDS)
        for verdict in row["verdicts"].values():
            assert set(verdict) == {"verdict", "margin", "reason"}
            assert verdict["verdict"] in ("holds", "violated", "undecided")


@pytest.mark.parametrize("group", ["who", "{}/g.npy"])
def test_groups(capsys, folder, group):
    names = "source.csv {}/generated.csv" if group == "who" else "x.npy {}/y.npy"
    line = f"check {{}}/{names} --mi-bits 4 --group {group}"
    record = record_of(capsys, line, folder)
    assert record.results["n_groups"] == 200
    assert {source.ambient_dim for source in record.inputs} == {3}


@pytest.mark.parametrize("case", ["sphere", "torus", "gaussian"])
def test_exact(capsys, folder, case):
    line = f"exact {case} --dim 2 --snr-db 0 5 --outage 0.1"
    rows = record_of(capsys, line, folder).results["rows"]
    assert [row["snr_db"] for row in rows] == [0.0, 5.0]
    for row in rows:
        for name in ("mi_bits", "radius_posterior", "radius_best", "small_ball", "perception"):
            assert isinstance(row[name], float)
        # The Gaussian's best decoder leaves the law of the source, so only R2 binds it.
        floor = row["small_ball"] if case == "gaussian" else row["meta_converse"]
        assert floor <= row["radius_best"] <= row["radius_posterior"]
        assert row["meta_converse"] <= row["radius_posterior"]


def test_files_tables_and_report(capsys, folder, tmp_path):
    line = f"dimension {{}}/x.npy --json {tmp_path}/a/r.json --report {tmp_path}/b/page --quiet"
    out = run(capsys, line, folder)
    assert "Intrinsic dimension by estimator" in out
    record = RunRecord.from_json(tmp_path / "a" / "r.json")
    assert record.kind == "dimension"
    page = (tmp_path / "b" / "page" / "report.html").read_text()
    assert "data:image/svg+xml" in page
    assert not re.search(r'(src|href)="https?:', page)
    assert list((tmp_path / "b" / "page").glob("*.pdf"))
    assert not list(tmp_path.rglob(".*"))


def test_same_seed_same_record(capsys, folder):
    line = "delta-star {}/x.npy --mi-bits 4 --seed 3"
    first, second = (record_of(capsys, line, folder) for _ in range(2))
    assert first.results == second.results


def test_json_on_stdout_is_json_alone(capsys, folder):
    out = run(capsys, "covering {}/x.npy --json - --quiet", folder)
    assert json.loads(out)["kind"] == "covering"


def test_warnings_stand_in_the_record_and_on_stderr(capsys, tmp_path):
    cloud = np.random.default_rng(1).standard_normal((200, 2))
    np.save(tmp_path / "x.npy", np.concatenate([cloud, cloud[:20]]))
    assert main(["dimension", f"{tmp_path}/x.npy", "--json", "-"]) == 0
    captured = capsys.readouterr()
    notices = json.loads(captured.out)["warnings"]
    assert any("duplicate" in notice["code"] for notice in notices)
    assert captured.err.startswith("warning: ")
    assert main(["dimension", f"{tmp_path}/x.npy", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
