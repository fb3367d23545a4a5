"""Files that are missing, damaged or unsafe are refused with a remedy."""

import gzip
import os
import pickle
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save_file

from jscgc_theory.errors import InputError
from jscgc_theory.points_io import load_points

CLOUD = np.arange(12.0).reshape(6, 2)


def pickled_npy(folder: Path) -> str:
    np.save(folder / "x.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    return "x.npy"


def bare_pickle(folder: Path) -> str:
    (folder / "x.npy").write_bytes(pickle.dumps(CLOUD))
    return "x.npy"


def truncated_npy(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    (folder / "x.npy").write_bytes((folder / "x.npy").read_bytes()[:-8])
    return "x.npy"


def cut_header_npy(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    (folder / "x.npy").write_bytes((folder / "x.npy").read_bytes()[:40])
    return "x.npy"


def empty_npy(folder: Path) -> str:
    (folder / "x.npy").write_bytes(b"")
    return "x.npy"


def no_rows_npy(folder: Path) -> str:
    np.save(folder / "x.npy", np.empty((0, 3)))
    return "x.npy"


def npz_named_npy(folder: Path) -> str:
    np.savez(folder / "x.npz", CLOUD)
    (folder / "x.npz").rename(folder / "x.npy")
    return "x.npy"


def npy_named_npz(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    (folder / "x.npy").rename(folder / "x.npz")
    return "x.npz"


def key_of_npy(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD)
    return "x.npy:a"


def structured_npy(folder: Path) -> str:
    np.save(folder / "x.npy", np.zeros(3, dtype=[("a", float), ("b", float)]))
    return "x.npy"


def strings_npy(folder: Path) -> str:
    np.save(folder / "x.npy", np.array([["a", "b"], ["c", "d"]]))
    return "x.npy"


def complex_npy(folder: Path) -> str:
    np.save(folder / "x.npy", CLOUD + 1j)
    return "x.npy"


def vector_npy(folder: Path) -> str:
    np.save(folder / "x.npy", np.arange(5.0))
    return "x.npy"


def pickled_npz(folder: Path) -> str:
    np.savez(folder / "x.npz", a=np.array([{}], dtype=object))
    return "x.npz"


def truncated_npz(folder: Path) -> str:
    np.savez(folder / "x.npz", CLOUD)
    (folder / "x.npz").write_bytes((folder / "x.npz").read_bytes()[:100])
    return "x.npz"


def damaged_npz(folder: Path) -> str:
    np.savez_compressed(folder / "x.npz", a=np.random.default_rng(0).random((50, 50)))
    content = bytearray((folder / "x.npz").read_bytes())
    content[300:400] = bytes(100)
    (folder / "x.npz").write_bytes(content)
    return "x.npz"


def npz_without_key(folder: Path) -> str:
    np.savez(folder / "x.npz", a=CLOUD, b=CLOUD)
    return "x.npz"


def npz_wrong_key(folder: Path) -> str:
    np.savez(folder / "x.npz", a=CLOUD, b=CLOUD)
    return "x.npz:c"


def empty_key(folder: Path) -> str:
    np.savez(folder / "x.npz", a=CLOUD)
    return "x.npz:"


def empty_hdf5(folder: Path) -> str:
    with h5py.File(folder / "x.h5", "w"):
        return "x.h5"


def damaged_hdf5(folder: Path) -> str:
    (folder / "x.h5").write_bytes(b"not HDF5")
    return "x.h5"


def text_hdf5(folder: Path) -> str:
    with h5py.File(folder / "x.h5", "w") as file:
        file["a"] = ["one", "two"]
    return "x.h5"


def damaged_safetensors(folder: Path) -> str:
    (folder / "x.safetensors").write_bytes(b"not safetensors")
    return "x.safetensors"


def safetensors_wrong_key(folder: Path) -> str:
    save_file({"a": CLOUD}, folder / "x.safetensors")
    return "x.safetensors:b"


def damaged_parquet(folder: Path) -> str:
    (folder / "x.parquet").write_bytes(b"PAR1 but no more")
    return "x.parquet"


def _parquet(folder: Path, columns: dict) -> str:
    pq.write_table(pa.table(columns), folder / "x.parquet")
    return "x.parquet"


def text_parquet(folder: Path) -> str:
    return _parquet(folder, {"x": [1.0, 2.0], "who": ["anna", "ben"]})


def null_parquet(folder: Path) -> str:
    return _parquet(folder, {"x": [1.0, None]})


def ragged_parquet(folder: Path) -> str:
    return _parquet(folder, {"x": [[1.0, 2.0], [3.0]]})


def words_parquet(folder: Path) -> str:
    return _parquet(folder, {"x": [["a"], ["b"]]})


def null_image_parquet(folder: Path) -> str:
    return _parquet(folder, {"x": [b"x", None]})


def truncated_gzip(folder: Path) -> str:
    (folder / "x-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(1000))[:15])
    return "x-idx3-ubyte.gz"


def not_idx(folder: Path) -> str:
    (folder / "x-idx3-ubyte").write_bytes(b"something else")
    return "x-idx3-ubyte"


def short_idx(folder: Path) -> str:
    (folder / "x-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 9, 1, 2]))
    return "x-idx1-ubyte"


def short_idx_header(folder: Path) -> str:
    (folder / "x-idx3-ubyte").write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 9]))
    return "x-idx3-ubyte"


def csv_key(folder: Path) -> str:
    (folder / "x.csv").write_text("1,2\n3,4\n")
    return "x.csv:a"


def pickle_file(folder: Path) -> str:
    (folder / "x.pkl").write_bytes(pickle.dumps(CLOUD))
    return "x.pkl"


def unknown_format(folder: Path) -> str:
    (folder / "x.xlsx").write_bytes(b"x")
    return "x.xlsx"


def missing_file(folder: Path) -> str:
    return "nothing.npy"


def named_pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.npy")
    return "pipe.npy"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (pickled_npy, "holds pickled Python objects, which can run code"),
        (bare_pickle, "is a pickle, which can run code"),
        (truncated_npy, r"cannot be read as \.npy"),
        (cut_header_npy, r"cannot be read as \.npy"),
        (empty_npy, r"cannot be read as \.npy"),
        (no_rows_npy, r"holds an empty array of shape \(0, 3\)"),
        (npz_named_npy, r"rename it to end in \.npz"),
        (npy_named_npz, r"rename it to end in \.npy"),
        (key_of_npy, r"\.npy holds one array"),
        (structured_npy, "has dtype .*; give real numbers"),
        (strings_npy, "has dtype <U1; give real numbers"),
        (complex_npy, "is complex"),
        (vector_npy, r"has shape \(5,\)"),
        (pickled_npz, "holds pickled Python objects"),
        (truncated_npz, r"cannot be read as \.npz"),
        (damaged_npz, r"cannot be read as \.npz"),
        (npz_without_key, r"holds 2 arrays \(a, b\); choose one as .*x\.npz:a"),
        (npz_wrong_key, "has no key 'c'; it holds a, b"),
        (empty_key, "ends in a colon"),
        (empty_hdf5, "holds no arrays"),
        (damaged_hdf5, "cannot be read as HDF5"),
        (text_hdf5, "x.h5:a has dtype object; give real numbers"),
        (damaged_safetensors, "cannot be read as safetensors"),
        (safetensors_wrong_key, "has no key 'b'"),
        (damaged_parquet, "cannot be read as Parquet"),
        (text_parquet, "column 'who' holds .*string, not numbers"),
        (null_parquet, "column 'x' has 1 empty cells"),
        (ragged_parquet, "list 1 has length 1, the first 2"),
        (words_parquet, "give lists of numbers"),
        (null_image_parquet, "column 'x' has 1 empty cells"),
        (truncated_gzip, "is not a whole gzip file"),
        (not_idx, "does not start as an IDX file"),
        (short_idx, "has 10 bytes where its header announces 17"),
        (short_idx_header, "ends within its header"),
        (csv_key, "a text table has none"),
        (pickle_file, "is a pickle, which can run code"),
        (unknown_format, r"has an unknown format '\.xlsx'"),
        (missing_file, "does not exist"),
        (named_pipe, "is neither a file nor a folder"),
    ],
)
def test_refused(tmp_path, build, message):
    given = f"{tmp_path}/{build(tmp_path)}"
    with pytest.raises(InputError, match=message) as refusal:
        load_points(given)
    assert "\n" not in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_no_path_at_all():
    with pytest.raises(InputError, match="'' is no path"):
        load_points("")


def test_long_lists_of_keys_are_cut_short(tmp_path):
    np.savez(tmp_path / "x.npz", **{f"k{index}": CLOUD for index in range(20)})
    with pytest.raises(InputError, match="k11, and 8 more"):
        load_points(tmp_path / "x.npz")


def test_unreadable_file(tmp_path, monkeypatch):
    np.save(tmp_path / "x.npy", CLOUD)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(InputError, match="may not be read; change its permissions"):
        load_points(tmp_path / "x.npy")
