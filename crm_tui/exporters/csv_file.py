"""CSV as RFC 4180 has it: UTF-8, commas, CRLF; headings are the names of the fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

from crm_tui.exporters.cells import cell_for
from crm_tui.exporters.formulas import SUSPECTS
from crm_tui.exporters.target import ExportColumn, Format

WRITTEN_AS_THEY_ARE = frozenset({"number", "day", "moment"})
"""Families of which csv itself writes every value as its cell: numbers, days, nothing."""


class CsvWriter:
    """Writes records as lines of cells."""

    def __init__(self, stream: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        # A lone surrogate is no character and has no UTF-8: better a question mark than no export.
        self._text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
        self._writerow = csv.writer(self._text, lineterminator="\r\n").writerow
        self._cells = [
            (at, cell_for(column.kind)) for at, column in enumerate(columns) if column.kind not in WRITTEN_AS_THEY_ARE
        ]
        self._width = len(columns)
        text = cell_for("text")
        self._writerow([text(column.name) for column in columns])

    def write(self, row: Sequence[object]) -> None:
        cells = list(row)
        if len(cells) != self._width:
            raise ValueError(f"{len(cells)} cells for {self._width} columns")
        for at, cell in self._cells:
            value = cells[at]
            if type(value) is not str:
                if value is not None:
                    cells[at] = cell(value)
            elif value and value[0] in SUSPECTS:  # all other text is written as it is
                cells[at] = cell(value)
        self._writerow(cells)

    def finish(self) -> None:
        self._text.detach()

    def abandon(self) -> None:
        self._text.detach()


FORMAT = Format("CSV", (".csv",), CsvWriter, takes_bom=True)
