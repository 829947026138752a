"""CSV as RFC 4180 has it: UTF-8, commas, CRLF; headings are the names of the fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

from crm_tui.exporters.cells import cell_for
from crm_tui.exporters.formulas import SUSPECTS
from crm_tui.exporters.target import ExportColumn, Format


class CsvWriter:
    """Writes records as lines of cells."""

    def __init__(self, stream: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        # A lone surrogate is no character and has no UTF-8: better a question mark than no export.
        self._text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
        self._writerow = csv.writer(self._text, lineterminator="\r\n").writerow
        self._cells = tuple(cell_for(column.kind) for column in columns)
        text = cell_for("text")
        self._writerow([text(column.name) for column in columns])

    def write(self, row: Sequence[object]) -> None:
        # Nothing and numbers are written by csv as cells are; so is most text.
        self._writerow(
            [
                value
                if value is None or type(value) is int or (type(value) is str and value[:1] not in SUSPECTS)
                else cell(value)
                for cell, value in zip(self._cells, row, strict=True)
            ]
        )

    def finish(self) -> None:
        self._text.detach()

    def abandon(self) -> None:
        self._text.detach()


FORMAT = Format("CSV", (".csv",), CsvWriter, takes_bom=True)
