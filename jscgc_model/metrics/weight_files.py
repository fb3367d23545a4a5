"""Weights of networks trained elsewhere: from a local file, or from where they are published."""

from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Tensor, nn

from jscgc_theory.errors import InputError

HUB = "hub"
"""In place of a path: fetch the published weights, or take them from the cache."""


def read_weights(weights: str | Path, *, url: str) -> dict[str, Tensor]:
    """Read tensors by name; nothing but tensors is unpickled.

    Args:
        weights: A file, or ``hub``.
        url: Where the weights are published; the hash in the file name is checked.

    Returns:
        The tensors.

    Raises:
        InputError: If the file is missing or not of weights, or the network cannot be reached.
    """
    if weights == HUB:
        return _fetch(url)
    path = Path(weights)
    if not path.is_file():
        raise InputError(f"{path} is not a file; give the file of {url}, or 'hub'")
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise InputError(f"{path} holds no weights ({error}); give the file of {url}") from error
    if not isinstance(tensors, Mapping):
        raise InputError(f"{path} holds no weights by name; give the file of {url}")
    return dict(tensors)


def _fetch(url: str) -> dict[str, Tensor]:
    try:
        return torch.hub.load_state_dict_from_url(
            url, map_location="cpu", progress=False, check_hash=True, weights_only=True
        )
    except OSError as error:
        raise InputError(
            f"{url} cannot be fetched ({error}); download it elsewhere and give its path"
        ) from error


def fill(network: nn.Module, tensors: Mapping[str, Tensor], *, prefix: str) -> nn.Module:
    """Give a network its weights and freeze it.

    Args:
        network: May have been made without memory, on the meta device.
        tensors: Weights by name.
        prefix: What their names start with; others are left aside.

    Returns:
        The network, in evaluation mode.

    Raises:
        InputError: If a tensor is missing or has another shape.
    """
    own = {
        key.removeprefix(prefix): kept for key, kept in tensors.items() if key.startswith(prefix)
    }
    try:
        network.load_state_dict(own, assign=True)
    except RuntimeError as error:
        raise InputError(
            f"the weights do not fit {type(network).__name__}: {error}; "
            "give the file of this network"
        ) from error
    return network.eval().requires_grad_(False)
