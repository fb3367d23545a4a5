"""Brings together what the pages about each type of record say, by importing every one of them."""

from jscgc_theory.report import bound_check_content as bound_check_content
from jscgc_theory.report import cloud_content as cloud_content
from jscgc_theory.report import dataset_bound_content as dataset_bound_content
from jscgc_theory.report import exact_case_content as exact_case_content
from jscgc_theory.report import mi_content as mi_content
from jscgc_theory.report.content import Content as Content
from jscgc_theory.report.content import Table as Table
from jscgc_theory.report.content import content_of as content_of
