"""Reads images of a set, and keeps account of those that cannot be used."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from jscgc_model.data.decoding import MODES, Pixels, decode_image
from jscgc_model.data.encoded_images import EncodedImages, UnusableImageError
from jscgc_model.data.reading_report import ReadingReport, SkippedImage
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

N_THREADS = 4
"""Decoding lets go of Python's lock, so a few threads share it."""


class ImageReader:
    """Reads images by number; what cannot be used is skipped, counted and listed.

    Args:
        images: The set.
        channels: 1 for grey, 3 for colour; images are converted.
        shorter_side: Pixels the shorter side is resized to, or None to keep sizes.
        least_side: Fewest pixels of a side; smaller images cannot be used.

    Raises:
        InputError: If the set is empty or a number is out of range.
    """

    def __init__(
        self,
        images: EncodedImages,
        *,
        channels: int = 3,
        shorter_side: int | None = None,
        least_side: int = 1,
    ) -> None:
        if channels not in MODES:
            raise InputError(f"channels = {channels}; give 1 (grey) or 3 (colour)")
        if len(images) == 0:
            raise InputError("the set of images is empty; give one image at least")
        self.images = images
        self.channels = channels
        self.shorter_side = shorter_side
        self.least_side = check_count(least_side, name="least_side")
        if (
            shorter_side is not None
            and check_count(shorter_side, name="shorter_side") < least_side
        ):
            raise InputError(
                f"shorter_side = {shorter_side} is below the {least_side} pixels of a crop; give "
                f"{least_side} or more"
            )
        self._lock = Lock()
        self._read: set[int] = set()
        self._reasons: dict[int, str] = {}

    def read(self, number: int) -> Pixels | None:
        """Read an image; several threads may ask at once.

        Args:
            number: Place of the image in the set.

        Returns:
            Its pixels, or None if it cannot be used.

        Raises:
            InputError: If no image of the set can be used.
        """
        if number in self._reasons:
            self._check_some_are_left(number)
            return None
        try:
            pixels = self._decoded(number)
        except UnusableImageError as error:
            with self._lock:
                self._reasons[number] = str(error)
            self._check_some_are_left(number)
            return None
        with self._lock:
            self._read.add(number)
        return pixels

    def read_all(self) -> ReadingReport:
        """Read every image once.

        Returns:
            What came of it.

        Raises:
            InputError: If no image of the set can be used.
        """
        with ThreadPoolExecutor(N_THREADS) as pool:
            for _ in pool.map(self._is_usable, range(len(self.images))):
                pass
        return self.report()

    def report(self) -> ReadingReport:
        """Return what came of reading so far.

        Returns:
            The report; skipped images in the order of the set.
        """
        with self._lock:
            skipped = tuple(
                SkippedImage(name=self.images.name(number), reason=reason)
                for number, reason in sorted(self._reasons.items())
            )
            n_read = len(self._read)
        return ReadingReport(
            n_images=len(self.images), n_read=n_read, n_skipped=len(skipped), skipped=skipped
        )

    def _is_usable(self, number: int) -> bool:
        # Keeping no pixels, a survey of any set runs in little memory.
        return self.read(number) is not None

    def _decoded(self, number: int) -> Pixels:
        pixels = decode_image(
            self.images.encoded(number), channels=self.channels, shorter_side=self.shorter_side
        )
        height, width = pixels.shape[:2]
        if min(height, width) < self.least_side:
            raise UnusableImageError(
                f"{height} x {width} pixels are less than {self.least_side} x {self.least_side}"
            )
        return pixels

    def _check_some_are_left(self, number: int) -> None:
        if len(self._reasons) == len(self.images):
            raise InputError(
                f"none of {len(self.images)} images can be used; {self.images.name(number)}: "
                f"{self._reasons[number]}; give others, a smaller crop or a shorter_side to "
                "resize to"
            )
