"""The site: Sphinx with MyST on the pages, notebooks and figures where they lie.

The source directory is the root of the repository (``make docs`` says ``-c docs .``), so that
links between pages are the same here and on a code host, and nothing is copied.
"""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS / "_extensions"))

project = "JSCGC"
author = "The JSCGC toolkit authors"
project_copyright = author
version = release = version_of("jscgc")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
    "docstrings",
    "figures",
    "mathml",
    "readme",
]
root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "notebooks/*",
    "paper_figs/README.md",
    "benchmarks/README.md",
]
exclude_patterns = [
    ".*",
    "build",
    "dist",
    "results",
    "test-results",
    "tests",
    "README.md",
    "jscgc_*",
    "docs/changes",
    "docs/_*",
    "**.ipynb_checkpoints",
]
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(annotated_types|collections|contextlib|fractions|os|pathlib|types|typing)\..*"),
    ("py:.*", r"(jaxtyping|matplotlib|numpy|pandas|pydantic|sympy|torch|typer)\..*"),
    ("py:class", r"Tensor|ndarray|NoneType"),
    # Type variables, classes imported for the checker of types alone, fits of estimators.
    ("py:class", r".*\.(Kept|_Batch|_Part|_Result)|JudgeNetwork|VelocityNetwork"),
    ("py:class", r".*\.(VelocityField|Denoiser)"),
    ("py:class", r"jscgc_theory\.mutual_information\.parametric\.\w+\.\w+"),
]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_ipywidgets_js = {}
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "alpha"
bibtex_reference_style = "author_year"

autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "exclude-members": "model_config",
}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "JSCGC"
html_math_renderer = "mathml"
html_extra_path = ["_root"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
