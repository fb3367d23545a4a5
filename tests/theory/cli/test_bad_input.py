"""Bad input: exit code 2, one line on stderr, no traceback, nothing written."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from jscgc_theory.cli import main

CLOUD = np.random.default_rng(11).normal(size=(40, 3))
CASES: dict[str, Callable[[Path], str]] = {}


def case(build: Callable[[Path], str]) -> Callable[[Path], str]:
    CASES[build.__name__] = build
    return build


def points_case(name: str, array: np.ndarray) -> None:
    def build(folder: Path) -> str:
        np.save(folder / "x.npy", array)
        return "dimension {}/x.npy"

    CASES[name] = build


def text_case(name: str, text: str) -> None:
    def build(folder: Path) -> str:
        (folder / "x.csv").write_text(text)
        return "dimension {}/x.csv"

    CASES[name] = build


def line_case(name: str, line: str) -> None:
    def build(folder: Path) -> str:
        np.save(folder / "x.npy", CLOUD)
        np.save(folder / "y.npy", CLOUD + 0.1)
        return line

    CASES[name] = build


def changed(row: int, value: float) -> np.ndarray:
    array = CLOUD.copy()
    array[row, 1] = value
    return array


points_case("nan", changed(3, np.nan))
points_case("infinity", changed(5, np.inf))
points_case("one_point", CLOUD[:1])
points_case("no_points", CLOUD[:0])
points_case("no_columns", CLOUD[:, :0])
points_case("vector", CLOUD[:, 0])
points_case("scalar", np.array(1.0))
points_case("complex_numbers", CLOUD + 1j)
points_case("words", np.array([["a", "b"], ["c", "d"]]))
points_case("dates", np.array([["2020-01-01"], ["2020-01-02"]], dtype="datetime64[D]"))
points_case("constants", np.ones((30, 4)))
points_case("all_duplicates", np.tile(CLOUD[:1], (30, 1)))

text_case("ragged_text", "1,2\n3,4\n5\n")
text_case("long_line", "1,2\n3,4,5\n6,7\n")
text_case("text_column", "x,name\n1,anna\n2,ben\n3,cara\n")
text_case("missing_cell", "1,2\n3,\n5,6\n")
text_case("header_alone", "x,y\n")
text_case("empty_text", "")

line_case("missing_file", "dimension {}/nothing.npy")
line_case("missing_argument", "dimension")
line_case("unknown_command", "dimensions {}/x.npy")
line_case("unknown_option", "dimension {}/x.npy --neighbours 3")
line_case("unknown_estimator", "dimension {}/x.npy --estimator Oracle")
line_case("key_of_npy", "dimension {}/x.npy:a")
line_case("resize_of_numbers", "dimension {}/x.npy --resize 8")
line_case("resize_of_zero", "dimension {}/x.npy --resize 0")
line_case("negative_seed", "dimension {}/x.npy --seed -1")
line_case("seed_in_words", "dimension {}/x.npy --seed one")
line_case("mi_of_one_file", "mi {}/x.npy")
line_case("mi_of_unknown_estimator", "mi {}/x.npy {}/y.npy --estimator oracle")
line_case("mi_without_channel", "mi {}/x.npy {}/y.npy --estimator codebook")
line_case("noise_twice", "mi {}/x.npy {}/y.npy --noise-variance 1 --snr-db 0")
line_case("negative_noise", "mi {}/x.npy {}/y.npy --noise-variance -1")
line_case("infinite_snr", "mi {}/x.npy {}/y.npy --snr-db inf")
line_case("gains_without_noise", "mi {}/x.npy {}/y.npy --gains {}/y.npy")
line_case("odd_gains", "mi {}/x.npy {}/y.npy --noise-variance 1 --gains {}/y.npy")
line_case("no_information", "delta-star {}/x.npy")
line_case("information_twice", "delta-star {}/x.npy --mi-bits 4 --snr-db 5 --channel-uses 2")
line_case("negative_information", "delta-star {}/x.npy --mi-bits -3")
line_case("infinite_information", "delta-star {}/x.npy --mi-bits inf")
line_case("information_in_words", "delta-star {}/x.npy --mi-bits many")
line_case("one_bad_information_of_many", "delta-star {}/x.npy --mi-bits 3 -1 5")
line_case("outage_of_zero", "delta-star {}/x.npy --mi-bits 4 --outage 0")
line_case("outage_of_one", "delta-star {}/x.npy --mi-bits 4 --outage 0.1 1")
line_case("outage_in_percent", "delta-star {}/x.npy --mi-bits 4 --outage 10%")
line_case("no_channel_uses", "delta-star {}/x.npy --snr-db 5")
line_case("zero_channel_uses", "delta-star {}/x.npy --snr-db 5 --channel-uses 0")
line_case("half_a_channel_use", "delta-star {}/x.npy --snr-db 5 --channel-uses 1.5")
line_case("bad_ratio", "delta-star {}/x.npy --snr-db nan --channel-uses 4")
line_case("ratio_in_words", "delta-star {}/x.npy --snr-db 5dB --channel-uses 4")
line_case("unknown_fading", "delta-star {}/x.npy --snr-db 5 --channel-uses 4 --fading rice")
line_case("fading_without_channel", "delta-star {}/x.npy --mi-bits 5 --fading rayleigh")
line_case("uses_without_ratio", "delta-star {}/x.npy --mi-bits 5 --channel-uses 3")
line_case("missing_generated", "delta-star {}/x.npy --mi-bits 5 --generated {}/no.npy")
line_case("check_without_information", "check {}/x.npy {}/y.npy")
line_case("check_with_two_informations", "check {}/x.npy {}/y.npy --mi-bits 3 4")
line_case("check_negative_information", "check {}/x.npy {}/y.npy --mi-bits -2")
line_case("check_outage", "check {}/x.npy {}/y.npy --mi-bits 2 --outage 2")
line_case("unknown_group", "check {}/x.npy {}/y.npy --mi-bits 2 --group who")
line_case("group_of_points", "check {}/x.npy {}/y.npy --mi-bits 2 --group {}/y.npy")
line_case("unknown_case", "exact cube --dim 2 --snr-db 0")
line_case("no_dimension", "exact sphere --snr-db 0")
line_case("zero_dimension", "exact sphere --dim 0 --snr-db 0")
line_case("exact_without_ratio", "exact sphere --dim 2")
line_case("exact_infinite_ratio", "exact sphere --dim 2 --snr-db inf")
line_case("exact_outage", "exact torus --dim 2 --snr-db 0 --outage -0.1")
line_case("json_is_a_folder", "exact sphere --dim 2 --snr-db 0 --json {}")
line_case("json_below_a_file", "exact sphere --dim 2 --snr-db 0 --json {}/x.npy/r.json")
line_case("json_over_the_input", "dimension {}/x.npy --json {}/x.npy")
line_case("json_name_too_long", "exact sphere --dim 2 --snr-db 0 --json {}/" + 300 * "r")
line_case("report_is_a_file", "exact sphere --dim 2 --snr-db 0 --report {}/x.npy")
line_case("report_below_a_file", "exact sphere --dim 2 --snr-db 0 --report {}/x.npy/page")
line_case("json_and_report_alike", "exact sphere --dim 2 --snr-db 0 --json {}/o --report {}/o")
line_case("demo_into_a_file", "demo --quick --out {}/x.npy")


@case
def unpaired_rows(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    np.save(folder / "y.npy", CLOUD[:-1])
    return "mi {}/x.npy {}/y.npy"


@case
def constant_partner(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    np.save(folder / "y.npy", np.ones((40, 1)))
    return "mi {}/x.npy {}/y.npy"


@case
def pickled_npy(folder: Path) -> str:
    np.save(folder / "x.npy", np.array([{}], dtype=object), allow_pickle=True)
    return "dimension {}/x.npy"


@case
def pickle_file(folder: Path) -> str:
    (folder / "x.pkl").write_bytes(pickle.dumps(CLOUD))
    return "dimension {}/x.pkl"


@case
def truncated_npy(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    os.truncate(folder / "x.npy", 500)
    return "covering {}/x.npy"


@case
def wrong_key(folder: Path) -> str:
    np.savez(folder / "x.npz", a=CLOUD, b=CLOUD)
    return "dimension {}/x.npz:c"


@case
def missing_key(folder: Path) -> str:
    with h5py.File(folder / "x.h5", "w") as file:
        file["a"], file["b"] = CLOUD, CLOUD
    return "dimension {}/x.h5"


@case
def unknown_format(folder: Path) -> str:
    (folder / "x.docx").write_bytes(b"x")
    return "dimension {}/x.docx"


@case
def text_in_parquet(folder: Path) -> str:
    pq.write_table(pa.table({"x": ["a", "b"]}), folder / "x.parquet")
    return "dimension {}/x.parquet"


@case
def empty_folder(folder: Path) -> str:
    (folder / "images").mkdir()
    return "dimension {}/images"


@case
def folder_without_images(folder: Path) -> str:
    (folder / "images").mkdir()
    (folder / "images" / "a.txt").write_text("x")
    return "dimension {}/images"


@case
def corrupt_image(folder: Path) -> str:
    (folder / "images").mkdir()
    noise = np.random.default_rng(0).integers(0, 256, size=(20, 20), dtype=np.uint8)
    for name in ("a", "b", "c"):
        Image.fromarray(noise).save(folder / "images" / f"{name}.png")
    os.truncate(folder / "images" / "b.png", 200)
    return "dimension {}/images"


@case
def mixed_image_sizes(folder: Path) -> str:
    (folder / "images").mkdir()
    for side in (4, 5):
        Image.new("L", (side, side)).save(folder / "images" / f"{side}.png")
    return "dimension {}/images"


@case
def lengths_that_differ(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    np.save(folder / "y.npy", CLOUD[:-1])
    return "check {}/x.npy {}/y.npy --mi-bits 3"


@case
def widths_that_differ(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    np.save(folder / "y.npy", CLOUD[:, :2])
    return "delta-star {}/x.npy --mi-bits 3 --generated {}/y.npy"


@case
def groups_of_another_length(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    np.save(folder / "g.npy", np.arange(7))
    return "check {}/x.npy {}/x.npy --mi-bits 3 --group {}/g.npy"


def everything_below(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.lstat().st_size) for path in folder.rglob("*"))


@pytest.mark.parametrize("name", CASES)
def test_bad_input(tmp_path, capsys, name):
    arguments = [word.replace("{}", str(tmp_path)) for word in CASES[name](tmp_path).split()]
    out = tmp_path / "out"
    if "--json" not in arguments:
        arguments += ["--json", f"{out}/record.json"]
    if "--report" not in arguments:
        arguments += ["--report", f"{out}/page"]
    before = everything_below(tmp_path)

    code = main(arguments)

    captured = capsys.readouterr()
    assert code == 2, captured.err
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert captured.err.endswith("\n")
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert everything_below(tmp_path) == before


def test_debug_adds_the_traceback(tmp_path, capsys):
    assert main(["dimension", f"{tmp_path}/nothing.npy", "--debug"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-1].startswith("error: ")
