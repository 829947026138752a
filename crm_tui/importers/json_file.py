"""JSON: a list of objects, such a list under a key, one object, or an object per line (JSON Lines). Streamed.

A file is read twice: once for the keys that occur in it, which become the columns, then for its rows.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crm_tui.errors import BadInput, nearest
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.importers import sniff
from crm_tui.importers.source import Format, Limits, Options, RowProblem, Source, SourceRow, headings
from crm_tui.text import clean_line

_DEEPEST = 4
"""Objects inside objects that become columns of their own, ``a.b.c.d``; what is deeper stays JSON text."""
_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")
_LINES_SUFFIXES = (".jsonl", ".ndjson")


class _Item(NamedTuple):
    line: int
    value: Any


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
            if isinstance(item, _Item) and isinstance(item.value, dict):
                self._count += 1
                keys.update(dict.fromkeys(_flat(item.value)))
                if len(keys) > limits.columns:
                    break
        if not keys:
            raise BadInput(_("{file} holds no objects; a list of them is needed").format(file=path.name))
        self._keys = list(keys)
        self.columns, self.notes = headings(self._keys, limits, 1)

    def describe(self) -> str:
        kind = _("JSON Lines") if self._lines else _("JSON")
        return _("{format}, {encoding}, {n} rows").format(
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
                return first.startswith("{") and isinstance(_DECODER.decode(first), dict) and _next(text) == "{"
            except (ValueError, RecursionError):
                return False

    def _items(self) -> Iterator[_Item | RowProblem]:
        """Yield the values of the list, or the reasons why a line of JSON Lines is none."""
        with self._open() as text:
            try:
                yield from self._line_items(text) if self._lines else self._document_items(_Scanner(text, self.limits))
            except UnicodeError as error:
                raise BadInput(
                    _("{file} is not {encoding}; save it as UTF-8").format(
                        file=self.path.name, encoding=self._charset.label
                    )
                ) from error

    def _line_items(self, text: io.TextIOWrapper) -> Iterator[_Item | RowProblem]:
        line = 0
        most = self.limits.record
        while read := text.readline(most):
            line += 1
            self._position = text.buffer.tell()
            if len(read) == most:
                while read and not read.endswith("\n"):
                    read = text.readline(most)
                yield RowProblem(line, _("the line is longer than {n} characters").format(n=whole(most)))
            elif read.strip():
                try:
                    yield _Item(line, _DECODER.decode(read))
                except RecursionError:
                    yield RowProblem(line, _("objects are nested too deeply"))
                except ValueError as error:
                    yield RowProblem(line, _not_json(error))

    def _document_items(self, scanner: _Scanner) -> Iterator[_Item]:
        alone = scanner.peek() != "{"
        if not alone and not self._enter_list(scanner):
            with self._open() as text:  # no list inside: the object itself is the one record
                scanner = _Scanner(text, self.limits)
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

    def _enter_list(self, scanner: _Scanner) -> bool:
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
            _('{file} has no list "{key}".').format(file=self.path.name, key=clean_line(self._key))
            + nearest(self._key, lists)
        )


class _Scanner:
    """Reads the values of a JSON document one after the other, never more of it in memory than one needs."""

    def __init__(self, text: io.TextIOWrapper, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._buffer = ""
        self._at = 0
        self._line = 1

    def position(self) -> int:
        """Return how many bytes have been read."""
        return self._text.buffer.tell()

    def peek(self) -> str:
        """Go to the next character that is not space and return it; "" at the end."""
        while True:
            at = self._after_space(self._at)
            self._line += self._buffer.count("\n", self._at, at)
            self._at = at
            if at < len(self._buffer):
                return self._buffer[at]
            if not self._fill():
                return ""

    def begins_list_of_objects(self) -> bool:
        """Whether ``[ {`` comes next."""
        if self.peek() != "[":
            return False
        while (at := self._after_space(self._at + 1)) >= len(self._buffer):
            if not self._fill():
                return False
        return self._buffer[at] == "{"

    def _after_space(self, at: int) -> int:
        match = _SPACE.match(self._buffer, at)
        return match.end() if match else at

    def skip(self) -> None:
        """Step over the character that ``peek`` returned."""
        self._at += 1

    def value(self) -> _Item:
        """Return the next value and the line it begins on. Raises BadInput with the line when there is none."""
        self.peek()
        line = self._line
        while True:
            try:
                found, end = _DECODER.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise BadInput(_("line {line}: objects are nested too deeply").format(line=line)) from error
            except ValueError as error:
                if not self._fill():
                    raise self.error(_not_json(error), getattr(error, "pos", self._at)) from error
            else:
                if end < len(self._buffer) or not self._fill():  # a number at the end of what is read may go on
                    break
        self._line += self._buffer.count("\n", self._at, end)
        self._at = end
        return _Item(line, found)

    def expect_end(self) -> None:
        """Raise BadInput when anything follows."""
        if self.peek():
            raise self.error(_("something follows the end of the document"))

    def error(self, reason: str, at: int | None = None) -> BadInput:
        """Return the error to raise for what stands here."""
        line = self._line + self._buffer.count("\n", self._at, max(self._at, at or 0))
        return BadInput(_("line {line}: {reason}").format(line=line, reason=reason))

    def _fill(self) -> bool:
        """Read on; return False at the end of the file."""
        waiting = len(self._buffer) - self._at
        if waiting > self._limits.record:
            raise self.error(_("the object is longer than {n} characters").format(n=whole(self._limits.record)))
        more = self._text.read(max(_CHUNK, waiting))
        if more:
            self._buffer = self._buffer[self._at :] + more
            self._at = 0
        return bool(more)


def _next(text: io.TextIOWrapper) -> str:
    """Return the next character that is not space; "" at the end."""
    while read := text.read(1024):
        if bare := read.lstrip():
            return bare[0]
    return ""


def _refuse_constant(name: str) -> str:
    raise ValueError(_("{name} is no number").format(name=name))


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)
"""Numbers stay the text that they are: an id of twenty digits and an amount of 12.50 lose nothing."""


def _not_json(error: ValueError) -> str:
    reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return _("this is not valid JSON ({reason})").format(reason=clean_line(reason)[:120])


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
