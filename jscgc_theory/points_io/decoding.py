"""The border to third-party readers: whatever they raise on a file is that file's fault."""

from types import TracebackType

from jscgc_theory.errors import InputError


class Decoding:
    """A context that turns any failure of a reader into an ``InputError`` naming the file.

    Readers of damaged bytes raise nearly everything, from ``KeyError`` to ``SyntaxError``; a list
    of their exceptions would never be complete. Keep the context around their calls alone.

    Args:
        name: The file, or the picture within it.
        problem: What cannot be done with it, such as ``cannot be read as HDF5``.
        remedy: What to do instead.
    """

    def __init__(self, name: object, problem: str, remedy: str = "save it anew") -> None:
        self.name = name
        self.problem = problem
        self.remedy = remedy

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception) or isinstance(error, InputError):
            return
        lines = str(error).splitlines()
        reason = lines[0] if lines else type(error).__name__
        raise InputError(f"{self.name} {self.problem} ({reason}); {self.remedy}") from error
