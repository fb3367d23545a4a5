"""Google docstrings as they are written here, made fit for autodoc and napoleon."""

import re
from typing import Annotated, Any, get_args, get_origin

from numpy.typing import ArrayLike
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata, stringify_annotation

from jscgc_theory.mutual_information.channel_aware import Denoiser
from jscgc_theory.mutual_information.velocity import VelocityField
from jscgc_theory.records import Record

# Python forgets the names of these types; their meanings would fill a line each.
NAMED_TYPES = {
    "jscgc_theory.mutual_information.velocity.VelocityField": VelocityField,
    "jscgc_theory.mutual_information.channel_aware.Denoiser": Denoiser,
    "numpy.typing.ArrayLike": ArrayLike,
}
MEANINGS = {stringify_annotation(kind, "smart"): name for name, kind in NAMED_TYPES.items()}
NUMPY_ARRAY = re.compile(
    r"~numpy\.ndarray\[tuple\[~typing\.Any, \.\.\.\], ~numpy\.dtype\[(.*?)\]\]"
)
LITERAL = re.compile(r"(``.*?``)")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work on signatures, and on docstrings before (400) and after (600) napoleon."""
    app.connect("autodoc-process-signature", short_signature)
    docstrings = Docstrings()
    app.connect("autodoc-process-docstring", docstrings.before_napoleon, priority=400)
    app.connect("autodoc-process-docstring", docstrings.after_napoleon, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def short_signature(
    app: Sphinx,
    what: str,
    name: str,
    obj: Any,
    options: Any,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None] | None:
    """Write types by the names they have in the source; leave records to their fields."""
    if isinstance(obj, type) and issubclass(obj, Record):
        _drop_validators(obj)
        return "", ""
    return signature and _shortened(signature), returned and _shortened(returned)


def _drop_validators(record: type[Record]) -> None:
    for field, kind in record.__annotations__.items():
        if get_origin(kind) is Annotated:
            record.__annotations__[field] = get_args(kind)[0]


def _shortened(text: str) -> str:
    for meaning, name in MEANINGS.items():
        text = text.replace(meaning, f"~{name}")
    return NUMPY_ARRAY.sub(r"~numpy.typing.NDArray[\1]", text)


class Docstrings:
    """Bars escaped in every docstring; those of attributes kept from napoleon.

    Napoleon reads what stands before a colon in an attribute's docstring as its type.
    """

    def __init__(self) -> None:
        self.of_attribute: list[str] = []

    def before_napoleon(
        self, app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
    ) -> None:
        """Escape bars: absolute values here, substitutions in reStructuredText."""
        lines[:] = [_escaped(line) for line in lines]
        self.of_attribute = list(lines)

    def after_napoleon(
        self, app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
    ) -> None:
        """Restore what documents an attribute."""
        if what in ("attribute", "data", "property"):
            lines[:] = self.of_attribute


def _escaped(line: str) -> str:
    if line.lstrip().startswith((">>>", "...")):
        return line
    parts = LITERAL.split(line)
    return "".join(part if part.startswith("``") else part.replace("|", r"\|") for part in parts)
