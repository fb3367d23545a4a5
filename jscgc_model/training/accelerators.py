"""Where a process trains."""

import torch
from accelerate import Accelerator
from torch.distributed import get_backend, is_initialized


def this_accelerator() -> Accelerator:
    """Return what accelerate makes of this process.

    Returns:
        The accelerator.
    """
    # Unless told that it is on CPUs, accelerate takes each of several processes for the only.
    return Accelerator(cpu=is_initialized() and get_backend() == "gloo")


def training_device() -> torch.device:
    """Return where this process trains.

    Returns:
        A GPU of its own where there are any.
    """
    device: torch.device = this_accelerator().device
    return device
