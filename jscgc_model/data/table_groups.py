"""The groups of rows of tables that were used last."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from jscgc_model.data.table_file import TableFile

_N_BYTES_KEPT = 256 * 2**20


class TableGroups:
    """Reads groups of rows and keeps those used last: one at least, 256 MiB of them at most.

    Args:
        places: Each group's table and its place there.
    """

    def __init__(self, places: Sequence[tuple[TableFile, int]]) -> None:
        self._places = list(places)
        self._kept: OrderedDict[int, Any] = OrderedDict()
        # Arrow's reader of a file serves one thread at a time.
        self._lock = Lock()

    def column(self, group: int) -> Any:
        """Return the images of a group.

        Args:
            group: Number of the group, over all tables.

        Returns:
            An Arrow column of bytes.
        """
        with self._lock:
            if group not in self._kept:
                table, place = self._places[group]
                self._kept[group] = table.read_group(place)
                self._drop_oldest()
            self._kept.move_to_end(group)
            return self._kept[group]

    def _drop_oldest(self) -> None:
        while len(self._kept) > 1 and sum(c.nbytes for c in self._kept.values()) > _N_BYTES_KEPT:
            self._kept.popitem(last=False)
