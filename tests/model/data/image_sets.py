"""Small sets of images for tests, made on the spot."""

from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def place_image(height, width, index=0):
    """An image whose pixels tell their row (red), column (green) and image (blue)."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows, columns, np.full_like(rows, index)], axis=2).astype(np.uint8)


def as_bytes(pixels, kind="PNG"):
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def write_folder(folder, images):
    """Write images, or bytes, by their names."""
    for name, image in images.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image if isinstance(image, bytes) else as_bytes(image))
    return folder


def write_parquet(path, images, *, paths=None, rows_per_group=3, column="image"):
    """Write encoded images as Hugging Face does, with labels beside them."""
    rows = [
        {"bytes": one, "path": None if paths is None else paths[number]}
        for number, one in enumerate(images)
    ]
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    table = pa.table({column: pa.array(rows, kind), "label": list(range(len(rows)))})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=rows_per_group)
    return path


class ImagesInMemory:
    """A set of encoded images by name, the simplest there is."""

    def __init__(self, images):
        self.images = list(images.items())

    def __len__(self):
        return len(self.images)

    def name(self, number):
        return self.images[number][0]

    def encoded(self, number):
        return self.images[number][1]
