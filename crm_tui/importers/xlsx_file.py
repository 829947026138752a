"""Workbooks of Excel and LibreOffice: one sheet, streamed, after a look at how far the packed file would unfold."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from crm_tui.errors import BadInput, nearest
from crm_tui.exporters.formulas import undo
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.importers.source import Format, Limits, Options, RowProblem, Source, SourceRow, fitted, headings
from crm_tui.text import clean_line

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

_MOST_PARTS = 10_000
_MOST_TAGS = 1_500_000
"""Tags of one row, or of all that is not rows, in one part: each becomes an object in memory."""
_MOST_ROWS = 1_100_000
"""Rows of a sheet; Excel itself ends at 1,048,576."""
_MOST_TEXTS = 4_000_000
"""Different texts of a workbook."""
_SMALL = 10_000_000
"""Bytes that a part may have whatever its ratio."""
_CHUNK = 1 << 20
_TICK = 256
_OLD = b"\xd0\xcf\x11\xe0"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_DAMAGED = (
    KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError, EOFError, OSError, OverflowError,
    zipfile.BadZipFile, zlib.error, RuntimeError,
)  # fmt: skip
"""What openpyxl and zipfile raise on files that are not what they say.

An XML ParseError is a SyntaxError, an unknown packing a RuntimeError.
"""


class XlsxSource(Source):
    """One sheet of a workbook, its first row that is not blank naming the columns. Lines are rows of the sheet."""

    def __init__(self, path: Path, options: Options, limits: Limits) -> None:
        """Raises BadInput for a damaged, protected or monstrous workbook, and for a sheet that it does not have."""
        super().__init__(path, limits)
        with self._reporting(0):
            _check_parts(path, self.name, limits)
        with self._workbook() as (book, handle):
            sizes = {sheet.title: sheet.max_row for sheet in book.worksheets}
            every = [sheet.title for sheet in book.worksheets]
            seen = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] or every
            wanted = seen if options.sheet is None else [_sheet_named(options.sheet, every)]
            started = ((name, next(self._rows_of(book, handle, name), None)) for name in wanted)
            self._sheet, first = next(((name, row) for name, row in started if row is not None), ("", None))
        if first is None:
            raise BadInput(_("{file} has no sheet with anything in it").format(file=self.name))
        stated = sizes.get(self._sheet)
        self._rows_stated = max(0, stated - first.line) if stated else None
        self.columns, notes = headings(first.cells, limits, first.line)
        left = ", ".join(clean_line(name) for name in seen if name != self._sheet)
        if left and options.sheet is None:
            notes += (
                _('The sheet "{sheet}" is read; others are left aside: {others}.').format(
                    sheet=clean_line(self._sheet), others=left[:200]
                ),
            )
        self.notes = notes

    def describe(self) -> str:
        sheet = clean_line(self._sheet)
        if self._rows_stated is None:
            return _('Excel workbook, sheet "{sheet}"').format(sheet=sheet)
        return ngettext(
            'Excel workbook, sheet "{sheet}", about {n} row',
            'Excel workbook, sheet "{sheet}", about {n} rows',
            self._rows_stated,
        ).format(sheet=sheet, n=whole(self._rows_stated))

    def _read(self) -> Iterator[SourceRow | RowProblem]:
        width = len(self.columns)
        records = self._records()
        next(records)
        for row in records:
            cells = row.cells
            if len(cells) < width:
                cells += ("",) * (width - len(cells))
            whole_row = fitted(cells, width)
            if isinstance(whole_row, str):
                yield RowProblem(row.line, whole_row)
            elif any(len(cell) > self.limits.cell for cell in whole_row):
                yield RowProblem(row.line, _("a cell is longer than {n} characters").format(n=whole(self.limits.cell)))
            else:
                yield SourceRow(row.line, whole_row)

    def _records(self) -> Iterator[SourceRow]:
        with self._workbook() as (book, handle):
            yield from self._rows_of(book, handle, self._sheet)

    def _rows_of(self, book: Workbook, handle: BinaryIO, name: str) -> Iterator[SourceRow]:
        """Yield every row that is not blank, as many cells wide as it has."""
        number = 0
        percents: dict[int, bool] = {}
        with self._reporting(0):
            sheet: Any = book[name]
            sheet.reset_dimensions()  # what a sheet says of its size may be wrong; its rows are not
            rows = iter(sheet.iter_rows())
        while True:
            with self._reporting(number + 1):
                row = next(rows, None)
                if row is None:
                    return
                cells = tuple([_text(cell, percents) for cell in row])
            number += 1
            if number > _MOST_ROWS:
                raise BadInput(_("{file} has more rows than a sheet can have").format(file=self.name))
            if not number % _TICK:
                self._position = handle.tell()
            if any(cells):
                yield SourceRow(number, cells)

    @contextmanager
    def _workbook(self) -> Iterator[tuple[Workbook, BinaryIO]]:
        import warnings

        from openpyxl import load_workbook

        warnings.filterwarnings("ignore", module=r"openpyxl\.")  # they would be printed over the screen
        with self.path.open("rb") as handle:  # a handle, for openpyxl refuses by its name what it could read
            with self._reporting(0):
                book = load_workbook(handle, read_only=True, data_only=True, keep_links=False)
            try:
                yield book, handle
            finally:
                book.close()

    @contextmanager
    def _reporting(self, row: int) -> Iterator[None]:
        """Say in plain words that the file is damaged, and near which row."""
        try:
            yield
        except BadInput:
            raise
        except _DAMAGED as error:
            where = _(" near row {row}").format(row=row) if row else ""
            raise BadInput(
                _("{file} is damaged{where} or no Excel workbook ({reason}); save it again as .xlsx").format(
                    file=self.name, where=where, reason=clean_line(str(error))[:80]
                )
            ) from error


def _sheet_named(wanted: str, names: list[str]) -> str:
    for name in names:
        if name.casefold() == wanted.strip().casefold():
            return name
    listed = ", ".join(clean_line(name) for name in names[:20])
    raise BadInput(
        _('there is no sheet "{sheet}"; there are {sheets}.').format(sheet=clean_line(wanted), sheets=listed)
        + nearest(wanted, names)
    )


def _text(cell: Any, percents: dict[int, bool]) -> str:
    """Return a cell as text that ``values`` reads: ISO days, numbers without needless zeros, ``12%``."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if "_x" in value:
            value = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value)
        return undo(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        style = cell._style_id
        if style and style not in percents:
            percents[style] = "%" in cell.number_format
        return f"{_number(value * 100)}%" if percents.get(style) else _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    """Return a number with the fifteen digits that a spreadsheet keeps."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _check_parts(path: Path, name: str, limits: Limits) -> None:
    """Refuse a workbook that would unfold beyond the limits; every part is unfolded once, piece by piece."""
    monstrous = BadInput(
        _("{file} would unfold to far more than it seems; it may be made to fill the memory, and is not read").format(
            file=name
        )
    )
    with path.open("rb") as handle:
        if handle.read(4) == _OLD:
            raise BadInput(
                _("{file} is an old .xls file or protected by a password; save it as .xlsx without one").format(
                    file=name
                )
            )
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
            raise monstrous
        for part in parts:
            if part.flag_bits & 1:
                raise BadInput(_("{file} is protected by a password; save it without").format(file=name))
            if part.file_size > max(_SMALL, limits.ratio * part.compress_size):
                raise monstrous
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as unfolded:
                    if not _is_bounded(unfolded):
                        raise monstrous


def _is_bounded(part: IO[bytes]) -> bool:
    """Whether a part of XML holds no more than fits in memory as objects, and declares no entities of its own."""
    tags = rows = texts = 0
    while chunk := part.read(_CHUNK):
        last = max(chunk.rfind(b"row>"), chunk.rfind(b"si>"))
        tags = tags + chunk.count(b"<") if last < 0 else chunk.count(b"<", last)
        rows += chunk.count(b"row>")
        texts += chunk.count(b"si>")
        if tags > _MOST_TAGS or rows > 2 * _MOST_ROWS or texts > 2 * _MOST_TEXTS or b"<!DOCTYPE" in chunk:
            return False
    return True


def _sniff(head: bytes) -> int:
    if head.startswith(b"PK\x03\x04"):
        return 95 if b"xl/" in head or b"[Content_Types].xml" in head else 5
    return 95 if head.startswith(_OLD) else 0


FORMAT = Format("XLSX", (".xlsx", ".xlsm"), _sniff, XlsxSource)
