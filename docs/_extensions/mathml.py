"""Formulas as MathML, which browsers draw themselves: no script, no network.

The translation is docutils' own; a command it does not know is a warning, hence an error.
"""

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


def setup(app: Sphinx) -> ExtensionMetadata:
    """Offer the renderer ``mathml`` for ``html_math_renderer``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(_mathml(node, as_block=False))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, in a box that the style sheet lets scroll."""
    translator.body.append(f'<div class="math">{_mathml(node, as_block=True)}</div>\n')
    raise nodes.SkipNode


def _mathml(node: nodes.math | nodes.math_block, *, as_block: bool) -> str:
    try:
        # Only how tall a bar between brackets is drawn depends on \middle, which is not known.
        return tex2mathml(node.astext().replace(r"\middle", ""), as_block=as_block)
    except MathError as error:
        getLogger(__name__).warning(
            "%s: %s", error, node.astext(), location=node, type="math", subtype="mathml"
        )
        return nodes.Text(node.astext()).astext()
