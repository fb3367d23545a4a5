"""Several numbers behind one option: ``--snr-db -5 0 5`` and ``--snr-db -5,0,5``.

The parser below Typer takes one value an option, so the command line is rewritten to
``--snr-db=-5 --snr-db=0 --snr-db=5`` before it is parsed.
"""

from collections.abc import Collection, Sequence


def spread_numbers(arguments: Sequence[str], repeatable: Collection[str]) -> list[str]:
    """Repeat an option for every number that follows it.

    Args:
        arguments: The command line without the program's name.
        repeatable: Options that may be given several times, such as ``--snr-db``.

    Returns:
        The command line with one number an option; all else is left as it is.
    """
    spread: list[str] = []
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        position += 1
        if argument == "--":
            return [*spread, argument, *arguments[position:]]
        option, equals, value = argument.partition("=")
        if option not in repeatable:
            spread.append(argument)
            continue
        tokens = [value] if equals else list(arguments[position : position + 1])
        position += 0 if equals else len(tokens)
        while position < len(arguments) and _numbers(arguments[position]):
            tokens.append(arguments[position])
            position += 1
        spread.extend(_repeated(option, tokens))
    return spread


def _repeated(option: str, tokens: list[str]) -> list[str]:
    if not tokens:
        return [option]
    return [f"{option}={one}" for token in tokens for one in (_numbers(token) or [token])]


def _numbers(token: str) -> list[str]:
    """Split a token into its numbers; an empty list if it is anything else."""
    pieces = [piece.strip() for piece in token.split(",") if piece.strip()]
    return pieces if all(_is_number(piece) for piece in pieces) else []


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
