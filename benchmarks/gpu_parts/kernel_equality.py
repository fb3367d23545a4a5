"""Do the kernels of mamba-ssm and our scans in PyTorch agree?"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from gpu_parts.setting import Setting
from jscgc_model.encoder.selective_scan.kernels import (
    s6_by_kernel,
    s6_kernel,
    ssd_by_kernel,
    ssd_kernel,
)
from jscgc_model.encoder.selective_scan.s6 import s6_odd_even_scan
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
from jscgc_model.encoder.selective_scan.ssd import chunked_ssd_scan

Scan = Callable[..., Tensor]


def kernel_equality(setting: Setting) -> dict[str, Any]:
    """Do the kernels of mamba-ssm and our scans in PyTorch agree, and which is faster?"""
    length, d_inner = (32, 64) if setting.is_tiny else (1024, 512)
    found: dict[str, Any] = {"length": length, "d_inner": d_inner, "scans": {}}
    for decay, make in {"ssd": _ssd_forms, "s6": _s6_forms}.items():
        case = _case(decay, length, d_inner, setting.device)
        truth = _with_gradients(_loop(decay), [one.double() for one in case])
        found["scans"][decay] = {
            name: {
                "relative_error": _error(_with_gradients(scan, case), truth),
                "seconds": setting.median_seconds(lambda s=scan, c=case: _with_gradients(s, c), 9),
            }
            for name, scan in make().items()
        }
    return found


def _ssd_forms() -> dict[str, Scan]:
    kernel = ssd_kernel()
    forms: dict[str, Scan] = {"chunked": lambda *case: chunked_ssd_scan(*case)[0]}
    return forms | ({"mamba_ssm": lambda *case: ssd_by_kernel(kernel, *case)} if kernel else {})


def _s6_forms() -> dict[str, Scan]:
    kernel = s6_kernel()
    forms: dict[str, Scan] = {"odd_even": lambda *case: s6_odd_even_scan(*case)[0]}
    return forms | ({"mamba_ssm": lambda *case: s6_by_kernel(kernel, *case)} if kernel else {})


def _loop(decay: str) -> Scan:
    def ssd(x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        width = x.shape[3]
        rates = a.repeat_interleave(width)[:, None].expand(-1, b.shape[3])
        y = sequential_scan(x.flatten(2), dt.repeat_interleave(width, 2), rates, b, c)[0]
        return y.view_as(x)

    return ssd if decay == "ssd" else lambda *case: sequential_scan(*case)[0]


def _case(decay: str, length: int, d_inner: int, device: torch.device) -> list[Tensor]:
    generator, batch, d_state, head = torch.Generator().manual_seed(0), 2, 16, 32

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    columns = (d_inner // head, head) if decay == "ssd" else (d_inner,)
    rates = (d_inner // head,) if decay == "ssd" else (d_inner, d_state)
    made = [
        normal(batch, length, *columns),
        functional.softplus(normal(batch, length, columns[0]) - 3.0),
        -normal(*rates).exp(),
        normal(batch, length, 1, d_state),
        normal(batch, length, 1, d_state),
    ]
    return [one.to(device) for one in made]


def _with_gradients(scan: Scan, case: Sequence[Tensor]) -> list[Tensor]:
    leaves = [one.detach().requires_grad_() for one in case]
    y = scan(*leaves)
    return [y.detach(), *torch.autograd.grad(y.square().mean(), leaves)]


def _error(found: Sequence[Tensor], truth: Sequence[Tensor]) -> float:
    return max(
        float((one.double() - other).abs().max() / other.abs().max())
        for one, other in zip(found, truth, strict=True)
    )
