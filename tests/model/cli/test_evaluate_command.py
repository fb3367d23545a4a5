"""``jscgc evaluate``: systems by name, the metrics that fit, one line for what is wrong."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from jscgc_model.cli.contact_sheet import contact_sheet
from jscgc_model.data import torch_stream
from jscgc_model.evaluation import EvaluationReport
from jscgc_model.metrics import ImagePairs, make_metric
from jscgc_model.metrics.judge_network import build_judge
from jscgc_model.recipes.run_folder import load_run
from jscgc_theory.cli import main
from tests.model.data.image_sets import as_bytes, write_parquet
from tests.model.training.small_runs import IMAGES, SPHERE, as_options

COLOUR = ("source.channels=3",)
SHORT = ("training.n_steps=1", "training.save_every=1")


def train(name, changes, folder):
    line = ["train", "--recipe", name, *as_options([*changes, *SHORT]), "--out", str(folder)]
    assert main(line) == 0
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A colour system and a grey one of 8 x 8 pixels, and a judge that knows nothing."""
    folder = tmp_path_factory.mktemp("runs")
    train("tiny_images", [*IMAGES, *COLOUR], folder / "colour")
    train("tiny_images", IMAGES, folder / "grey")
    judge = build_judge("cifar_cnn", 8, ("a", "b", "c"), (4, 6), 1, seed=0).eval()
    judge.save_pretrained(folder / "judge")
    return folder


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    rng = np.random.default_rng(0)
    images = [as_bytes(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)) for _ in range(12)]
    # Labels in this table count its rows.
    return write_parquet(tmp_path_factory.mktemp("table") / "set.parquet", images)


def results(folder, *arguments):
    record = folder / "record.json"
    assert main(["evaluate", *map(str, arguments), "--json", str(record)]) == 0
    return json.loads(record.read_text())


def refused(capsys, *arguments):
    capsys.readouterr()
    assert main(["evaluate", *map(str, arguments)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    return said.err


def test_values_are_those_of_the_pipeline_and_the_metric(runs, table, tmp_path):
    record = results(
        tmp_path, "--checkpoint", runs / "colour", "--data", table, "--snr-db", "3", "--seed", "5"
    )
    report = EvaluationReport.model_validate(record["results"])
    (row,) = report.rows
    assert (row.system, row.n_images, row.n_steps) == ("colour", 12, 3)
    images = torch.stack(
        [
            torch.from_numpy(np.array(Image.open(one))).movedim(2, 0) / 255.0
            for one in decoded(table)
        ]
    )
    generator = torch_stream(5, "evaluation")
    made = load_run(runs / "colour")(images, 3.0, generator=generator).samples[:, 0]
    pairs = ImagePairs(
        originals=images, reconstructions=made.clamp(0.0, 1.0), sources=torch.arange(12)
    )
    metric = make_metric("psnr")
    expected = metric.estimate([metric.observe(pairs)])
    assert row.metrics["psnr"].value == pytest.approx(expected.value, abs=1e-4)
    assert record["inputs"][0]["n_points"] == 12


def decoded(table):
    from io import BytesIO

    import pyarrow.parquet as pq

    rows = pq.read_table(table).column("image").to_pylist()
    return [BytesIO(row["bytes"]) for row in rows]


def test_metrics_that_fit_are_taken_by_default(runs, table, tmp_path):
    record = results(
        tmp_path, "--checkpoint", f"mine={runs / 'colour'}", "--data", table, "--snr-db", "0",
        "--weights", f"cifar_cnn={runs / 'judge'}", "--reference", "webp", "--samples", "8",
    )  # fmt: skip
    report = EvaluationReport.model_validate(record["results"])
    assert report.systems == ("mine", "webp at capacity")
    # SSIM needs 11 pixels, these images have 8.
    assert report.metrics == (
        "psnr", "fd_cifar_cnn", "class_consistency_cifar_cnn", "class_accuracy_cifar_cnn",
        "cosine_cifar_cnn", "perceptual_cifar_cnn",
    )  # fmt: skip
    mine, reference = report.rows
    assert mine.n_symbols == reference.n_symbols
    assert reference.n_parameters == 0
    assert mine.n_images == 8


def test_drawn_images_are_judged_by_their_drawing(runs, tmp_path):
    record = results(
        tmp_path, "--checkpoint", runs / "grey", "--snr-db", "0", "--samples", "12", "--draws", "2"
    )
    report = EvaluationReport.model_validate(record["results"])
    assert report.metrics == (
        "psnr", "nearest_drawn_image", "factor_error_x", "factor_error_y", "factor_error_size",
        "factor_error_intensity",
    )  # fmt: skip
    assert len(report.rows[0].draw_values["psnr"]) == 2


def test_the_page_and_what_is_kept(runs, table, tmp_path):
    arguments = (
        "--checkpoint", runs / "colour", "--data", table, "--snr-db", "0", "10",
        "--metric", "psnr", "--out", tmp_path / "out",
    )  # fmt: skip
    first = results(tmp_path, *arguments, "--report", tmp_path / "page")
    kept = EvaluationReport.from_json(tmp_path / "out" / "evaluation.json")
    assert kept == EvaluationReport.model_validate(first["results"])
    assert len(list((tmp_path / "out").glob("cell_*.json"))) == 2
    page = (tmp_path / "page" / "report.html").read_text()
    assert "psnr (dB), higher is better, over the SNR" in page
    assert {"metrics_over_snr.pdf", "contact_sheet.pdf"} <= {
        path.name for path in (tmp_path / "page").iterdir()
    }
    # Times too are those of the first run: nothing was sent again.
    assert results(tmp_path, *arguments)["results"] == first["results"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--metric", "psnt"], "metric 'psnt' is unknown; choose one of psnr"),
        (["--metric", "lpips_alex"], "metric lpips_alex needs the weights of lpips_alex; add"),
        (["--metric", "fd_cifar_cnn"], "needs the weights of cifar_cnn; add --weights cifar_cnn="),
        (["--weights", "cifar_cnn"], "--weights cifar_cnn is not NAME=PATH"),
        (["--weights", "cifar_cnn=nowhere"], "nowhere does not exist"),
        (["--reference", "bmp"], "image_format = 'bmp' is unknown; choose jpeg or webp"),
        (["--metric", "ssim"], "colour at -5 dB: ssim needs images of at least 11 pixels"),
        (["--draws", "0"], "n_draws = 0 is too small"),
    ],
)
def test_what_cannot_be_measured_is_told(capsys, runs, table, arguments, message):
    given = ["--checkpoint", runs / "colour", "--data", table]
    assert message in refused(capsys, *given, *arguments)


def test_what_is_no_system_or_no_image_is_told(capsys, runs, table, tmp_path):
    colour, grey = runs / "colour", runs / "grey"
    two = ["--checkpoint", colour, "--checkpoint"]
    assert "is called colour already; give NAME=DIR" in refused(capsys, *two, colour)
    assert "takes 1; evaluate apart" in refused(capsys, *two, grey)
    assert "is no folder; give that" in refused(capsys, "--checkpoint", tmp_path / "none")
    assert "holds no recipe.json" in refused(capsys, "--checkpoint", tmp_path)
    assert "no images" in refused(capsys, "--checkpoint", colour, "--data", tmp_path)


def test_systems_of_points_are_refused(capsys, tmp_path):
    sphere = train("tiny_sphere", SPHERE, tmp_path / "sphere")
    assert "sphere takes no images" in refused(capsys, "--checkpoint", sphere)


def test_a_contact_sheet_lies_beside_what_is_generated(runs, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in ("a.png", "b.png"):
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).save(folder / name)
    out = tmp_path / "sent"
    line = ["transmit", str(folder), "--checkpoint", str(runs / "colour"), "--snr-db", "5"]
    assert main([*line, "--draws", "3", "--out", str(out)]) == 0
    with Image.open(out / "contact_sheet.png") as sheet:
        assert sheet.width == pytest.approx(300 * 7.16, abs=1)
    assert (out / "contact_sheet.pdf").is_file()


@pytest.mark.parametrize(("side", "n_shown"), [(8, 8), (130, 4)])
def test_a_contact_sheet_holds_sources_above_their_draws(side, n_shown):
    rng = torch.Generator().manual_seed(0)
    samples = torch.rand(9, 3, side, side, generator=rng)
    draws = torch.rand(9, 2, 3, side, side, generator=rng)
    sheet = contact_sheet(samples, draws)
    assert sheet.labels == ("source", "draw 0", "draw 1")
    expected = torch.stack([samples, draws[:, 0], draws[:, 1]])[:, :n_shown]
    np.testing.assert_allclose(sheet.pixels(), expected.numpy(), atol=0.51 / 255)


def test_the_judge_is_trained_by_the_command(tmp_path, table):
    rng = np.random.default_rng(1)
    images = [as_bytes(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)) for _ in range(10)]
    for split in ("train", "test"):
        write_parquet(tmp_path / "set" / f"{split}.parquet", images)
    changes = [
        f"source.path={tmp_path / 'set'}", "source.side=8", 'architecture.widths=[4]',
        "training.n_steps=2", "training.batch_size=8",
    ]  # fmt: skip
    record = tmp_path / "judge.json"
    line = ["train", "--recipe", "cifar_16_judge", *as_options(changes), "--out"]
    assert main([*line, str(tmp_path / "run"), "--json", str(record)]) == 0
    found = json.loads(record.read_text())["results"]
    assert (found["name"], found["n_training_images"]) == ("cifar_cnn", 10)
    assert 0.0 <= found["held_out_accuracy"]["value"] <= 1.0
    assert (tmp_path / "run" / "recipe.json").is_file()


def test_a_judge_is_trained_by_one_process(capsys, tmp_path):
    line = ["train", "--recipe", "cifar_16_judge", "--processes", "2", "--out", f"{tmp_path}/run"]
    assert main(line) == 2
    assert "--processes = 2: a judge is trained by one" in capsys.readouterr().err
