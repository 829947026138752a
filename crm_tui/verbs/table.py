"""Tables as plain text: columns as wide as what is in them, cut only where a terminal is too narrow.

Widths are counted in terminal cells, so that names in Japanese line up with the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from crm_tui.text import clean_line

GAP = "  "

MEASURED = 500
"""Rows looked at to find the widths; rows after them may be wider and are never cut in a pipe."""

NARROWEST = 6
"""Cells a column keeps however narrow the terminal is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and whether its cells stand at the right."""

    heading: str
    right: bool = False


def cells(text: str) -> int:
    """Return how many cells of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells, with an ellipsis where something is left out."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _width(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def lines(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None = None) -> Iterator[str]:
    """Yield a heading and a line per row. ``width`` is the terminal's; None (a pipe) cuts nothing."""
    cleaned = ([clean_line(cell) for cell in row] for row in rows)
    first = list(islice(cleaned, MEASURED))
    headings = [clean_line(column.heading) for column in columns]
    widths = [max(cells(text) for text in texts) for texts in zip(headings, *first, strict=True)]
    if width is not None:
        widths = _fitted(widths, width)
    for row in chain([headings], first, cleaned):
        yield _line(columns, row, widths, cutting=width is not None)


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], *, cutting: bool) -> str:
    parts = []
    for column, text, width in zip(columns, row, widths, strict=True):
        shown = cut(text, width) if cutting else text
        spare = " " * (width - cells(shown))
        parts.append(spare + shown if column.right else shown + spare)
    return GAP.join(parts).rstrip()


def _fitted(wanted: Sequence[int], width: int) -> list[int]:
    """Take cells from the widest columns until the line fits, or every column is at its narrowest."""
    widths = list(wanted)
    over = sum(widths) + len(GAP) * (len(widths) - 1) - width
    while over > 0:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
        over -= 1
    return widths
