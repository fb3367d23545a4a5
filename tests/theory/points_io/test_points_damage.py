"""Any damage to any file is an InputError or harmless, never another exception."""

import io
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save

from jscgc_theory.errors import InputError
from jscgc_theory.points_io import load_points

CLOUD = np.random.default_rng(2).random((30, 4))


def _written(write) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def _hdf5(stream: io.BytesIO) -> None:
    with h5py.File(stream, "w") as file:
        file["points"] = CLOUD


def _csv() -> bytes:
    return _written(lambda stream: np.savetxt(stream, CLOUD, delimiter=",", header="a,b,c,d"))


_PIXELS = (CLOUD * 255).astype(np.uint8)
WHOLE = {
    "x.npy": _written(lambda stream: np.save(stream, CLOUD)),
    "x.npz": _written(lambda stream: np.savez_compressed(stream, a=CLOUD)),
    "x.csv": _csv(),
    "x.h5": _written(_hdf5),
    "x.safetensors": save({"a": CLOUD}),
    "x.parquet": _written(lambda stream: pq.write_table(pa.table({"v": CLOUD.tolist()}), stream)),
    "x-idx3-ubyte": bytes([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 5]) + bytes(30),
    "folder/a.png": _written(lambda stream: Image.fromarray(_PIXELS).save(stream, "PNG")),
    "folder/a.jpg": _written(lambda stream: Image.fromarray(_PIXELS).save(stream, "JPEG")),
    "folder/a.tiff": _written(lambda stream: Image.fromarray(_PIXELS).save(stream, "TIFF")),
}


def load(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    load_points(path.parent if name.startswith("folder") else path, min_points=1)


@pytest.mark.parametrize("name", WHOLE)
def test_the_undamaged_file_loads(tmp_path, name):
    load(tmp_path, name, WHOLE[name])


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
def test_cut_or_overwritten(tmp_path_factory, name, data):
    content = bytearray(WHOLE[name])
    start = data.draw(st.integers(0, len(content) - 1), label="start")
    noise = data.draw(st.binary(min_size=1, max_size=12), label="noise")
    if data.draw(st.booleans(), label="cut"):
        del content[start:]
    content[start : start + len(noise)] = noise
    with suppress(InputError):
        load(tmp_path_factory.mktemp("damage"), name, bytes(content))


@pytest.mark.parametrize("name", WHOLE)
@given(content=st.binary(max_size=200))
def test_any_bytes_at_all(tmp_path_factory, name, content):
    with pytest.raises(InputError):
        load(tmp_path_factory.mktemp("bytes"), name, content + b"\xff\xfe")
