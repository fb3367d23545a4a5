"""Every array format gives back the numbers that were written."""

import gzip
import hashlib
import sys
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save_file

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.points_io import load_points


@pytest.fixture
def cloud():
    return np.random.default_rng(7).normal(size=(6, 3))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8, np.bool_, ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_round_trip(tmp_path: Path, cloud, dtype, order):
    array = np.asarray(np.abs(cloud * 50), dtype=dtype, order=order)
    np.save(tmp_path / "x.npy", array)
    loaded = load_points(tmp_path / "x.npy")
    np.testing.assert_array_equal(loaded.array, array.astype(np.float64))
    assert loaded.array.dtype in (np.float32, np.float64)
    assert (loaded.source.n_points, loaded.source.ambient_dim) == (6, 3)


def test_npy_is_mapped_not_read(tmp_path: Path, cloud):
    np.save(tmp_path / "x.npy", cloud)
    assert isinstance(load_points(tmp_path / "x.npy").array, np.memmap)


def test_images_in_npy_are_flattened(tmp_path: Path):
    stack = np.arange(2 * 4 * 5, dtype=np.float32).reshape(2, 4, 5)
    np.save(tmp_path / "x.npy", stack)
    np.testing.assert_array_equal(load_points(tmp_path / "x.npy").array, stack.reshape(2, 20))


def test_source_names_path_and_content(tmp_path: Path, cloud):
    path = tmp_path / "x.npy"
    np.save(path, cloud)
    source = load_points(str(path)).source
    assert source.path == str(path)
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_npz_by_key_and_alone(tmp_path: Path, cloud):
    np.savez(tmp_path / "two.npz", a=cloud, b=2 * cloud)
    np.savez_compressed(tmp_path / "one.npz", only=cloud)
    np.testing.assert_array_equal(load_points(f"{tmp_path}/two.npz:b").array, 2 * cloud)
    loaded = load_points(tmp_path / "one.npz")
    np.testing.assert_array_equal(loaded.array, cloud)
    assert loaded.details == {"format": "npz", "key": "only"}


@pytest.mark.parametrize("chunks", [None, (2, 3)])
def test_hdf5_by_key(tmp_path: Path, cloud, chunks):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("group/points", data=cloud, chunks=chunks)
        file.create_dataset("labels", data=np.arange(6))
    loaded = load_points(f"{tmp_path}/x.h5:group/points")
    np.testing.assert_array_equal(loaded.array, cloud)
    assert isinstance(loaded.array, np.memmap) == (chunks is None)
    with pytest.raises(InputError, match=r"holds 2 arrays \(group/points, labels\)"):
        load_points(tmp_path / "x.h5")


def test_safetensors_by_key(tmp_path: Path, cloud):
    save_file({"a": cloud, "b": 3 * cloud}, tmp_path / "x.safetensors")
    np.testing.assert_array_equal(load_points(f"{tmp_path}/x.safetensors:b").array, 3 * cloud)


def test_safetensors_type_unknown_to_numpy(tmp_path: Path):
    header = b'{"a":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}}'
    (tmp_path / "x.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
    with pytest.raises(InputError, match="BF16, unknown to NumPy; save it as float32"):
        load_points(tmp_path / "x.safetensors")


def test_colon_in_a_path_that_exists(tmp_path: Path, cloud):
    folder = tmp_path / "run:3"
    folder.mkdir()
    np.save(folder / "x:y.npy", cloud)
    np.savez(folder / "x:z.npz", a=cloud)
    assert load_points(folder / "x:y.npy").source.n_points == 6
    assert load_points(f"{folder}/x:z.npz:a").source.n_points == 6


def test_parquet_numeric_columns(tmp_path: Path, cloud):
    table = pa.table({"x": cloud[:, 0], "y": cloud[:, 1].astype(np.float32), "n": np.arange(6)})
    pq.write_table(table, tmp_path / "x.parquet")
    loaded = load_points(tmp_path / "x.parquet")
    expected = np.column_stack([cloud[:, 0], cloud[:, 1].astype(np.float32), np.arange(6)])
    np.testing.assert_array_equal(loaded.array, expected)


def test_parquet_leaves_out_the_row_index_of_pandas(tmp_path: Path, cloud):
    table = pa.table({"x": cloud[:, 0], "y": cloud[:, 1], "__index_level_0__": np.arange(6)})
    pq.write_table(table, tmp_path / "x.parquet")
    loaded = load_points(tmp_path / "x.parquet")
    assert loaded.source.ambient_dim == 2
    assert [notice.code for notice in loaded.notices] == ["index_column_ignored"]


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.float64()), pa.list_(pa.float64(), 3), pa.large_list(pa.float64())],
)
def test_parquet_column_of_lists(tmp_path: Path, cloud, kind):
    table = pa.table({"label": np.arange(6), "v": pa.array(cloud.tolist(), type=kind)})
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=4)
    loaded = load_points(tmp_path / "x.parquet")
    np.testing.assert_array_equal(loaded.array, cloud)
    assert loaded.details["columns_left_out"] == ["label"]


def test_parquet_column_of_nested_lists(tmp_path: Path):
    stack = np.arange(2 * 3 * 4, dtype=np.int64).reshape(2, 3, 4)
    pq.write_table(pa.table({"v": stack.tolist()}), tmp_path / "x.parquet")
    np.testing.assert_array_equal(load_points(tmp_path / "x.parquet").array, stack.reshape(2, 12))


def test_parquet_column_by_name(tmp_path: Path, cloud):
    table = pa.table({"a": cloud.tolist(), "b": (2 * cloud).tolist()})
    pq.write_table(table, tmp_path / "x.parquet")
    np.testing.assert_array_equal(load_points(f"{tmp_path}/x.parquet:b").array, 2 * cloud)
    with pytest.raises(InputError, match=r"holds 2 arrays \(a, b\); choose one as .*:a"):
        load_points(tmp_path / "x.parquet")


def _idx(array: np.ndarray, code: int) -> bytes:
    header = bytes([0, 0, code, array.ndim])
    return header + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


@pytest.mark.parametrize("zipped", [False, True])
def test_idx_images(tmp_path: Path, zipped):
    stack = np.random.default_rng(1).integers(0, 256, size=(5, 4, 3), dtype=np.uint8)
    content = _idx(stack, 0x08)
    path = tmp_path / ("t-images-idx3-ubyte" + (".gz" if zipped else ""))
    path.write_bytes(gzip.compress(content) if zipped else content)
    loaded = load_points(path)
    np.testing.assert_allclose(loaded.array, stack.reshape(5, 12) / 255.0, rtol=1e-6)
    assert loaded.array.dtype == np.float32
    assert loaded.details["image_shape"] == [4, 3, 1]


def test_idx_floats_are_taken_as_they_are(tmp_path: Path, cloud):
    path = tmp_path / "t-idx2-double"
    path.write_bytes(_idx(cloud.astype(">f8"), 0x0E))
    np.testing.assert_array_equal(load_points(path).array, cloud)


def test_torch_tensor_and_dictionary(tmp_path: Path, cloud):
    import torch

    torch.save(torch.from_numpy(cloud), tmp_path / "one.pt")
    torch.save({"a": torch.from_numpy(cloud), "step": 3}, tmp_path / "named.pt")
    torch.save({"a": torch.ones(2, 2), "b": torch.ones(2, 2).bfloat16()}, tmp_path / "two.pt")
    np.testing.assert_array_equal(load_points(tmp_path / "one.pt").array, cloud)
    np.testing.assert_array_equal(load_points(tmp_path / "named.pt").array, cloud)
    np.testing.assert_array_equal(load_points(f"{tmp_path}/two.pt:b").array, np.ones((2, 2)))
    with pytest.raises(InputError, match="holds 2 arrays"):
        load_points(tmp_path / "two.pt")
    with pytest.raises(InputError, match="holds one tensor, not the key 'a'"):
        load_points(f"{tmp_path}/one.pt:a")


class _Anything:
    pass


def test_torch_refuses_objects_and_damage(tmp_path: Path):
    import torch

    torch.save({"a": _Anything()}, tmp_path / "object.pt")
    torch.save({"step": 3}, tmp_path / "none.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    (tmp_path / "damaged.pt").write_bytes(b"not a tensor")
    whole = tmp_path / "whole.pt"
    torch.save(torch.ones(100, 2), whole)
    (tmp_path / "cut.pt").write_bytes(whole.read_bytes()[:400])
    for name, message in [
        ("object", "holds pickled Python objects"),
        ("none", "holds no tensors at its top level"),
        ("list", "holds a list"),
        ("damaged", "is refused|cannot be read"),
        ("cut", "cannot be read by torch.load"),
    ]:
        with pytest.raises(InputError, match=message):
            load_points(tmp_path / f"{name}.pt")


def test_torch_missing_names_the_extra(tmp_path: Path, monkeypatch):
    (tmp_path / "x.pt").write_bytes(b"x")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "torch", None)
        with pytest.raises(MissingExtraError, match=r"pip install 'jscgc\[model\]'"):
            load_points(tmp_path / "x.pt")
