"""Named exceptions; each says which value was refused, why, and what to do instead."""


class InputError(ValueError):
    """A value handed over by the user cannot be used.

    The command line prints the message as one line and exits with status 2, so a message names
    the value, the problem and the remedy, in that order; line breaks in it become spaces.

    Args:
        message: What was refused, why, and what to do instead.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split("\n")))


class MissingExtraError(ImportError):
    """A feature was called whose optional packages are not installed.

    Args:
        feature: What was asked for.
        extra: Name of the extra that brings the packages, as in ``pip install jscgc[extra]``.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs packages that are not installed; run: pip install 'jscgc[{extra}]'"
        )
        self.extra = extra
