"""Which images train, and which are held out: by their folder, or by a digest of their name."""

import hashlib
import re
from pathlib import Path
from typing import Literal

from jscgc_model.data.encoded_images import ChosenImages, EncodedImages
from jscgc_theory.errors import InputError

Split = Literal["train", "val", "test", "all"]

_FOLDER = re.compile(r"(?:(train)(?:ing)?|(val)(?:id|idation)?|(test)(?:ing)?)(?:[-_.][^/]*)?/")


def split_images(
    images: EncodedImages, split: Split, *, held_out_share: float = 0.05
) -> EncodedImages:
    """Return the images of a split.

    If names begin with a folder (or a table) ``train``, ``val`` or ``test``, these are the splits,
    and what lies outside them is in none. Otherwise a digest of an image's name decides, so that
    an image stays on its side whatever is added to the set or removed from it.

    Args:
        images: The set.
        split: Which; ``all`` for the whole set.
        held_out_share: Share of ``val``, and of ``test``, where the digest decides.

    Returns:
        The images of the split.

    Raises:
        InputError: If there are none, or the share is not within (0, 0.5).
    """
    if not 0.0 < held_out_share < 0.5:
        raise InputError(f"held_out_share = {held_out_share:g} is outside (0, 0.5)")
    if split == "all":
        return images
    names = [images.name(number) for number in range(len(images))]
    sides: list[str | None] = [_side_by_folder(name) for name in names]
    if not any(sides):
        sides = [_side_by_digest(name, held_out_share) for name in names]
    chosen = [number for number, side in enumerate(sides) if side == split]
    if not chosen:
        there = ", ".join(sorted({side for side in sides if side}))
        raise InputError(
            f"split = {split!r} holds none of the {len(images)} images, which are in {there}; "
            "choose another split, or 'all'"
        )
    return ChosenImages(images, chosen)


def only_listed(images: EncodedImages, ids: Path) -> EncodedImages:
    """Return the images whose identifiers stand in a file, such as a subset of Open Images.

    Args:
        images: The set.
        ids: Text file, one identifier a line: the name of an image file, without folder and
            ending; what stands before a slash (``train/00a1b2``) is left out.

    Returns:
        The images, in the order of the set.

    Raises:
        InputError: If the file cannot be read or names none of the images.
    """
    try:
        lines = ids.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{ids} cannot be read as a list of images ({error})") from error
    wanted = {_identifier(line) for line in lines}
    chosen = [
        number for number in range(len(images)) if _identifier(images.name(number)) in wanted
    ]
    if not chosen:
        raise InputError(
            f"{ids} lists {len(wanted)} images, none of the {len(images)} there are; give names "
            "of files without folder and ending"
        )
    return ChosenImages(images, chosen)


def _side_by_folder(name: str) -> str | None:
    found = _FOLDER.match(name)
    return found[found.lastindex or 0] if found else None


def _side_by_digest(name: str, held_out_share: float) -> str:
    head = hashlib.sha256(name.encode()).digest()[:8]
    place = int.from_bytes(head) / 2**64
    if place < held_out_share:
        return "test"
    return "val" if place < 2.0 * held_out_share else "train"


def _identifier(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]
