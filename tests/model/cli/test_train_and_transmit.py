"""``jscgc train``, ``transmit``, ``recipes``: results, records, one line for what is wrong."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from jscgc_model.recipes import RECIPES
from jscgc_model.recipes.autoencoder_recipe import AUTOENCODER_RECIPES
from jscgc_model.recipes.gpu_recipes import GPU_RECIPES
from jscgc_model.recipes.judge_recipe import JUDGE_RECIPES
from jscgc_model.recipes.run_folder import load_run
from jscgc_model.training.checkpoints import checkpoint_folders
from jscgc_theory.cli import main
from tests.model.training.small_runs import IMAGES, SPHERE, as_options


def train_line(name, changes, folder, *more):
    steps = ("training.n_steps=2", "training.save_every=1")
    options = as_options([*changes, *steps])
    return ["train", "--recipe", name, *options, "--out", str(folder), *more]


@pytest.fixture(scope="module")
def images_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    record = folder / "record.json"
    assert main(train_line("tiny_images", IMAGES, folder, "--json", str(record))) == 0
    return folder


@pytest.fixture(scope="module")
def sphere_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sphere")
    assert main(train_line("tiny_sphere", SPHERE, folder)) == 0
    return folder


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in ("a.png", "b.png", "b.bmp"):
        Image.fromarray(rng.integers(0, 256, (8, 8), dtype=np.uint8)).save(folder / name)
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(capsys, *arguments):
    """Return the one line of a command that ends with exit code 2."""
    capsys.readouterr()
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    return said.err


def test_the_record_of_a_training_run(images_run):
    record = json.loads((images_run / "record.json").read_text())
    results = record["results"]
    assert (record["kind"], results["recipe"]) == ("train", "tiny_images")
    assert results["n_steps_done"] == 2
    assert results["last_loss"] > 0.0
    system = load_run(images_run).system
    for part, count in results["n_parameters"].items():
        learning = [one for one in getattr(system, part).parameters() if one.requires_grad]
        assert count == sum(one.numel() for one in learning)
    assert (images_run / "pipeline" / "model_index.json").is_file()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["--set", "training.n_step=3"], "'training.n_step=3' sets nothing; give KEY=VALUE, with"),
        (["--set", "training.n_steps=0"], "n_steps = 0 is too small; give at least 1"),
        (["--set", "architecture.d_state=0"], "d_state = 0 is too small; give at least 1"),
        (["--processes", "0"], "--processes = 0"),
        (["--recipe", "huge"], "recipe = 'huge' is unknown; choose from tiny_sphere"),
    ],
)
def test_a_wrong_setting_is_named(capsys, tmp_path, changes, message):
    line = ["train", "--recipe", "tiny_images", "--out", f"{tmp_path}/run", *changes]
    assert message in refused(capsys, *line)


def test_a_run_is_neither_overwritten_nor_mixed(capsys, images_run):
    before = contents(images_run)
    line = train_line("tiny_images", IMAGES, images_run)
    assert "holds a training run already; resume it (--resume)" in refused(capsys, *line)
    other = [*line, "--resume", "--set", "training.batch_size=2", "--seed", "3"]
    assert "other settings (training.batch_size, training.seed)" in refused(capsys, *other)
    assert contents(images_run) == before


@pytest.mark.parametrize("content", [b"", b"\x80\x04}q\x00."], ids=["empty", "pickle"])
def test_a_damaged_checkpoint_is_named_and_kept(capsys, tmp_path, content):
    line = train_line("tiny_sphere", SPHERE, tmp_path)
    assert main(line) == 0
    newest = checkpoint_folders(tmp_path / "checkpoints")[-1]
    file = newest / "weights.safetensors"
    whole = file.read_bytes()
    file.write_bytes(content)
    before = contents(tmp_path)
    message = "step_00000002 cannot be used: weights.safetensors is not what was written; move it"
    assert message in refused(capsys, *line, "--resume")
    points = tmp_path.parent / f"{tmp_path.name}.npy"
    np.save(points, np.eye(3))
    send = ["transmit", str(points), "--checkpoint", str(tmp_path), "--snr-db", "5"]
    assert message in refused(capsys, *send, "--out", f"{tmp_path}_sent")
    assert contents(tmp_path) == before
    # Without it the run goes on from the one before, and ends the same.
    newest.rename(tmp_path / "aside")
    assert main([*line, "--resume"]) == 0
    assert file.read_bytes() == whole


def send(source, run, out, *more):
    line = ["transmit", str(source), "--checkpoint", str(run), "--out", str(out), "--snr-db", "5"]
    return [*line, *more]


@pytest.mark.parametrize("checkpoint", [".", "pipeline"])
def test_a_folder_of_images_is_sent(images_run, pictures, tmp_path, checkpoint):
    out, record = tmp_path / "sent", tmp_path / "record.json"
    line = send(pictures, images_run / checkpoint, out, "--draws", "2", "--json", str(record))
    assert main([*line, "--quiet"]) == 0
    names = ["000000_a", "000001_b", "000002_b"]
    expected = {f"{name}_draw{draw}.png" for name in names for draw in (0, 1)}
    sheets = {"contact_sheet.pdf", "contact_sheet.png"}
    assert {path.name for path in out.iterdir()} == {*expected, *sheets, "generated.npy"}
    generated = np.load(out / "generated.npy")
    assert generated.shape == (3, 2, 1, 8, 8)
    for place, name in enumerate(names):
        drawn = np.asarray(Image.open(out / f"{name}_draw1.png")) / 255.0
        np.testing.assert_allclose(
            drawn, generated[place, 1, 0].clip(0.0, 1.0), rtol=0, atol=0.5 / 255 + 1e-6
        )
    results = json.loads(record.read_text())["results"]
    assert (results["n_samples"], results["n_draws"], results["n_symbols"]) == (3, 2, 4)
    assert results["bandwidth_ratio"] == 4 / 64
    assert results["capacity_bits"] == pytest.approx(4 * np.log2(1 + 10**0.5))
    files = sorted(pictures.iterdir(), key=lambda path: path.name)
    sent = np.stack([np.asarray(Image.open(path)) for path in files]) / 255.0
    misses = np.square(generated[:, :, 0] - sent[:, None]).sum(axis=(2, 3)).mean(axis=1)
    np.testing.assert_allclose(results["distance"], np.sqrt(misses), rtol=1e-5)


def test_one_image_is_sent_and_resized(images_run, pictures, tmp_path):
    assert main(send(pictures / "a.png", images_run, tmp_path / "sent", "--steps", "1")) == 0
    assert sorted(path.name for path in (tmp_path / "sent").iterdir()) == [
        "a_draw0.png", "contact_sheet.pdf", "contact_sheet.png", "generated.npy"
    ]  # fmt: skip
    Image.fromarray(np.zeros((30, 21), dtype=np.uint8)).save(tmp_path / "wide.png")
    assert main(send(tmp_path / "wide.png", images_run, tmp_path / "r", "--resize", "16")) == 0
    assert np.load(tmp_path / "r" / "generated.npy").shape == (1, 1, 1, 16, 16)


def test_points_are_sent(sphere_run, images_run, tmp_path):
    np.save(tmp_path / "points.npy", np.eye(3))
    for place, seed in enumerate(("1", "1", "2")):
        line = send(tmp_path / "points.npy", sphere_run, tmp_path / str(place), "--seed", seed)
        assert main(line) == 0
    first, again, other = (np.load(tmp_path / str(n) / "generated.npy") for n in range(3))
    assert first.shape == (3, 1, 3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    np.save(tmp_path / "pixels.npy", np.full((2, 64), 0.5))
    assert main(send(tmp_path / "pixels.npy", images_run, tmp_path / "images")) == 0
    assert np.load(tmp_path / "images" / "generated.npy").shape == (2, 1, 1, 8, 8)
    assert (tmp_path / "images" / "000001_draw0.png").is_file()


def test_what_cannot_be_sent_is_named(capsys, images_run, sphere_run, pictures, tmp_path):
    whole = (pictures / "a.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    Image.fromarray(np.zeros((9, 8), dtype=np.uint8)).save(tmp_path / "nine.png")
    np.save(tmp_path / "sixty.npy", np.ones((2, 60)))
    np.save(tmp_path / "four.npy", np.ones((2, 4)))
    for name, run, message in [
        ("no.png", images_run, "no.png does not exist"),
        ("cut.png", images_run, "cut.png cannot be read as an image"),
        ("nine.png", images_run, "9 x 8 cells does not divide into tokens"),
        ("sixty.npy", images_run, "points of 60 numbers, no square image of 1 channels"),
        ("four.npy", sphere_run, "vectors of 4 numbers do not fit an encoder of 3"),
        ("four.npy", tmp_path, "holds no recipe.json; give the folder of a training run"),
    ]:
        assert message in refused(capsys, *send(tmp_path / name, run, tmp_path / "sent"))
    assert not (tmp_path / "sent").exists()


def test_what_is_sent_is_not_overwritten(capsys, images_run, pictures):
    before = contents(pictures)
    for source in (pictures, pictures / "a.png"):
        line = send(source, images_run, pictures)
        assert "lies; give another folder" in refused(capsys, *line)
    line = send(pictures / "a.png", images_run, pictures.parent / "sent")
    assert "would overwrite" in refused(capsys, *line, "--json", str(pictures / "a.png"))
    assert contents(pictures) == before


def test_recipes_are_listed(capsys):
    assert main(["recipes", "--json", "-"]) == 0
    listed = json.loads(capsys.readouterr().out)["results"]["recipes"]
    families = (RECIPES, GPU_RECIPES, JUDGE_RECIPES, AUTOENCODER_RECIPES)
    assert [one["name"] for one in listed] == [name for family in families for name in family]
    assert all(one["about"] and one["n_steps"] > 0 for one in listed)


def test_help_needs_no_torch():
    code = (
        "import sys; from jscgc_theory.cli import main; code = main(['--help']);"
        "print(code, *[name for name in ('torch', 'diffusers', 'accelerate', 'numpy.linalg',"
        "'pandas') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "transmit" in done.stdout
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_colour_and_grey_are_converted(tmp_path):
    line = train_line("tiny_images", [*IMAGES, "source.channels=3"], tmp_path / "run")
    assert main(line) == 0
    Image.fromarray(np.full((8, 8), 30, dtype=np.uint8)).save(tmp_path / "grey.png")
    assert main(send(tmp_path / "grey.png", tmp_path / "run", tmp_path / "sent")) == 0
    assert np.asarray(Image.open(tmp_path / "sent" / "grey_draw0.png")).shape == (8, 8, 3)
    expected = load_run(tmp_path / "run")(
        torch.full((1, 3, 8, 8), 30 / 255.0), 5.0, generator=torch.Generator().manual_seed(0)
    )
    generated = np.load(tmp_path / "sent" / "generated.npy")
    np.testing.assert_allclose(generated, expected.samples.numpy(), rtol=0, atol=1e-6)
    assert expected.samples.shape[2:] == (3, 8, 8)
