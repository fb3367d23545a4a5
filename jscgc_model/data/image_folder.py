"""A folder of images, sub-folders included, read file by file."""

from pathlib import Path

from jscgc_model.data.encoded_images import UnusableImageError
from jscgc_theory.errors import InputError
from jscgc_theory.points_io.image_folder import list_images


class ImageFolder:
    """The image files below a folder, in the order of their names.

    Args:
        folder: The folder; hidden files are left out, links to folders are not followed.

    Raises:
        InputError: If it is no folder or holds no image.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder; give a folder of images")
        self._folder = folder
        files, _ = list_images(folder)
        self._names = [file.relative_to(folder).as_posix() for file in files]

    def __len__(self) -> int:
        return len(self._names)

    def name(self, number: int) -> str:
        """Return the path of an image below the folder.

        Args:
            number: Place of the image.

        Returns:
            The path, with forward slashes.
        """
        return self._names[number]

    def encoded(self, number: int) -> bytes:
        """Read an image file.

        Args:
            number: Place of the image.

        Returns:
            Its bytes.

        Raises:
            UnusableImageError: If the file cannot be opened.
        """
        try:
            return (self._folder / self._names[number]).read_bytes()
        except OSError as error:
            raise UnusableImageError(error.strerror or str(error)) from error
