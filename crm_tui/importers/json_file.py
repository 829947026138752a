"""JSON: a list of objects, such a list under a key, one object, or an object per line (JSON Lines). Streamed.

A file is read twice: once for the keys that occur in it, which become the columns, then for its rows.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_tui.errors import BadInput, nearest
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.importers import sniff
from crm_tui.importers.json_scanner import DECODER, Item, Scanner, not_json
from crm_tui.importers.source import Format, Limits, Options, RowProblem, Source, SourceRow, bytes_read, headings
from crm_tui.text import clean_line

_DEEPEST = 4
"""Objects inside objects that become columns of their own, ``a.b.c.d``; what is deeper stays JSON text."""
_LINES_SUFFIXES = (".jsonl", ".ndjson")


class JsonSource(Source):
    """Objects with the same kind of keys; an object inside one gives columns ``outer.inner``."""

    def __init__(self, path: Path, options: Options, limits: Limits) -> None:
        """Raises BadInput, with the line, for what is no JSON, too deep, or holds no objects."""
        super().__init__(path, limits)
        self._charset = sniff.charset_of(path, options.encoding)
        self._key = options.sheet
        self._lines = path.suffix.lower() in _LINES_SUFFIXES or self._has_object_per_line()
        self._count = 0
        keys: dict[str, None] = {}
        for item in self._items():
            if isinstance(item, Item) and isinstance(item.value, dict):
                self._count += 1
                keys.update(dict.fromkeys(_flat(item.value)))
                if len(keys) > limits.columns:
                    break
        if not keys:
            raise BadInput(_("{file} holds no objects; a list of them is needed").format(file=self.name))
        self._keys = list(keys)
        self.columns, self.notes = headings(self._keys, limits, 1)

    def describe(self) -> str:
        kind = _("JSON Lines") if self._lines else _("JSON")
        return ngettext("{format}, {encoding}, {n} row", "{format}, {encoding}, {n} rows", self._count).format(
            format=kind, encoding=self._charset.label, n=whole(self._count)
        )

    def _read(self) -> Iterator[SourceRow | RowProblem]:
        keys = self._keys[: len(self.columns)]
        longest = self.limits.cell
        for item in self._items():
            if isinstance(item, RowProblem):
                yield item
            elif not isinstance(item.value, dict):
                yield RowProblem(item.line, _("this is no object, as the others are"))
            else:
                flat = _flat(item.value)
                cells = tuple([flat.get(key, "") for key in keys])
                if max(map(len, cells)) > longest:
                    yield RowProblem(item.line, _("a cell is longer than {n} characters").format(n=whole(longest)))
                elif any(cells):
                    yield SourceRow(item.line, cells)

    def _open(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self._charset.codec, errors="replace")

    def _has_object_per_line(self) -> bool:
        """Whether the first line is an object by itself, and another begins after it."""
        with self._open() as text:
            try:
                first = text.readline(self.limits.record).strip()
                return first.startswith("{") and isinstance(DECODER.decode(first), dict) and _next(text) == "{"
            except (ValueError, RecursionError):
                return False

    def _items(self) -> Iterator[Item | RowProblem]:
        """Yield the values of the list, or the reasons why a line of JSON Lines is none."""
        with self._open() as text:
            try:
                yield from self._line_items(text) if self._lines else self._document_items(Scanner(text, self.limits))
            except UnicodeError as error:
                raise BadInput(
                    _("{file} is not {encoding}; save it as UTF-8").format(file=self.name, encoding=self._charset.label)
                ) from error

    def _line_items(self, text: io.TextIOWrapper) -> Iterator[Item | RowProblem]:
        line = 0
        most = self.limits.record
        while read := text.readline(most):
            line += 1
            self._position = bytes_read(text)
            if len(read) == most:
                while read and not read.endswith("\n"):
                    read = text.readline(most)
                yield RowProblem(line, _("the line is longer than {n} characters").format(n=whole(most)))
            elif read.strip():
                try:
                    yield Item(line, DECODER.decode(read))
                except RecursionError:
                    yield RowProblem(line, _("objects are nested too deeply"))
                except ValueError as error:
                    yield RowProblem(line, not_json(error))

    def _document_items(self, scanner: Scanner) -> Iterator[Item]:
        alone = scanner.peek() != "{"
        if not alone and not self._enter_list(scanner):
            with self._open() as text:  # no list inside: the object itself is the one record
                scanner = Scanner(text, self.limits)
                yield scanner.value()
                scanner.expect_end()
            return
        if scanner.peek() != "[":
            raise scanner.error(_("a list of objects is needed, [ ... ]"))
        scanner.skip()
        if scanner.peek() == "]":
            return
        while True:
            yield scanner.value()
            self._position = scanner.position()
            if scanner.peek() != ",":
                break
            scanner.skip()
        if scanner.peek() != "]":
            raise scanner.error(_("a comma or ] is missing"))
        scanner.skip()
        if alone:
            scanner.expect_end()

    def _enter_list(self, scanner: Scanner) -> bool:
        """Go to the list of objects inside an object: the one under the key asked for, else the first."""
        lists: list[str] = []
        while scanner.peek() in ("{", ","):
            scanner.skip()
            if scanner.peek() == "}":
                break
            key = str(scanner.value().value)
            if scanner.peek() != ":":
                raise scanner.error(_("a colon is missing"))
            scanner.skip()
            if key == "name" and self._key is None:
                return False  # what has a name is a record, whatever lists it holds
            if scanner.begins_list_of_objects():
                lists.append(key)
                if self._key in (None, key):
                    return True
            scanner.value()
        if self._key is None:
            return False
        raise BadInput(
            _('{file} has no list "{key}".').format(file=self.name, key=clean_line(self._key))
            + nearest(self._key, lists)
        )


def _next(text: io.TextIOWrapper) -> str:
    """Return the next character that is not space; "" at the end."""
    while read := text.read(1024):
        if bare := read.lstrip():
            return bare[0]
    return ""


def _flat(record: dict[str, Any], prefix: str = "", depth: int = 1) -> dict[str, str]:
    """Return the record as text by column, as our own CSV export writes it.

    A reference ``{"id": 3, "name": "Ana"}`` is its name, a list its items joined by commas, another object the
    columns ``outer.inner``.
    """
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value and not _is_reference(value) and depth < _DEEPEST:
            flat.update(_flat(value, f"{prefix}{key}.", depth + 1))
        else:
            flat[prefix + key] = _text(value)
    return flat


def _is_reference(value: dict[str, Any]) -> bool:
    return "name" in value and value.keys() <= {"id", "name"}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and _is_reference(value):
        return _text(value["name"]) or _text(value.get("id"))
    if isinstance(value, list) and not any(
        isinstance(item, list) or isinstance(item, dict) and not _is_reference(item) for item in value
    ):
        return ", ".join(filter(None, map(_text, value)))
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError as error:
        raise BadInput(_("objects are nested too deeply")) from error


def _sniff(head: bytes) -> int:
    begins = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    return 60 if begins in (b"[", b"{") else 0


FORMAT = Format("JSON", (".json", *_LINES_SUFFIXES), _sniff, JsonSource)
