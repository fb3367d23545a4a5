"""The entries of the scans: precision, and the kernels where they exist."""

import importlib
import sys

import pytest
import torch

from jscgc_model.encoder.selective_scan import kernels, s6_scan, ssd_scan
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
from tests.model.encoder.scan_cases import (
    largest_relative_error,
    results_and_gradients,
    s6_arguments,
    slow_ssd_scan,
    ssd_arguments,
)

ENTRIES = {
    "ssd": (ssd_scan, slow_ssd_scan, ssd_arguments),
    "s6": (s6_scan, sequential_scan, s6_arguments),
}
# The kernels as they were published: mamba-ssm 2.3, names and order of the arguments.
FAKE_KERNELS = {
    "__init__.py": "",
    "ops/__init__.py": "",
    "ops/triton/__init__.py": "",
    "ops/triton/ssd_combined.py": """
from tests.model.encoder.scan_cases import slow_ssd_scan
def mamba_chunk_scan_combined(x, dt, A, B, C, chunk_size):
    return slow_ssd_scan(x, dt, A, B, C)[0]
""",
    "ops/selective_scan_interface.py": """
from jscgc_model.encoder.selective_scan.sequential import sequential_scan
def selective_scan_fn(u, delta, A, B, C):
    x, dt, b, c = (v.movedim(-1, 1) for v in (u, delta, B, C))
    return sequential_scan(x, dt, A, b, c)[0].movedim(1, -1)
""",
}


@pytest.fixture
def install_mamba_ssm(tmp_path, monkeypatch):
    """Install a package mamba-ssm with the given files for the time of a test."""

    def install(files):
        for name, text in files.items():
            path = tmp_path / "mamba_ssm" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()

    forget()
    yield install
    forget()


def forget():
    for name in [name for name in sys.modules if name.split(".")[0] == "mamba_ssm"]:
        del sys.modules[name]
    kernels.ssd_kernel.cache_clear()
    kernels.s6_kernel.cache_clear()


@pytest.mark.parametrize("name", ENTRIES)
def test_half_precision_is_scanned_in_float32(name):
    entry, _, arguments_of = ENTRIES[name]
    half = [values.bfloat16() for values in arguments_of(40)[:5]]
    y = entry(*half)
    assert y.dtype == torch.float32
    assert torch.equal(y, entry(*(values.float() for values in half)))
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(y, entry(*half))


@pytest.mark.parametrize("name", ENTRIES)
def test_double_precision_stays(name):
    entry, slow, arguments_of = ENTRIES[name]
    arguments = arguments_of(40)[:5]
    y = entry(*arguments)
    assert y.dtype == torch.float64
    assert largest_relative_error([y], [slow(*arguments)[0]]) <= 1e-10


@pytest.mark.parametrize("kernel", ["ssd_kernel", "s6_kernel"])
@pytest.mark.parametrize("fault", ["raise RuntimeError('no driver')", "import no_such_extension"])
def test_a_broken_installation_means_no_kernel(install_mamba_ssm, fault, kernel, caplog):
    install_mamba_ssm({"__init__.py": fault})
    with caplog.at_level("INFO"):
        assert getattr(kernels, kernel)() is None
    assert "cannot be used; scanning in PyTorch" in caplog.text


def test_kernels_are_called_as_they_were_published(install_mamba_ssm):
    install_mamba_ssm(FAKE_KERNELS)
    arguments = ssd_arguments(7)[:5]
    found = kernels.ssd_by_kernel(kernels.ssd_kernel(), *arguments)
    torch.testing.assert_close(found, slow_ssd_scan(*arguments)[0])
    arguments = s6_arguments(7)[:5]
    found = kernels.s6_by_kernel(kernels.s6_kernel(), *arguments)
    torch.testing.assert_close(found, sequential_scan(*arguments)[0])


@pytest.mark.parametrize("name", ENTRIES)
def test_kernels_are_not_asked_on_a_cpu(install_mamba_ssm, name):
    install_mamba_ssm({"__init__.py": "raise RuntimeError('asked')"})
    entry, slow, arguments_of = ENTRIES[name]
    arguments = [values.bfloat16() for values in arguments_of(9)[:5]]
    truth = slow(*(values.float() for values in arguments))[0]
    assert largest_relative_error([entry(*arguments)], [truth]) <= 1e-4
    assert "mamba_ssm" not in sys.modules
    assert kernels.ssd_kernel.cache_info().currsize == 0


@pytest.mark.gpu
@pytest.mark.parametrize("name", ENTRIES)
def test_entries_agree_with_the_truth_on_a_gpu(name):
    entry, slow, arguments_of = ENTRIES[name]
    narrow = [v.float() for v in arguments_of(257, d_state=16)[:5]]
    truth = results_and_gradients(lambda *z: slow(*z)[:1], [v.double() for v in narrow])

    def on_gpu(*arguments):
        return (entry(*(v.cuda() for v in arguments)).cpu(),)

    assert largest_relative_error(results_and_gradients(on_gpu, narrow), truth) <= 1e-4
