"""JSCGC and its baselines on CIFAR-10 at 16 x 16 pixels: the paper's Figs. 3 and 4, small.

Trains the judge and every system of the family ``cifar_16``, less than twenty minutes of one core
each, and evaluates them side by side on held-out images. What is trained already is left
alone and what was stopped goes on, so the same command can be called again:

    OMP_NUM_THREADS=1 python benchmarks/cifar_16.py --cifar FOLDER --runs runs/cifar_16
    jscgc figures --only fig3 --only fig4

With ``--only`` parts are trained apart, such as two at a time on two cores.
"""

import argparse
import json
import time
from pathlib import Path

from jscgc_theory.cli import main as jscgc
from jscgc_theory.records.whole_files import write_text_atomically

SYSTEMS = {
    "JSCGC": "cifar_16",
    "DiffJSCC": "cifar_16_diff",
    "MambaJSCC-judge": "cifar_16_mamba_judge",
    "MambaJSCC": "cifar_16_mamba",
    "CJSCC": "cifar_16_cjscc",
}
JUDGE = "cifar_16_judge"
SNR_DB = ("-5", "0", "5", "10")
RECORD = Path(__file__).parent.parent / "paper_figs" / "records" / "evaluation_cifar_16.json"


def main() -> None:
    """Train what is missing, then evaluate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cifar", type=Path, required=True, help="folder of CIFAR-10's tables")
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=[JUDGE, *SYSTEMS.values()])
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--record", type=Path, default=RECORD)
    arguments = parser.parse_args()
    for recipe in arguments.only or (JUDGE, *SYSTEMS.values()):
        train(recipe, arguments.cifar, arguments.runs)
    if not arguments.only:
        evaluate(arguments)


def train(recipe: str, cifar: Path, runs: Path) -> None:
    """Train by a recipe, or go on with it; the time of the last call is kept beside the run."""
    folder, spent = runs / recipe, runs / f"{recipe}_seconds.json"
    if spent.exists():
        return
    command = ["train", "--recipe", recipe, "--out", str(folder), "--resume"]
    command += ["--set", f"source.path={cifar}"]
    if recipe == "cifar_16_mamba_judge":
        command += ["--set", f"architecture.perceptual.folder={runs / JUDGE}"]
    started = time.process_time()
    run(command)
    seconds = {"recipe": recipe, "processor_seconds": time.process_time() - started}
    write_text_atomically(spent, json.dumps(seconds) + "\n")


def evaluate(arguments: argparse.Namespace) -> None:
    """Evaluate all systems and JPEG at the capacity on the images of the test table."""
    command = ["evaluate", "--data", str(arguments.cifar / "test.parquet"), "--resize", "16"]
    for name, recipe in SYSTEMS.items():
        command += ["--checkpoint", f"{name}={arguments.runs / recipe}"]
    command += ["--weights", f"cifar_cnn={arguments.runs / JUDGE}"]
    command += ["--reference", "jpeg_without_headers", "--samples", str(arguments.samples)]
    command += ["--snr-db", *SNR_DB, "--out", str(arguments.runs / "evaluation")]
    command += ["--json", str(arguments.record)]
    run([*command, "--report", str(arguments.runs / "report")])


def run(command: list[str]) -> None:
    """Call ``jscgc`` and stop where it fails."""
    status = jscgc(command)
    if status:
        raise SystemExit(status)


if __name__ == "__main__":
    main()
