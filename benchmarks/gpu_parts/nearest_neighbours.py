"""How fast are exact nearest neighbours on the GPU?"""

from typing import Any

import numpy as np
import torch

from gpu_parts.setting import Setting

_N_NEIGHBOURS = 10
_N_QUERIES_AT_ONCE = 4096


def nearest_neighbours(setting: Setting) -> dict[str, Any]:
    """How fast are exact nearest neighbours by the distance matrix, and are they faiss's?"""
    n_points, dim = (500, 8) if setting.is_tiny else (200_000, 768)
    points = np.random.default_rng(0).standard_normal((n_points, dim), dtype=np.float32)
    on_device = torch.from_numpy(points).to(setting.device)
    n_judged = min(1000, n_points)
    found = _neighbours(on_device[:n_judged], on_device)[0].cpu().numpy()
    return {
        "n_points": n_points,
        "dim": dim,
        "n_neighbours": _N_NEIGHBOURS,
        "seconds": setting.median_seconds(lambda: _neighbours(on_device, on_device), 3),
        "largest_relative_difference_to_faiss": _difference(found, points, n_judged),
    }


def _neighbours(queries: torch.Tensor, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    parts = [
        torch.cdist(some, points).topk(_N_NEIGHBOURS, largest=False)
        for some in queries.split(_N_QUERIES_AT_ONCE)
    ]
    return torch.cat([one.values for one in parts]), torch.cat([one.indices for one in parts])


def _difference(found: np.ndarray, points: np.ndarray, n_judged: int) -> float:
    import faiss

    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    squared, _ = index.search(points[:n_judged], _N_NEIGHBOURS)
    # The nearest is the point itself, at a distance of rounding errors.
    expected = np.sqrt(np.maximum(squared[:, 1:], 0.0))
    return float(np.abs(found[:, 1:] / expected - 1.0).max())
