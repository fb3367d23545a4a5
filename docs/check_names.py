"""Look every public name up in the inventory of the built site: ``check_names.py FOLDER``."""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("jscgc_theory", "jscgc_model")
KINDS = ("class", "data", "exception", "function", "module")


def public_names() -> Iterator[tuple[str, str]]:
    """Find what each room offers: the names that its ``__init__`` imports as themselves.

    Yields:
        Module and name.
    """
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("__init__.py*")):
            if file.suffix not in {".py", ".pyi"}:
                continue
            module = ".".join(file.parent.relative_to(ROOT).parts)
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    yield from ((module, one.name) for one in node.names if one.asname == one.name)


def undocumented(site: Path) -> Iterator[str]:
    """Find public names that the site documents under no path.

    Args:
        site: Folder of the built pages.

    Yields:
        Their paths.
    """
    with (site / "objects.inv").open("rb") as stream:
        inventory = InventoryFile.load(stream, "", lambda base, target: target)
    paths = {path for kind in KINDS for path in inventory.get(f"py:{kind}", ())}
    told = [_value(path) for path in paths]
    for module, name in public_names():
        value = getattr(importlib.import_module(module), name)
        if not any(value is one for one in told):
            yield f"{module}.{name}"


def _value(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (AttributeError, ImportError):  # a package, or a class within a class
        return pkgutil.resolve_name(path)


if __name__ == "__main__":
    sys.exit("\n".join(undocumented(Path(sys.argv[1]))) or 0)
