"""A workbook for Excel and LibreOffice: one sheet, numbers as numbers, days as days, all else as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from crm_tui.errors import BadInput
from crm_tui.exporters.cells import cell_for
from crm_tui.exporters.formulas import is_number
from crm_tui.exporters.target import NUMERIC, ExportColumn, Format
from crm_tui.formats import whole
from crm_tui.i18n import _

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
"""What a sheet can hold, its headings included."""

_EXACT_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a day that there was not; such days stay text."""
_WIDTHS = {"text": 24, "day": 12, "number": 10, "money": 14, "percent": 10}
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class XlsxWriter:
    """Writes records as the rows of one sheet; openpyxl packs them when all are there."""

    def __init__(self, stream: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        self._stream = stream
        self._columns = tuple(columns)
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet("crm-tui")
        self._cells = tuple(cell_for(column.kind) for column in columns)
        self._count = 1
        self._sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column.kind, 24)
        heading = cell_for("text")
        headings = [WriteOnlyCell(self._sheet, _escape(heading(column.name))) for column in columns]
        for cell in headings:
            cell.font = Font(bold=True)
        self._sheet.append(headings)

    def write(self, row: Sequence[object]) -> None:
        self._count += 1
        if self._count > MOST_ROWS:
            raise BadInput(_("a sheet holds {n} rows at most; export to .csv or .json").format(n=whole(MOST_ROWS)))
        self._sheet.append(
            [
                self._value(column, cell, value)
                for column, cell, value in zip(self._columns, self._cells, row, strict=True)
            ]
        )

    def _value(self, column: ExportColumn, cell: Any, value: object) -> object:
        """Return what openpyxl is to write: a number, a day or text; None for an empty cell."""
        if value is None or value == "" or isinstance(value, bool):
            return value if isinstance(value, bool) else None
        if isinstance(value, int | float | Decimal):
            return value if len(str(value)) <= _EXACT_DIGITS else str(value)
        if isinstance(value, str):
            if column.kind in NUMERIC and len(value) <= _EXACT_DIGITS and is_number(value):
                return Decimal(value)
            if column.kind == "day" and len(value) == 10:
                return self._day(value)
        text = _escape(cell(value))
        if len(text) > LONGEST_CELL:
            raise BadInput(
                _(
                    "row {row}: {field} has {n} characters, a cell of a sheet holds {most}; export to .csv or .json"
                ).format(row=self._count, field=column.label, n=whole(len(text)), most=whole(LONGEST_CELL))
            )
        return text

    @staticmethod
    def _day(text: str) -> object:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return day if day >= _FIRST_DAY else text

    def finish(self) -> None:
        self._book.save(self._stream)

    def abandon(self) -> None:
        try:
            self._sheet.close()
        finally:
            self._sheet._writer.cleanup()  # the sheet's own file, which openpyxl removes only when it is saved


def _escape(text: str) -> str:
    """Write what XML cannot hold as Office does, ``_x000D_``, and what already looks so that it comes back as it is."""
    return _ESCAPED.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    return f"_x005F{found}" if len(found) > 1 else f"_x{ord(found):04X}_"


FORMAT = Format("XLSX", (".xlsx",), XlsxWriter)
