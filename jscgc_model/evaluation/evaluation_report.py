"""What an evaluation found: one row for each system at each SNR."""

from pydantic import Field

from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice, Record


class SystemRow(Record):
    """A system at one SNR."""

    system: str
    snr_db: float
    metrics: dict[str, Estimate]
    """By name; the method of each is its protocol."""
    draw_values: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    """Each metric of the first, second, ... draws alone, where there are several."""
    n_images: int
    """Images sent; those that could not be read are left out."""
    n_symbols: float
    """Complex symbols of an image, the mean over images."""
    bandwidth_ratio: float
    """Symbols over the values of the images' pixels, n / (3 H W) for colour."""
    side_symbols: float
    """What the receiver is told beside them, in symbols of an image, see the ledger."""
    capacity_bits: float
    """What the channel carries at most of an image."""
    ms_per_image: float
    """Wall-clock time of one draw, encoder and channel included."""
    n_parameters: int
    n_steps: int | None
    """Steps of the sampler; None for a system that has none."""
    notices: tuple[Notice, ...] = ()


class EvaluationReport(Record):
    """Systems side by side on the same images and the same noise of the channel."""

    rows: tuple[SystemRow, ...]
    n_draws: int
    examples: PixelGrid | None = None
    """Source images, then the first draw of each system at each SNR."""

    @property
    def systems(self) -> tuple[str, ...]:
        """Names in the order given."""
        return tuple(dict.fromkeys(row.system for row in self.rows))

    @property
    def snr_db(self) -> tuple[float, ...]:
        """SNRs in the order given."""
        return tuple(dict.fromkeys(row.snr_db for row in self.rows))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics in the order given."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.metrics))

    def of_system(self, system: str) -> tuple[SystemRow, ...]:
        """Return the rows of a system, by rising SNR.

        Args:
            system: Its name.

        Returns:
            The rows.

        Raises:
            InputError: If there is no such system.
        """
        found = sorted(
            (row for row in self.rows if row.system == system), key=lambda row: row.snr_db
        )
        if not found:
            raise InputError(
                f"no system {system!r} was evaluated; choose one of {', '.join(self.systems)}"
            )
        return tuple(found)
