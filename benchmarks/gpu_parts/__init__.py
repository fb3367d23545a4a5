"""The parts of ``gpu_suite.py``, one question a file."""

from collections.abc import Callable
from typing import Any

from gpu_parts.cifar_training import cifar_training
from gpu_parts.kernel_equality import kernel_equality
from gpu_parts.nearest_neighbours import nearest_neighbours
from gpu_parts.paper_shape import paper_shape
from gpu_parts.sampling_latency import sampling_latency
from gpu_parts.setting import Setting as Setting
from gpu_parts.training_rates import training_rates

PARTS: dict[str, Callable[[Setting], dict[str, Any]]] = {
    "kernel_equality": kernel_equality,
    "training_rates": training_rates,
    "sampling_latency": sampling_latency,
    "paper_shape": paper_shape,
    "nearest_neighbours": nearest_neighbours,
    "cifar_training": cifar_training,
}
"""Parts by name, the shortest first."""
