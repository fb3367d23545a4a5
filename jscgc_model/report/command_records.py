"""What the commands of the model find."""

from jscgc_model.data.reading_report import ReadingReport
from jscgc_theory.records import Record


class RecipeEntry(Record):
    """A recipe in the list."""

    name: str
    about: str
    n_steps: int
    batch_size: int


class RecipeList(Record):
    """All recipes."""

    recipes: tuple[RecipeEntry, ...]


class TrainingReport(Record):
    """How a training run ended."""

    recipe: str
    folder: str
    n_steps_done: int
    last_loss: float
    n_samples_per_second: float
    n_parameters: dict[str, int]
    """Learning parameters of each part."""
    reading: ReadingReport | None = None
    """What came of reading images, if they are read from files."""


class TransmissionReport(Record):
    """What was sent, and how far what was generated lies from it."""

    snr_db: float
    n_samples: int
    n_draws: int
    n_symbols: int
    """Complex channel symbols for each sample."""
    bandwidth_ratio: float
    """Symbols over values of a sample."""
    side_symbols: float
    """What the receiver must be told beside them, in symbols, see the ledger."""
    capacity_bits: float
    distance: tuple[float, ...]
    """Root mean square distance of a sample's draws from it, in data units."""
    files: tuple[str, ...]
    """What was written."""
