"""Results on stdout as tables, warnings on stderr as lines."""

import io
import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jscgc_theory.records import Notice, Record

_WIDTH_OF_PIPES = 160
_MOST_ROWS = 24
"""Rows of a table after the first that a terminal still shows."""
_MOST_NOTICES = 8
_UNIT = " (data units)"


def console_for_results() -> Console:
    """Return a console on stdout; into a pipe it writes wide lines instead of 80 columns."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without Unicode gets a question mark for a character it lacks, not an error.
        sys.stdout.reconfigure(errors="replace")
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = max(console.width, _WIDTH_OF_PIPES)
    return console


def show_result(result: Record) -> None:
    """Print a result: its answer, what it rests on, its tables.

    Args:
        result: The result of a command.
    """
    from jscgc_theory.report.all_contents import content_of

    console = console_for_results()
    content = content_of(result)
    console.print(Text(content.answer, style="bold"))
    for remark in content.remarks:
        console.print(Text(remark))
    for place, table in enumerate(content.tables):
        console.print()
        if place == 0 or len(table.rows) <= _MOST_ROWS:
            console.print(_drawn(table.caption, table.columns, table.rows))
        else:
            elsewhere = "in the record (--json) and on the page (--report)"
            console.print(Text(f"{table.caption}: {len(table.rows)} rows, {elsewhere}."))


def _drawn(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    used = [index for index, name in enumerate(columns) if any(row[index].strip() for row in rows)]
    heads = [columns[index].removesuffix(_UNIT) for index in used]
    # One word on the unit instead of one in every head: a terminal is narrow.
    unit = _UNIT if any(columns[index].endswith(_UNIT) for index in used) else ""
    drawn = Table(title=Text(caption + unit), title_justify="left")
    for head in heads:
        longest = max(len(word) for word in head.split())
        drawn.add_column(Text(head), overflow="fold", min_width=longest)
    for row in rows:
        drawn.add_row(*(Text(row[index]) for index in used))
    return drawn


def show_notices(notices: Sequence[Notice]) -> None:
    """Print warnings on stderr, one line each, the many cut short.

    Args:
        notices: What the reader must know.
    """
    for notice in notices[:_MOST_NOTICES]:
        sys.stderr.write(f"warning: {' '.join(notice.message.split())}\n")
    if len(notices) > _MOST_NOTICES:
        left = len(notices) - _MOST_NOTICES
        sys.stderr.write(f"warning: {left} more are listed in the record and the report\n")
