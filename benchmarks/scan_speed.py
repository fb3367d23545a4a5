"""How much faster than the plain autograd loop are the selective scans, and are they as exact?

Times forward and backward of each form on the same random arguments on one CPU thread, and
measures the largest relative error of outputs, final state and gradients against the float64
loop, at the ordinary step sizes and at twenty times those:

    python benchmarks/scan_speed.py --out benchmarks/results/scan_speed.json
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from jscgc_model.encoder.selective_scan.s6 import s6_loop_scan, s6_odd_even_scan
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
from jscgc_model.encoder.selective_scan.ssd import chunked_ssd_scan
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

BATCH, N_HEADS, HEAD_DIM, D_STATE = 8, 6, 32, 16
LENGTHS = (16, 256, 1024)
STRONGER = (1.0, 20.0)
Scan = Callable[..., tuple[Tensor, Tensor]]


def main() -> None:
    """Time and judge every form at every length and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    load_before = os.getloadavg()[0]
    rows = []
    for length in LENGTHS:
        rows += rows_of("ssd", length, {"loop": ssd_loop, "chunked": chunked_ssd_scan}, arguments)
        s6_forms = {"loop": sequential_scan, "in_place": s6_loop_scan}
        rows += rows_of("s6", length, s6_forms | {"odd_even": s6_odd_even_scan}, arguments)
    record = {
        "question": (__doc__ or "").splitlines()[0],
        "batch": BATCH,
        "n_heads": N_HEADS,
        "head_dim": HEAD_DIM,
        "d_state": D_STATE,
        "dtype": "float32",
        "n_threads": 1,
        "machine": {
            "architecture": platform.machine(),
            "n_cpus": os.cpu_count(),
            "load_average_before": load_before,
        },
        "versions": installed_versions(),
        "rows": rows,
    }
    write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")


def rows_of(
    decay: str, length: int, forms: dict[str, Scan], options: argparse.Namespace
) -> list[dict[str, object]]:
    """Return one row for each form; the first is what the others are compared to."""
    cases = [scan_arguments(decay, length, stronger) for stronger in STRONGER]
    truths = [
        results_and_gradients(forms["loop"], [values.double() for values in case])
        for case in cases
    ]
    rows: list[dict[str, object]] = []
    seconds = interleaved_seconds(forms, cases[0], options.repeats)
    for name, scan in forms.items():
        errors = [
            largest_relative_error(results_and_gradients(scan, case), truth)
            for case, truth in zip(cases, truths, strict=True)
        ]
        row = {
            "decay": decay,
            "form": name,
            "length": length,
            "forward_backward_s": round(seconds[name], 5),
            "times_faster_than_loop": round(seconds["loop"] / seconds[name], 2),
        }
        names = [f"relative_error_at_{stronger:g}_times_dt" for stronger in STRONGER]
        rows.append(row | dict(zip(names, errors, strict=True)))
        print(json.dumps(rows[-1]), flush=True)
    return rows


def scan_arguments(decay: str, length: int, stronger: float) -> list[Tensor]:
    """Return x, dt, a, b and c; with one decay a head the columns stand in heads."""
    generator = torch.Generator().manual_seed(length)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    d_inner = N_HEADS * HEAD_DIM
    columns = (N_HEADS, HEAD_DIM) if decay == "ssd" else (d_inner,)
    steps = N_HEADS if decay == "ssd" else d_inner
    return [
        normal(BATCH, length, *columns),
        stronger * functional.softplus(normal(BATCH, length, steps) - 3.0),
        -normal(*((N_HEADS,) if decay == "ssd" else (d_inner, D_STATE))).exp(),
        normal(BATCH, length, 1, D_STATE),
        normal(BATCH, length, 1, D_STATE),
    ]


def ssd_loop(x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Run the plain loop with one decay a head."""
    batch, length = x.shape[:2]
    state = x.new_zeros(batch, N_HEADS, HEAD_DIM, D_STATE)
    outputs = []
    for token in range(length):
        decay = torch.exp(dt[:, token] * a)[..., None, None]
        drive = (dt[:, token, :, None] * x[:, token])[..., None] * b[:, token, :, None]
        state = decay * state + drive
        outputs.append((state * c[:, token, :, None]).sum(dim=-1))
    return torch.stack(outputs, dim=1), state


def interleaved_seconds(
    forms: dict[str, Scan], arguments: Sequence[Tensor], repeats: int
) -> dict[str, float]:
    """Return each form's best time; the forms take turns, so that they share what disturbs."""
    best = dict.fromkeys(forms, float("inf"))
    for _ in range(repeats):
        for name, scan in forms.items():
            start = time.perf_counter()
            results_and_gradients(scan, arguments)
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def results_and_gradients(scan: Scan, arguments: Sequence[Tensor]) -> list[Tensor]:
    """Return outputs, final state, and the gradients of the sum of both."""
    leaves = [values.detach().requires_grad_() for values in arguments]
    y, final = scan(*leaves)
    gradients = torch.autograd.grad(y.sum() + final.sum(), leaves)
    return [y.detach(), final.detach(), *gradients]


def largest_relative_error(found: Sequence[Tensor], truth: Sequence[Tensor]) -> float:
    """Return the largest error of any tensor, in units of that tensor's largest entry."""
    errors = [
        float((f.double() - t).abs().max() / t.abs().max())
        for f, t in zip(found, truth, strict=True)
    ]
    return max(errors)


if __name__ == "__main__":
    main()
