"""Sections of a document: what each kind holds, written the same way however it was typed.

The text of a section is Markdown whatever its kind, so that any editor can change it and any version can be compared:
items stand one a line behind ``-``, ticks in ``[ ]``, days as ``2026-11-22``, spans as ``2026-11-22 .. 2026-12-05``,
amounts behind a colon (``- Design: 3 x 1200.00``).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from crm_tui import clock, moments
from crm_tui.documents import tables
from crm_tui.documents.kinds import (
    CHECKLIST,
    DAY,
    DEEPEST,
    KINDS,
    LIST,
    LONGEST,
    LONGEST_HEADING,
    MONEY,
    MOST,
    NOTES,
    NUMBER,
    PERSON,
    RANGE,
    TABLE,
    TEXT,
)
from crm_tui.i18n import _
from crm_tui.text import clean, clean_line, quoted

__all__ = [
    "CHECKLIST", "DAY", "DEEPEST", "KINDS", "LIST", "LONGEST_HEADING", "MONEY", "MOST", "NOTES", "NUMBER", "PERSON",
    "RANGE", "TABLE", "TEXT", "Amount", "Item", "Period", "Section", "amounts", "heading", "items", "missing",
    "periods", "read_amount", "read_number", "read_period", "tidy", "words",
]  # fmt: skip

ITEMS = frozenset({LIST, CHECKLIST, MONEY, RANGE, PERSON})
"""Kinds that hold one thing a line."""

_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?P<text>.*)$")
_TICK = re.compile(r"^\[(?P<tick>[ xX]?)\]\s*(?P<text>.*)$")
_SPAN = re.compile(r"^(?P<first>.+?)\s*(?:\.\.+|…|\s[–—-]\s|\s+(?:to|until|till)\s+)\s*(?P<rest>.+)$", re.I)
_TIMES = re.compile(r"^(?P<count>[\d.,' ]+?)\s*[x×*]\s*(?P<price>[^x×*]+)$", re.I)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a document."""

    heading: str
    kind: str = TEXT
    body: str = ""
    level: int = 0
    """How far it is indented: 0 is a section of the document itself."""
    required: bool = False
    hint: str = ""
    """What is to be written there, for whoever fills it in."""
    id: int | None = None
    """That of its record, None for one that has none yet; it is no part of what the section says."""

    def as_dict(self) -> dict[str, Any]:
        """Return what it says, as revisions keep it."""
        return {name: value for name, value in asdict(self).items() if name != "id"}

    @property
    def missing(self) -> bool:
        """Whether something is still to be written there."""
        return self.required and not self.says_something

    @property
    def says_something(self) -> bool:
        """Whether something is written there; a table has rows."""
        return bool(tables.read(self.body).rows) if self.kind == TABLE else bool(self.body.strip())


class Item(NamedTuple):
    """A line of a list or checklist."""

    text: str
    done: bool | None
    """None for one that is no checklist's."""
    line: int
    """Its place in the text, from 0."""


class Amount(NamedTuple):
    """A line of a section of amounts."""

    what: str
    many: Decimal | None
    price: Decimal | None
    """None for a line that says no amount."""

    @property
    def total(self) -> Decimal:
        """What it comes to."""
        return (self.price or Decimal()) * (Decimal(1) if self.many is None else self.many)


class Period(NamedTuple):
    """A line of a section of spans of days."""

    first: date
    last: date
    what: str


def tidy(section: Section) -> str:
    """Return the text of a section as it is kept. Raises ValueError with a plain reason, naming the line."""
    body = clean(section.body).strip("\n")
    if not body.strip():
        return ""
    if len(body) > LONGEST:
        message = _("{n} characters are too many for one section, {most} fit: part it")
        raise ValueError(message.format(n=f"{len(body):,}", most=f"{LONGEST:,}"))
    return _TIDY.get(section.kind, _as_it_is)(body).strip("\n")  # a line of spaces is an empty one now


def _as_it_is(body: str) -> str:
    return "\n".join(line if line.endswith("  ") and line.strip() else line.rstrip() for line in body.split("\n"))


def _by_line(tidied: Callable[[str], str]) -> Callable[[str], str]:
    def all_lines(body: str) -> str:
        found = []
        for number, line in enumerate(body.split("\n"), 1):
            if not _TICK.sub(r"\g<text>", _bare(line)).strip():
                continue
            try:
                found.append(tidied(line))
            except ValueError as error:
                raise ValueError(_("line {n}: {reason}").format(n=number, reason=error)) from error
        return "\n".join(found)

    return all_lines


def _bare(line: str) -> str:
    """A line without what makes it an item."""
    match = _ITEM.match(f"{line} ")  # an item may be empty
    return (match["text"] if match else line).strip()


def _indent(line: str) -> str:
    """What stands before a line that is part of another, in steps of two."""
    return "  " * min(6, (len(line) - len(line.lstrip(" "))) // 2)


def _list_line(line: str) -> str:
    return f"{_indent(line)}- {_bare(line)}"


def _tick_line(line: str) -> str:
    text = _bare(line)
    match = _TICK.match(text)
    tick = "x" if match and match["tick"].lower() == "x" else " "
    return f"{_indent(line)}- [{tick}] {(match['text'] if match else text).strip()}"


def read_number(text: str) -> Decimal:
    """Return a number that somebody wrote: ``1200``, ``1,200.50``, ``1.200,50``. Raises ValueError."""
    from crm_tui.values import parse_number  # few sections hold any

    return parse_number(text.strip())


def read_amount(line: str) -> Amount:
    """Return what a line of amounts says: ``Design: 3 x 1200``. Raises ValueError."""
    text = _bare(line)
    what, colon, said = text.rpartition(":")
    if not colon or not what.strip():
        return Amount(text, None, None)
    try:
        many = _TIMES.match(said.strip())
        if many:
            return Amount(what.strip(), read_number(many["count"]), read_number(many["price"]))
        return Amount(what.strip(), None, read_number(said))
    except ValueError:
        if any(char.isdigit() for char in said):
            raise
        return Amount(text, None, None)


def _money_line(line: str) -> str:
    found = read_amount(line)
    if found.price is None:
        return f"- {found.what}"
    count = "" if found.many is None else f"{_plain(found.many)} x "
    return f"- {found.what}: {count}{found.price:.2f}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def read_period(line: str) -> Period:
    """Return what a line of spans says: ``1 Dec to 15 Dec discovery``. Raises ValueError."""
    text = _bare(line)
    match = _SPAN.match(text)
    if match is None:
        words = text.split()
        day, rest = _day_of(words)
        return Period(day, day, " ".join(rest))
    first = _day(match["first"].strip())
    last, rest = _day_of(match["rest"].split())
    if last < first:
        message = _("{last} is before {first}")
        raise ValueError(message.format(last=last.isoformat(), first=first.isoformat()))
    return Period(first, last, " ".join(rest))


def _day_of(words: Sequence[str]) -> tuple[date, list[str]]:
    """The day that the first words name, and those behind it."""
    for many in (3, 2, 1):
        if many <= len(words):
            with contextlib.suppress(ValueError):
                return _day(" ".join(words[:many])), list(words[many:])
    return _day(" ".join(words)), []


def _day(text: str) -> date:
    """A day that somebody wrote; one without a year is of this one."""
    try:
        return moments.read_day(text)
    except ValueError:
        if re.fullmatch(r"\d{1,2}\.?\s+[^\W\d]+\.?|[^\W\d]+\.?\s+\d{1,2}", text.strip()):
            with contextlib.suppress(ValueError):
                return moments.read_day(f"{text.strip()} {clock.today().year}")
        raise


def _range_line(line: str) -> str:
    found = read_period(line)
    said = f" {found.what}" if found.what else ""
    last = "" if found.last == found.first else f" .. {found.last.isoformat()}"
    return f"- {found.first.isoformat()}{last}{said}"


def _one_day(body: str) -> str:
    lines = [line for line in body.split("\n") if line.strip()]
    day, rest = _day_of(_bare(lines[0]).split())
    said = " ".join([*rest, *(line.strip() for line in lines[1:])])
    return f"{day.isoformat()} {said}".strip()


def _one_number(body: str) -> str:
    words = " ".join(body.split())
    match = re.match(r"^(?P<number>[-+]?\d(?:[\d.,' ]*\d)?)\s*(?P<unit>.*)$", words)
    if match is None:
        raise ValueError(_("{text} is no number; write one, like 12 or 4.5 hours").format(text=quoted(body, 40)))
    return f"{_plain(read_number(match['number']))} {match['unit']}".strip()


_TIDY: dict[str, Callable[[str], str]] = {
    LIST: _by_line(_list_line),
    CHECKLIST: _by_line(_tick_line),
    PERSON: _by_line(_list_line),
    MONEY: _by_line(_money_line),
    RANGE: _by_line(_range_line),
    TABLE: lambda body: tables.aligned(body),
    DAY: _one_day,
    NUMBER: _one_number,
}


_CLOSING = re.compile(r"(?:(?:^|\s+)#+)+$")
"""What Markdown takes for the end of a heading, and not for its text; the # of C# is no such thing."""


def heading(text: str) -> str:
    """Return a heading as it is kept. Raises ValueError."""
    plain = _CLOSING.sub("", clean_line(text).strip().lstrip("#").strip())
    if not plain:
        raise ValueError(_("a section has a heading"))
    if len(plain) > LONGEST_HEADING:
        raise ValueError(_("that is too long for a heading; {n} characters fit").format(n=LONGEST_HEADING))
    return plain


def items(section: Section) -> list[Item]:
    """Return the lines of a list or checklist, without those that say nothing."""
    found = []
    for at, line in enumerate(section.body.split("\n")):
        text = _bare(line)
        tick = _TICK.match(text)
        done = (tick["tick"].lower() == "x" if tick else False) if section.kind == CHECKLIST else None
        text = tick["text"].strip() if tick and section.kind == CHECKLIST else text
        if text:
            found.append(Item(text, done, at))
    return found


def amounts(section: Section) -> list[Amount]:
    """Return the lines of a section of amounts; what cannot be read counts as said without one."""
    found = []
    for line in section.body.split("\n"):
        if line.strip():
            try:
                found.append(read_amount(line))
            except ValueError:
                found.append(Amount(_bare(line), None, None))
    return found


def periods(section: Section) -> list[Period]:
    """Return the lines of a section of spans that can be read."""
    found = []
    for line in section.body.split("\n"):
        if line.strip():
            try:
                found.append(read_period(line))
            except ValueError:
                continue
    return found


def words(sections: Sequence[Section]) -> int:
    """Return how many words a document has, without its headings."""
    return sum(len(section.body.split()) for section in sections)


def missing(sections: Sequence[Section]) -> list[Section]:
    """Return the sections where something is still to be written."""
    return [section for section in sections if section.missing]
