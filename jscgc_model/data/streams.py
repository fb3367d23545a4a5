"""Randomness named by what it is for, so that no state has to be kept to go on where one stopped.

A run that is resumed at step k draws for step k what it would have drawn without the stop, and
every process of a run draws the same.
"""

import zlib

import numpy as np
import torch


def numpy_stream(seed: int, purpose: str, step: int = 0) -> np.random.Generator:
    """Return the generator of one purpose at one step.

    Args:
        seed: Seed of the run.
        purpose: What the numbers are for, such as ``"noise"``.
        step: Step of the run.

    Returns:
        A generator, independent of those of other seeds, purposes and steps.
    """
    return np.random.default_rng(_sequence(seed, purpose, step))


def torch_stream(seed: int, purpose: str, step: int = 0) -> torch.Generator:
    """Return the CPU generator of one purpose at one step, as :func:`numpy_stream`.

    Args:
        seed: Seed of the run.
        purpose: What the numbers are for.
        step: Step of the run.

    Returns:
        A generator.
    """
    state = _sequence(seed, purpose, step).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state[0] >> np.uint64(1)))


def _sequence(seed: int, purpose: str, step: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, zlib.crc32(purpose.encode()), step])
