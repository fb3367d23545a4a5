"""One self-contained HTML page from records, with its figures as vectors beside it."""

from jscgc_theory.report.bound_check_content import bound_check_content as bound_check_content
from jscgc_theory.report.cloud_content import covering_content as covering_content
from jscgc_theory.report.cloud_content import dimension_content as dimension_content
from jscgc_theory.report.dataset_bound_content import (
    dataset_bound_content as dataset_bound_content,
)
from jscgc_theory.report.exact_case_content import exact_case_content as exact_case_content
from jscgc_theory.report.section import Section as Section
from jscgc_theory.report.write import write_report as write_report
from jscgc_theory.report.write import write_report_sections as write_report_sections
