"""The rows that were refused, with the line they stand on and the reason; written out, they can be imported again."""

from __future__ import annotations

import csv
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from crm_tui.errors import BadInput
from crm_tui.exporters import ExportColumn, open_target
from crm_tui.i18n import _
from crm_tui.text import clean_line

LINE, REASON = "line", "reason"
"""The columns put beside those of the file."""

MOST_LISTED = 1_000
"""Rejected rows kept in memory; all of them are in the spool, and so in the file of rejects."""

_IN_MEMORY = 1 << 20
"""Bytes of the spool that stay in memory."""

_LINES_KEPT = 3

_TABLES = (".csv", ".xlsx", ".json")


class RejectedRow(NamedTuple):
    """A row that was refused."""

    line: int
    reason: str
    cells: tuple[str, ...]
    """As they stand in the file; none when the row could not be read."""


@dataclass(slots=True)
class Reason:
    """Why rows were refused, and how many for that."""

    text: str
    count: int = 0
    lines: list[int] = field(default_factory=list)
    """The first of them."""


class Rejects:
    """Takes rejected rows as they come, however many."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.count = 0
        self.listed: list[RejectedRow] = []
        """The first ones."""
        self._reasons: dict[str, Reason] = {}
        self._spool = tempfile.SpooledTemporaryFile(  # noqa: SIM115  # it goes with this object
            _IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass", newline=""
        )
        weakref.finalize(self, self._spool.close)
        self._write = csv.writer(self._spool).writerow

    def add(self, line: int, reason: str, cells: tuple[str, ...]) -> None:
        """Take one row."""
        self.count += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(RejectedRow(line, reason, cells))
        if reason in self._reasons or len(self._reasons) < MOST_LISTED:
            known = self._reasons.setdefault(reason, Reason(reason))
            known.count += 1
            if len(known.lines) < _LINES_KEPT:
                known.lines.append(line)
        self._write((line, reason, *cells))

    def reasons(self, most: int) -> list[Reason]:
        """Return the reasons with the most rows, of equals the one met first."""
        return sorted(self._reasons.values(), key=lambda reason: -reason.count)[:most]

    def save(self, path: str | Path) -> int:
        """Write all rows to a file of the original columns with line and reason, and return how many there are.

        The suffix says the format (``require_place``). Raises BadInput, and StorageFailed when the disk refuses.
        """
        require_place(path)
        # A file of rejects that is imported again has these two columns itself: they get their new contents.
        own = [name for name in self.columns if name not in (LINE, REASON)]
        kept = [at for at, name in enumerate(self.columns) if name not in (LINE, REASON)]
        columns = [ExportColumn(name, name) for name in (*own, LINE, REASON)]
        with open_target(path, columns) as target:
            for row in self._rows():
                cells = [row.cells[at] if row.cells else "" for at in kept]
                target.write([*cells, str(row.line), row.reason])
        return self.count

    def _rows(self) -> Iterator[RejectedRow]:
        if self.count == len(self.listed):
            yield from self.listed
            return
        self._spool.seek(0)
        for line, reason, *cells in csv.reader(self._spool):
            yield RejectedRow(int(line), reason, tuple(cells))
        self._spool.seek(0, 2)


def require_place(path: str | Path) -> None:
    """Raise BadInput unless rejected rows can be written there: a table, in a folder that there is."""
    file, shown = Path(path), clean_line(str(path))
    if file.suffix.lower() not in _TABLES:
        raise BadInput(
            _("{file}: rejected rows are written as a table; end the name with one of {suffixes}").format(
                file=shown, suffixes=", ".join(_TABLES)
            )
        )
    if file.is_dir() or not file.parent.is_dir():
        raise BadInput(_("{file} cannot be written: there is no such folder, or it is one").format(file=shown))
