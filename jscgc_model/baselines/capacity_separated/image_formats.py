"""JPEG and WebP by Pillow, whole or without what the receiver could write itself."""

from abc import ABC, abstractmethod
from io import BytesIO
from typing import Any

from PIL import Image

Size = tuple[int, int]
"""(width, height) in pixels."""


class ImageFormat(ABC):
    """A lossy file format; files can be stripped to their payload and restored from it."""

    name: str
    options: dict[str, Any]
    """Of Pillow's encoder, beside the quality."""

    def write(self, image: Image.Image, quality: int) -> bytes:
        """Return the file of an image.

        Args:
            image: Grey or RGB.
            quality: Of 1..100.

        Returns:
            The bytes.
        """
        stream = BytesIO()
        image.save(stream, self.name, quality=quality, **self.options)
        return stream.getvalue()

    @abstractmethod
    def strip(self, file: bytes) -> bytes:
        """Return what is left of a file without what size and quality decide.

        Args:
            file: Of :meth:`write`.

        Returns:
            The payload.
        """

    @abstractmethod
    def restore(self, payload: bytes, mode: str, size: Size, quality: int) -> bytes:
        """Undo :meth:`strip`.

        Args:
            payload: What was left.
            mode: ``L`` or ``RGB``.
            size: Of the image in the file.
            quality: It was written with.

        Returns:
            The file.
        """


class JPEG(ImageFormat):
    """Baseline JPEG, chroma at half the resolution.

    Args:
        has_own_tables: Whether each file brings Huffman tables made for it, which is shorter as
            a whole; stripped files need the standard ones.
    """

    name = "JPEG"

    def __init__(self, *, has_own_tables: bool) -> None:
        self.options = {"optimize": has_own_tables}

    def strip(self, file: bytes) -> bytes:
        """Return the entropy-coded scan."""
        return file[_scan_start(file) : -len(_END_OF_IMAGE)]

    def restore(self, payload: bytes, mode: str, size: Size, quality: int) -> bytes:
        """Put the scan behind the header of any image of this size and quality."""
        other = self.write(Image.new(mode, size), quality)
        return other[: _scan_start(other)] + payload + _END_OF_IMAGE


class WebP(ImageFormat):
    """Lossy WebP, one frame of VP8 in its container; Pillow's default effort."""

    name = "WEBP"

    def __init__(self) -> None:
        self.options = {"method": 4}

    def strip(self, file: bytes) -> bytes:
        """Return the frame without container, start code and sides."""
        length = int.from_bytes(file[16:20], "little")
        return file[_TAG] + file[_FRAME_START : _CHUNK_START + length]

    def restore(self, payload: bytes, mode: str, size: Size, quality: int) -> bytes:
        """Write the container anew around the frame."""
        sides = b"".join(side.to_bytes(2, "little") for side in size)
        frame = payload[:3] + _START_CODE + sides + payload[3:]
        padded = frame + bytes(len(frame) % 2)
        chunk = b"VP8 " + len(frame).to_bytes(4, "little") + padded
        return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def read(file: bytes, mode: str) -> Image.Image:
    """Return the image in a file, as Pillow decodes it.

    Args:
        file: Of either format.
        mode: ``L`` or ``RGB``.

    Returns:
        The image.
    """
    with Image.open(BytesIO(file)) as opened:
        return opened.convert(mode)


_END_OF_IMAGE = b"\xff\xd9"
_START_OF_SCAN = 0xDA
# RIFF header and chunk header; the frame's tag; its start code and sides (RFC 6386, 9.1).
_CHUNK_START = 20
_TAG = slice(20, 23)
_START_CODE = b"\x9d\x01\x2a"
_FRAME_START = 30


def _scan_start(file: bytes) -> int:
    """Return where the scan of a JPEG begins: behind the segment that announces it."""
    place = 2
    while True:
        marker, length = file[place + 1], int.from_bytes(file[place + 2 : place + 4], "big")
        place += 2 + length
        if marker == _START_OF_SCAN:
            return place
