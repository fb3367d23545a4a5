"""One self-contained HTML page from records, with its figures as vectors beside it."""

from jscgc_theory.report.section import Section as Section
from jscgc_theory.report.write import write_report as write_report
from jscgc_theory.report.write import write_report_sections as write_report_sections
