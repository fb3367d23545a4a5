"""Nearest neighbours by blocks of the full distance matrix in torch, on a GPU if there is one."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.errors import MissingExtraError
from jscgc_theory.neighbours.centring import centred_matrix
from jscgc_theory.neighbours.flat_search import refine

_CUDA_DRIVER = Path("/dev/nvidiactl")


def cuda_is_available() -> bool:
    """Tell whether torch is installed and sees a CUDA device.

    Importing torch takes seconds, so it is imported only where the driver's device exists.

    Returns:
        True if a search on the GPU is possible.
    """
    if find_spec("torch") is None or not _CUDA_DRIVER.exists():
        return False
    import torch

    return bool(torch.cuda.is_available())


def search_torch(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_neighbours: int,
    progress: Callable[[float], None] | None = None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Find nearest neighbours with a float32 filter in torch and the float64 ranking on the CPU.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out.

    Raises:
        MissingExtraError: If torch is not installed.
    """
    if find_spec("torch") is None:
        raise MissingExtraError("The torch neighbour search", "model")
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    moved = centred_matrix(points, dtype=np.float32)
    on_device = torch.from_numpy(moved.rows).to(device)
    square_norms = on_device.square().sum(dim=1)
    # The ranking runs in threads; the device's memory holds the distances of one block.
    one_at_a_time = Lock()

    def candidates(
        rows: NDArray[np.int64], n_candidates: int
    ) -> tuple[NDArray[np.integer], NDArray[np.floating]]:
        with one_at_a_time:
            block = on_device[torch.from_numpy(rows).to(device)]
            square = torch.addmm(square_norms[None, :], block, on_device.T, alpha=-2.0)
            square += block.square().sum(dim=1, keepdim=True)
            values, indices = square.topk(n_candidates, dim=1, largest=False, sorted=True)
            return indices.cpu().numpy(), values[:, -1].cpu().numpy()

    return refine(moved, n_neighbours, candidates, progress)
