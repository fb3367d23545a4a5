"""The door to torch: everything here needs it, nothing outside pays for it."""

from importlib.util import find_spec

from jscgc_theory.errors import MissingExtraError


def require_torch() -> None:
    """Refuse, in one line, to go on without torch.

    Raises:
        MissingExtraError: If torch is not installed.
    """
    if find_spec("torch") is None:
        raise MissingExtraError("a trained velocity field", "model")
