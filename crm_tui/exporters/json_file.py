"""JSON: a list of objects keyed by the names of the fields, one object per line, written as they come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import BinaryIO

from crm_tui.exporters.target import ExportColumn, Format


class JsonWriter:
    """Writes records as the objects of one list."""

    def __init__(self, stream: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        self._stream = stream
        self._names = [column.name for column in columns]
        self._before = b"[\n"
        self._encode = json.JSONEncoder(ensure_ascii=False).encode

    def write(self, row: Sequence[object]) -> None:
        text = self._encode(dict(zip(self._names, row, strict=True)))
        self._stream.write(self._before)
        self._stream.write(text.encode("utf-8", "replace"))
        self._before = b",\n"

    def finish(self) -> None:
        self._stream.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")

    def abandon(self) -> None:
        """Nothing was taken besides the stream."""


FORMAT = Format("JSON", (".json",), JsonWriter)
