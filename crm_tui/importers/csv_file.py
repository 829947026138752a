"""CSV and its relatives: any delimiter, encoding and line ending that spreadsheets write, streamed row by row."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from crm_tui.errors import BadInput
from crm_tui.exporters.formulas import undo
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.importers import sniff
from crm_tui.importers.source import (
    Format,
    Limits,
    Options,
    RowProblem,
    Source,
    SourceRow,
    bytes_read,
    fitted,
    headings,
)

_SEP_LINE = re.compile(r'\ufeff?"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_UNDECODED = re.compile("[\udc80-\udcff]")
_DELIMITER_WORDS = {"\t": "tab", " ": "space"}
_TICK = 256
"""Rows between two notes of the position."""
_MOST_REREAD = 100_000_000
"""Characters read again after broken quotes, before the file is given up as not what it was taken for."""


class CsvSource(Source):
    """A file of delimited cells, the first row naming the columns."""

    def __init__(self, path: Path, options: Options, limits: Limits) -> None:
        """Raises BadInput when there is no row of headings, or the file is binary."""
        super().__init__(path, limits)
        with path.open("rb") as handle:
            head = handle.read(sniff.SAMPLE)
        if sniff.looks_binary(head) and not options.encoding:
            raise BadInput(_("{file} is not text; save it as CSV (UTF-8) or .xlsx").format(file=self.name))
        self._charset = sniff.charset_of(path, options.encoding)
        sample = self._beginning()
        declared = _SEP_LINE.match(sample)
        self._skipped = 1 if declared else 0
        if options.delimiter is not None:
            self._delimiter = sniff.delimiter_named(options.delimiter)
        elif declared:
            self._delimiter = sniff.delimiter_named(declared[1])
        else:
            self._delimiter = sniff.delimiter_of(sample)
        self._spaced = False
        first = next(self._records(), None)
        if isinstance(first, SourceRow) and all(cell.startswith(" ") for cell in first.cells[1:]):
            self._spaced = len(first.cells) > 1  # "Name", "City": a space after each delimiter
            first = next(self._records(), None)
        if first is None:
            raise BadInput(_("{file} is empty").format(file=self.name))
        if isinstance(first, RowProblem):
            raise BadInput(_("line {line}: {reason}").format(line=first.line, reason=first.reason))
        self.columns, self.notes = headings(first.cells, limits, first.line)

    def describe(self) -> str:
        rows = max(0, self._charset.lines - self._skipped - 1)
        return ngettext(
            "CSV, {encoding}, delimiter {delimiter}, about {n} row",
            "CSV, {encoding}, delimiter {delimiter}, about {n} rows",
            rows,
        ).format(
            encoding=self._charset.label,
            delimiter=_DELIMITER_WORDS.get(self._delimiter, self._delimiter),
            n=whole(rows),
        )

    def _read(self) -> Iterator[SourceRow | RowProblem]:
        width = len(self.columns)
        records = self._records()
        next(records)
        for row in records:
            if isinstance(row, RowProblem) or len(row.cells) == width:
                yield row
            elif isinstance(cells := fitted(row.cells, width), str):
                yield RowProblem(row.line, cells)
            else:
                yield SourceRow(row.line, cells)

    def _beginning(self) -> str:
        """Return whole lines from the start of the file."""
        with self._open() as text:
            try:
                sample = text.read(sniff.SAMPLE)
            except UnicodeError as error:
                raise self._undecodable(1) from error
        if len(sample) < sniff.SAMPLE:
            return sample
        return sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample

    def _open(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self._charset.codec, errors="surrogateescape", newline="")

    def _undecodable(self, line: int) -> BadInput:
        return BadInput(
            _("{file}, near line {line}: this is not {encoding}; name the encoding it is written in").format(
                file=self.name, line=line, encoding=self._charset.label
            )
        )

    def _records(self) -> Iterator[SourceRow | RowProblem]:
        """Yield every record that is not blank, the headings first.

        A record whose quotes are broken is reported by its first line, and reading goes on with the next line, so
        that one quote never closed does not take the rows after it along.
        """
        csv.field_size_limit(self.limits.cell + 2)
        with self._open() as text:
            lines = _Lines(text, self.limits)
            line = 1
            if self._skipped:
                text.readline()
                line = 2
            while True:
                reader = csv.reader(lines.feed(), delimiter=self._delimiter, skipinitialspace=self._spaced, strict=True)
                try:
                    for cells in reader:
                        first, line = line, line + len(lines.taken)
                        row = self._checked(first, cells, lines.taken)
                        lines.taken.clear()
                        if not first % _TICK:
                            self._position = bytes_read(text)
                        if row is not None:
                            yield row
                    return
                except csv.Error as error:
                    yield RowProblem(line, _in_words(str(error), self.limits))
                    line += lines.give_back()
                except UnicodeError as error:
                    raise self._undecodable(line) from error

    def _checked(self, line: int, cells: list[str], taken: list[str]) -> SourceRow | RowProblem | None:
        """Return the record unless it is blank or holds what is no text."""
        apostrophe = False
        for physical in taken:
            if "\0" in physical:
                return RowProblem(line, _("a NUL byte, which no text holds; the file may be damaged"))
            if not self._charset.flawless and not physical.isascii() and _UNDECODED.search(physical):
                return RowProblem(
                    line,
                    _("bytes that are not {encoding}; save the file as UTF-8").format(encoding=self._charset.label),
                )
            apostrophe = apostrophe or "'" in physical
        if not any(cells):
            return None
        if apostrophe:
            cells = [undo(cell) if cell[:1] == "'" else cell for cell in cells]
        return SourceRow(line, tuple(cells))


class _Lines:
    """Feeds physical lines to the reader, keeping those of the record being read so that they can be read again."""

    def __init__(self, text: io.TextIOWrapper, limits: Limits) -> None:
        self.taken: list[str] = []
        """The lines of the record being read."""
        self._text = text
        self._limits = limits
        self._again: deque[str] = deque()
        self._reread = 0
        self._cut = False

    def feed(self) -> Iterator[str]:
        """Yield the lines; raises csv.Error where a record grows beyond the limit."""
        readline, again, most = self._text.readline, self._again, self._limits.record
        characters = 0
        while line := again.popleft() if again else readline(most):
            characters = characters + len(line) if self.taken else len(line)
            self.taken.append(line)
            if characters >= most:
                self._skip_rest_of(line)
                raise csv.Error("record too long")
            yield line

    def _skip_rest_of(self, line: str) -> None:
        self._cut = len(line) == self._limits.record
        while self._cut and line and not line.endswith(("\n", "\r")):
            line = self._text.readline(self._limits.record)

    def give_back(self) -> int:
        """Give all but the first line of the broken record back to be read again; return how many are done with.

        Raises BadInput when so much had to be read again that the quotes of the whole file must be meant otherwise.
        """
        done = len(self.taken) if self._cut else 1
        self._again.extendleft(reversed(self.taken[done:]))
        self._reread += sum(map(len, self.taken[done:]))
        self.taken.clear()
        self._cut = False
        if self._reread > _MOST_REREAD:
            raise BadInput(_("too many quotes are opened and never closed; is this a CSV file?"))
        return done


def _in_words(error: str, limits: Limits) -> str:
    """Return what csv.Error means, in plain words."""
    if "field limit" in error:
        return _("a cell is longer than {n} characters; is a quote opened and never closed?").format(
            n=whole(limits.cell)
        )
    if "too long" in error:
        return _("the row is longer than {n} characters").format(n=whole(limits.record))
    if "unexpected end" in error:
        return _("a quote is opened and never closed")
    if "expected after" in error:
        return _('text after a closing quote; a quote inside a cell is written twice, ""')
    return _("the row cannot be read ({reason})").format(reason=error)


def _sniff(head: bytes) -> int:
    return 0 if sniff.looks_binary(head) else 10


FORMAT = Format("CSV", (".csv", ".tsv", ".tab", ".txt"), _sniff, CsvSource)
