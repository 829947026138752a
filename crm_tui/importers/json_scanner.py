"""Reads the values of a JSON document one after the other, never more of it in memory than one value needs."""

from __future__ import annotations

import io
import json
import re
from typing import Any, NamedTuple

from crm_tui.errors import BadInput
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.importers.source import Limits, bytes_read
from crm_tui.text import clean_line

_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")


class Item(NamedTuple):
    """A value of the document and the line it begins on."""

    line: int
    value: Any


def _refuse_constant(name: str) -> str:
    raise ValueError(_("{name} is no number").format(name=name))


DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)
"""Numbers stay the text that they are: an id of twenty digits and an amount of 12.50 lose nothing."""


def not_json(error: ValueError) -> str:
    """Return what is wrong with a text that is no JSON, in plain words."""
    reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return _("this is not valid JSON ({reason})").format(reason=clean_line(reason)[:120])


class Scanner:
    """Reads the values of a JSON document one after the other, never more of it in memory than one needs."""

    def __init__(self, text: io.TextIOWrapper, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._buffer = ""
        self._at = 0
        self._line = 1

    def position(self) -> int:
        """Return how many bytes have been read."""
        return bytes_read(self._text)

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

    def value(self) -> Item:
        """Return the next value and the line it begins on. Raises BadInput with the line when there is none."""
        self.peek()
        line = self._line
        while True:
            try:
                found, end = DECODER.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise BadInput(_("line {line}: objects are nested too deeply").format(line=line)) from error
            except ValueError as error:
                if not self._fill():
                    raise self.error(not_json(error), getattr(error, "pos", self._at)) from error
            else:
                if end < len(self._buffer) or not self._fill():  # a number at the end of what is read may go on
                    break
        self._line += self._buffer.count("\n", self._at, end)
        self._at = end
        return Item(line, found)

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
