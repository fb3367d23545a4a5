"""Where and how large a part of the suite runs, and how its steps are timed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

PEAK_FLOPS = {"H100": 989e12, "H200": 989e12, "A100": 312e12}
"""Dense bfloat16 operations a second by the maker's data sheets (SXM)."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every part is told."""

    device: torch.device
    is_tiny: bool
    """Whether sizes are those of a test."""
    folder: Path
    """Where records go, and runs that are gone on with."""
    cifar: Path | None
    """Folder of CIFAR-10's tables; drawn noise in the shape of its images if None."""
    seconds: float
    """Most of one part."""

    @property
    def is_cuda(self) -> bool:
        """Whether there is a GPU to wait for."""
        return self.device.type == "cuda"

    def synchronise(self) -> None:
        """Wait until all that was asked for is done."""
        if self.is_cuda:
            torch.cuda.synchronize(self.device)

    def share_of_peak(self, flops_per_second: float) -> float | None:
        """Return the model FLOPs utilisation, or None where the peak is not known."""
        if not self.is_cuda:
            return None
        name = torch.cuda.get_device_name(self.device)
        peaks = [peak for gpu, peak in PEAK_FLOPS.items() if gpu in name]
        return flops_per_second / peaks[0] if peaks else None

    def peak_bytes(self) -> int | None:
        """Return the most memory taken since the part began, or None without a GPU."""
        return torch.cuda.max_memory_allocated(self.device) if self.is_cuda else None

    def median_seconds(self, work: Callable[[], object], repeats: int) -> float:
        """Return the median time of some work, after a first call that is not counted."""
        spent = []
        for _ in range((1 if self.is_tiny else repeats) + 1):
            self.synchronise()
            started = time.perf_counter()
            work()
            self.synchronise()
            spent.append(time.perf_counter() - started)
        return sorted(spent[1:])[len(spent[1:]) // 2]
