"""Every way points come in: arrays, tables, tensors, IDX files, folders of images."""

from jscgc_theory.points_io.groups import load_groups as load_groups
from jscgc_theory.points_io.groups import table_column as table_column
from jscgc_theory.points_io.loaded_points import LoadedPoints as LoadedPoints
from jscgc_theory.points_io.reading import FORMATS as FORMATS
from jscgc_theory.points_io.reading import load_points as load_points
