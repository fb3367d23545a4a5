"""The commands on systems that reconstruct: trained, sent, and no sweep of what has no field."""

import json

import numpy as np
import pytest

from jscgc_theory.cli import main
from tests.model.data.image_sets import as_bytes, place_image, write_folder, write_parquet
from tests.model.training.small_runs import RECONSTRUCTIONS, as_options


@pytest.fixture(scope="module", params=sorted(RECONSTRUCTIONS))
def run_folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    changes = [*RECONSTRUCTIONS[request.param], "training.n_steps=2"]
    line = ["train", "--recipe", f"tiny_images_{request.param}", *as_options(changes)]
    assert main([*line, "--out", str(folder), "--json", f"{folder}/record.json"]) == 0
    return folder


def test_a_training_tells_the_parameters_of_each_network(run_folder):
    results = json.loads((run_folder / "record.json").read_text())["results"]
    assert results["n_parameters"].keys() == {"encoder", "decoder"}
    assert min(results["n_parameters"].values()) > 500


@pytest.mark.parametrize("checkpoint", [".", "pipeline"])
def test_images_are_sent(run_folder, checkpoint, tmp_path):
    pictures = write_folder(tmp_path / "in", {"a.png": place_image(8, 8)})
    line = ["transmit", str(pictures), "--checkpoint", str(run_folder / checkpoint)]
    out = tmp_path / "sent"
    assert main([*line, "--snr-db", "5", "--draws", "2", "--out", str(out)]) == 0
    generated = np.load(out / "generated.npy")
    assert generated.shape == (1, 2, 1, 8, 8)
    np.testing.assert_array_equal(generated[:, 0], generated[:, 1])
    assert (out / "a_draw1.png").is_file()


def test_a_sweep_is_refused_with_what_measures_it_instead(run_folder, capsys):
    capsys.readouterr()
    assert main(["sweep", "--checkpoint", str(run_folder)]) == 2
    said = capsys.readouterr().err
    assert "which has no velocity field" in said
    assert "measure it with jscgc evaluate" in said


def test_skipped_images_are_told_and_listed(tmp_path, capsys):
    images = [as_bytes(place_image(32, 32, 1)), b"nothing", as_bytes(place_image(32, 32, 2))]
    write_parquet(tmp_path / "train.parquet", images, paths=["a", "broken", "c"])
    changes = [f"source.path={tmp_path}", "training.n_steps=3", "training.batch_size=8"]
    line = ["train", "--recipe", "cifar_16_cjscc", *as_options(changes)]
    assert main([*line, "--out", f"{tmp_path}/run", "--json", f"{tmp_path}/record.json"]) == 0
    assert "1 of 3 images were skipped, such as train/broken" in " ".join(
        capsys.readouterr().out.split()
    )
    results = json.loads((tmp_path / "record.json").read_text())["results"]
    assert results["reading"]["n_skipped"] == 1
    stored = json.loads((tmp_path / "run" / "reading.json").read_text())
    assert stored["skipped"] == results["reading"]["skipped"]
