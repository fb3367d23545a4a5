"""The ledger of what the receiver is told beside the symbols, and what telling it would cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from jscgc_model.channel.settings import ChannelSettings
from jscgc_theory.validation import check_count


@dataclass(frozen=True)
class SideInformation:
    """A row of the ledger; whoever tells the receiver more, such as a caption, adds a row."""

    name: str
    """What is told."""
    real_values: int
    """Real numbers a sample."""

    def __post_init__(self) -> None:
        check_count(self.real_values, name="real_values")

    @property
    def symbols(self) -> Fraction:
        """Complex symbols a sample that would carry the numbers, two in each.

        For a gain this is the one pilot symbol that it takes at least to learn it.
        """
        return Fraction(self.real_values, 2)


def told_to_receiver(settings: ChannelSettings, n_symbols: int) -> tuple[SideInformation, ...]:
    """List what this channel's receiver is told of each sample.

    The scale that the power constraint divides by is not among it: no receiver here knows it.

    Args:
        settings: The channel.
        n_symbols: Symbols a sample.

    Returns:
        The SNR, and under fading the gains; under fast fading as many as there are symbols.

    Raises:
        InputError: If the number of symbols is not a positive whole number.
    """
    n_symbols = check_count(n_symbols, name="n_symbols")
    rows = (SideInformation("SNR", 1),)
    if not settings.has_fading:
        return rows
    n_gains = n_symbols if settings.fading == "fast" else 1
    name = "estimates of the gains" if settings.csi_error_variance else "gains"
    return (*rows, SideInformation(name, 2 * n_gains))


def side_symbols(rows: Iterable[SideInformation]) -> Fraction:
    """Return the cost of a ledger.

    Args:
        rows: What is told.

    Returns:
        Complex symbols a sample, to be added to those sent for an honest bandwidth ratio.
    """
    return sum((row.symbols for row in rows), start=Fraction(0))
