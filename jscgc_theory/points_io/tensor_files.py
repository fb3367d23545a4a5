"""Files of named arrays from the deep-learning world: HDF5, safetensors, torch."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.points_io.decoding import Decoding
from jscgc_theory.points_io.keys import choose_key, listed
from jscgc_theory.points_io.loaded_points import RawPoints

_NUMBERS = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")
_SAFETENSORS_IN_NUMPY = frozenset((*_NUMBERS, "BOOL", "C64"))


def read_hdf5(path: Path, key: str | None) -> RawPoints:
    """Read one data set of an HDF5 file; contiguous ones are memory-mapped.

    Args:
        path: The file.
        key: Path of the data set inside the file, or None if there is only one.

    Returns:
        The array.

    Raises:
        InputError: If the file is damaged or lacks the data set, or it is not numeric.
    """
    import h5py

    with Decoding(path, "cannot be read as HDF5"), h5py.File(path, "r") as file:
        names: list[str] = []
        file.visititems(
            lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None
        )
        asked = None if key is None else key.strip("/")
        name = choose_key(names, asked, path=str(path), what="data set")
        return RawPoints(_hdf5_array(path, file[name]), {"format": "hdf5", "key": name})


def _hdf5_array(path: Path, dataset: Any) -> NDArray[Any]:
    if not isinstance(dataset.dtype, np.dtype) or dataset.dtype.kind not in "biufc":
        raise InputError(
            f"{path}:{dataset.name.strip('/')} has dtype {dataset.dtype}; give real numbers"
        )
    offset = dataset.id.get_offset()
    # Chunked, compressed, external and empty data sets have no offset in the file.
    if offset is None or dataset.external or dataset.size == 0:
        return np.asarray(dataset[()])
    return np.memmap(path, dtype=dataset.dtype, mode="r", offset=offset, shape=dataset.shape)


def read_safetensors(path: Path, key: str | None) -> RawPoints:
    """Read one tensor of a safetensors file.

    Args:
        path: The file.
        key: Name of the tensor, or None if there is only one.

    Returns:
        The array.

    Raises:
        InputError: If the file is damaged, lacks the key, or holds a type NumPy does not have.
    """
    from safetensors import safe_open

    with (
        Decoding(path, "cannot be read as safetensors"),
        safe_open(path, framework="numpy") as file,
    ):
        name = choose_key(list(file.keys()), key, path=str(path))
        dtype = file.get_slice(name).get_dtype()
        if dtype not in _SAFETENSORS_IN_NUMPY:
            raise InputError(
                f"{path}:{name} has dtype {dtype}, unknown to NumPy; save it as float32"
            )
        array = file.get_tensor(name)
    return RawPoints(array, {"format": "safetensors", "key": name})


def read_torch(path: Path, key: str | None) -> RawPoints:
    """Read a tensor, or one of a dictionary of tensors, saved by ``torch.save``.

    Only weights are read (``weights_only=True``): a file with other pickled objects is refused.

    Args:
        path: The file.
        key: Name of the tensor in a dictionary, or None if there is only one.

    Returns:
        The array.

    Raises:
        MissingExtraError: If torch is not installed.
        InputError: If the file is damaged, lacks the key, or holds anything but tensors.
    """
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError(f"reading {path}", "model") from error
    try:
        with Decoding(path, "cannot be read by torch.load"):
            loaded = torch.load(path, map_location="cpu", weights_only=True)
    except InputError as error:
        if isinstance(error.__cause__, pickle.UnpicklingError):
            raise InputError(
                f"{path} holds pickled Python objects or is damaged, and is refused; "
                "save a plain tensor or a dictionary of tensors with torch.save"
            ) from error
        raise
    name, tensor = _choose_tensor(loaded, key, path, torch.Tensor)
    details = {"format": "torch"} | ({} if name is None else {"key": name})
    plain = tensor.detach().to_dense() if tensor.is_sparse else tensor.detach()
    if plain.dtype is torch.bfloat16:
        plain = plain.float()
    return RawPoints(np.asarray(plain.numpy()), details)


def _choose_tensor(
    loaded: Any, key: str | None, path: Path, tensor_type: type[Any]
) -> tuple[str | None, Any]:
    if isinstance(loaded, tensor_type):
        if key is not None:
            raise InputError(f"{path} holds one tensor, not the key {key!r}; give {path}")
        return None, loaded
    if not isinstance(loaded, dict):
        raise InputError(
            f"{path} holds a {type(loaded).__name__}; save a tensor or a dictionary of tensors"
        )
    tensors = {str(name): item for name, item in loaded.items() if isinstance(item, tensor_type)}
    if not tensors:
        raise InputError(
            f"{path} holds no tensors at its top level ({listed([str(k) for k in loaded])}); "
            "save a tensor or a flat dictionary of tensors"
        )
    name = choose_key(list(tensors), key, path=str(path))
    return name, tensors[name]
