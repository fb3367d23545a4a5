"""Pictures of result records: every number drawn stands in the record, none is computed here.

Importing this package imports Matplotlib, so it is imported where a picture is wanted.
"""

from jscgc_theory.plotting import bound_plot as bound_plot
from jscgc_theory.plotting import covering_plot as covering_plot
from jscgc_theory.plotting import dimension_plot as dimension_plot
from jscgc_theory.plotting import mi_plot as mi_plot
from jscgc_theory.plotting import velocity_plot as velocity_plot
from jscgc_theory.plotting.canvas import figure_bytes as figure_bytes
from jscgc_theory.plotting.canvas import save_figure as save_figure
from jscgc_theory.plotting.dispatch import Picture as Picture
from jscgc_theory.plotting.dispatch import pictures as pictures
from jscgc_theory.plotting.dispatch import plot as plot
from jscgc_theory.plotting.style import DOUBLE_COLUMN_INCHES as DOUBLE_COLUMN_INCHES
from jscgc_theory.plotting.style import SINGLE_COLUMN_INCHES as SINGLE_COLUMN_INCHES
from jscgc_theory.plotting.style import paper_style as paper_style
