"""Every part of the suite for GPUs runs in the size of a test, and a finished part is kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

SUITE = Path(__file__).resolve().parents[3] / "benchmarks" / "gpu_suite.py"
PARTS = {
    "kernel_equality", "training_rates", "sampling_latency", "paper_shape",
    "nearest_neighbours", "cifar_training",
}  # fmt: skip


def suite(folder, *more):
    options = ["--device", "cpu", "--size", "tiny", "--out", str(folder), *more]
    done = subprocess.run(
        [sys.executable, str(SUITE), *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def records(folder):
    return {one.stem: json.loads(one.read_text()) for one in folder.glob("*.json")}


def test_scans_and_neighbours_are_judged(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(SUITE.parent))
    from gpu_parts import PARTS as FUNCTIONS
    from gpu_parts import Setting

    assert FUNCTIONS.keys() == PARTS
    setting = Setting(
        device=torch.device("cpu"), is_tiny=True, folder=tmp_path, cifar=None, seconds=1.0
    )
    for scan in FUNCTIONS["kernel_equality"](setting)["scans"].values():
        for form in scan.values():
            assert form["relative_error"] < 1e-4
    found = FUNCTIONS["nearest_neighbours"](setting)
    assert found["largest_relative_difference_to_faiss"] < 1e-4


@pytest.mark.slow
def test_every_part_in_the_size_of_a_test(tmp_path):
    suite(tmp_path)
    found = records(tmp_path)
    assert found.keys() == PARTS
    for record in found.values():
        assert record["size"] == "tiny"
        assert record["machine"]["n_cpus"] >= 1
    for name in ("cifar_32", "natural_256"):
        rate = found["training_rates"]["found"][name]
        assert rate["flops_per_second"] == pytest.approx(
            rate["flops_of_a_step"] / rate["seconds_of_a_step"]
        )
        assert found["sampling_latency"]["found"][name]["n_steps"] == 9
    assert found["paper_shape"]["found"]["sampling"]["seconds_of_one"] > 0.0
    assert found["cifar_training"]["found"]["cifar_32_mamba"]["n_steps"] == 2
    assert "kernel_equality: kept" in suite(tmp_path)


@pytest.mark.slow
def test_a_part_that_runs_out_of_time_goes_on(tmp_path):
    assert '"is_finished": false' in suite(tmp_path, "--part", "cifar_training", "--seconds", "0")
    assert not (tmp_path / "cifar_training.json").exists()
