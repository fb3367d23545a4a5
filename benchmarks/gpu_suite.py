"""What does each recipe reach on one GPU: exactness, rate, share of its peak, memory, latency?

Each part is one call of less than nine minutes on one H100 or H200, with no network; it writes
its own JSON beside those of the other parts, with a record of the machine. A part that is there
already is left alone, so that the suite goes on where it was stopped.

    python benchmarks/gpu_suite.py --part training_rates --out benchmarks/results/gpu
    python benchmarks/gpu_suite.py --out benchmarks/results/gpu          # all that is missing
    python benchmarks/gpu_suite.py --device cpu --size tiny --out OUT    # every part in seconds
"""

import argparse
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import torch
from gpu_parts import PARTS, Setting

from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically


def main() -> None:
    """Run the parts that are asked for and not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=list(PARTS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--size", choices=["full", "tiny"], default="full")
    parser.add_argument("--cifar", type=Path, help="folder of CIFAR-10's tables")
    parser.add_argument("--seconds", type=float, default=480.0, help="most of one part")
    parser.add_argument("--again", action="store_true", help="run parts that are there already")
    arguments = parser.parse_args()
    setting = Setting(
        device=torch.device(arguments.device),
        is_tiny=arguments.size == "tiny",
        folder=arguments.out,
        cifar=arguments.cifar,
        seconds=arguments.seconds,
    )
    for name in arguments.part or PARTS:
        path = arguments.out / f"{name}.json"
        if path.exists() and not arguments.again:
            print(f"{name}: kept", flush=True)
            continue
        record = recorded(name, setting)
        if record["is_finished"]:
            write_text_atomically(path, json.dumps(record, indent=1) + "\n")
        print(name, json.dumps(record), flush=True)


def recorded(name: str, setting: Setting) -> dict[str, Any]:
    """Run a part; return what it found and on what machine."""
    started = time.perf_counter()
    if setting.is_cuda:
        torch.cuda.reset_peak_memory_stats(setting.device)
    found = PARTS[name](setting)
    return {
        "part": name,
        "question": (PARTS[name].__doc__ or "").splitlines()[0],
        "is_finished": found.pop("is_finished", True),
        "size": "tiny" if setting.is_tiny else "full",
        "machine": machine(setting),
        "versions": installed_versions() | {"torch_cuda": str(torch.version.cuda)},
        "seconds": time.perf_counter() - started,
        "found": found,
    }


def machine(setting: Setting) -> dict[str, Any]:
    """Return what the numbers depend on beside the software."""
    told: dict[str, Any] = {"n_cpus": os.cpu_count(), "architecture": platform.machine()}
    if setting.is_cuda:
        properties = torch.cuda.get_device_properties(setting.device)
        told |= {"gpu": properties.name, "gpu_memory_bytes": properties.total_memory}
    return told


if __name__ == "__main__":
    main()
