"""What every import format answers to: a source of rows, each with the line it began on, within the same limits."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from crm_tui.errors import BadInput
from crm_tui.exporters.formulas import undo
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.text import clean_line

UNMISTAKABLE = 90
"""From this certainty on, what a file holds outweighs what its name says."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; beyond it is an error in plain words, never a full memory."""

    rows: int = 1_000_000
    columns: int = 500
    cell: int = 1_000_000
    """Characters of one cell."""
    record: int = 16_000_000
    """Characters of one row, card or object."""
    file_bytes: int = 2 * 1024**3
    unpacked_bytes: int = 1024**3
    """Bytes that a packed format (XLSX) may unfold to."""
    ratio: int = 200
    """Times that one part of a packed format may grow when it is unfolded."""


class SourceRow(NamedTuple):
    """One record of the file: the 1-based ``line`` it begins on, as an editor shows it, and a cell per column."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A record that could not be read, in its place among the rows: where it begins and why, in plain words."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said of the file; None leaves it to be found out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    """The sheet of a workbook; in JSON the key whose list is meant."""


class Source(ABC):
    """A file of rows with named columns. It can be read several times; each time it is streamed from the start."""

    columns: tuple[str, ...]
    """The headings, cleaned and made unique."""
    notes: tuple[str, ...] = ()
    """What the person should know of how the file was understood, one sentence each."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.name = clean_line(path.name)
        """The file's name as it may be shown."""
        self.limits = limits
        self.total_bytes = path.stat().st_size
        self._position = 0

    def rows(self) -> Iterator[SourceRow | RowProblem]:
        """Yield every record in the order of the file. Raises BadInput where the file cannot be read any further."""
        self._position = 0
        try:
            for count, row in enumerate(self._read(), start=1):
                if count > self.limits.rows:
                    raise BadInput(
                        _("{file} holds more than {n} rows; split it into several files").format(
                            file=self.name, n=whole(self.limits.rows)
                        )
                    )
                yield row
        except OSError as error:
            reason = error.strerror or error
            raise BadInput(_("{file} cannot be read: {reason}").format(file=self.name, reason=reason)) from error
        self._position = self.total_bytes

    def sample(self, most: int = 200) -> list[SourceRow]:
        """Return the first good rows, to show and to guess from."""
        return list(islice((row for row in self.rows() if isinstance(row, SourceRow)), most))

    def position(self) -> int:
        """Return how many of ``total_bytes`` have been read by now; safe to ask from another thread."""
        return self._position

    @abstractmethod
    def describe(self) -> str:
        """Return one line on how the file was understood: format, encoding, rows as far as known."""

    @abstractmethod
    def _read(self) -> Iterator[SourceRow | RowProblem]:
        """Yield the records; the limit of rows is kept by ``rows``."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file that can be imported. Each module of the package named ``*_file`` declares one as ``FORMAT``."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], int]
    """How certain the first bytes of a file make it, 0 to 100."""
    open: Callable[[Path, Options, Limits], Source]


def bytes_read(text: io.TextIOWrapper) -> int:
    """Return how far into its file a text has been read."""
    buffer: Any = text.buffer  # a buffered file, which the types of the library do not say
    return int(buffer.tell())


def headings(cells: Sequence[str], limits: Limits, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that a row of headings names, and notes on what had to be made up.

    Headings left empty at the end are dropped, others are called ``column 3``; a repeated one gets a number. Raises
    BadInput when there are none, or too many.
    """
    names = [clean_line(undo(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise BadInput(_("line {line} has no headings; the first line must name the columns").format(line=line))
    if len(names) > limits.columns:
        raise BadInput(
            _("{n} columns are too many; {most} fit").format(n=whole(len(names)), most=whole(limits.columns))
        )
    columns: list[str] = []
    notes: list[str] = []
    taken = {name.casefold() for name in names}
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        unique = name or _("column {n}").format(n=number)
        copy = 2
        while unique.casefold() in seen or (unique != name and unique.casefold() in taken):
            unique, copy = f"{name or _('column')} ({copy})", copy + 1
        if not name:
            notes.append(_('Column {n} has no heading; it is called "{name}".').format(n=number, name=unique))
        elif unique != name:
            notes.append(
                _('More than one column is called "{name}"; column {n} is read as "{unique}".').format(
                    name=name, n=number, unique=unique
                )
            )
        seen.add(unique.casefold())
        columns.append(unique)
    return tuple(columns), tuple(notes)


def fitted(cells: Sequence[str], width: int) -> tuple[str, ...] | str:
    """Return the cells of a row when there is one per column (empty ones at the end aside), else what is wrong."""
    if len(cells) == width:
        return tuple(cells)
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return tuple(cells[:width])
    return ngettext(
        "{n} cells where there is {width} column", "{n} cells where there are {width} columns", width
    ).format(n=len(cells), width=width)
