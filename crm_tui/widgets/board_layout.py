"""How wide the columns of a board are, and which line of which cell is seen where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STRIP = 5
"""Cells of a column that is only a strip: as many as its count needs."""
LEAST = 18
"""Cells that all columns must have to be shown at once."""
GOOD = 32
"""Cells that a column must have beside others once some are strips."""


@dataclass(frozen=True, slots=True)
class Span:
    """A column on the screen."""

    column: int
    x: int
    width: int
    strip: bool


def spans(width: int, columns: int, folded: frozenset[int], at: int, first: int) -> tuple[list[Span], int]:
    """Return the columns as they stand in ``width`` cells, a gap of one cell between each two, and which is the first
    that is not a strip.

    All are shown where each gets a readable width. Else as many as do well, among them the one ``at`` the cursor, and
    the others as strips; ``first`` was the first of those shown before, so that the board does not jump. ``folded``
    columns are strips always. Where there is not even room for strips, the farthest from the cursor are left out.
    """
    if columns < 1 or width < 1:
        return [], 0
    open_ = [column for column in range(columns) if column not in folded]
    room = width - (columns - 1) - STRIP * (columns - len(open_))
    shown, begin = open_, 0
    if open_ and room < LEAST * len(open_):
        many = next((n for n in range(len(open_) - 1, 1, -1) if _each(width, columns, n) >= GOOD), 1)
        near = min(range(len(open_)), key=lambda place: abs(open_[place] - at))
        begin = max(near - many + 1, min(first, near))
        begin = max(0, min(begin, len(open_) - many))
        shown = open_[begin : begin + many]
    present = list(range(columns))
    least = 2 * STRIP + 2
    while len(present) > 1 and _room(width, len(present), len(shown)) < least:
        present.remove(max(present, key=lambda column: (abs(column - at), column)))
        shown = [column for column in shown if column in present] or shown[:0]
    return _placed(width, present, shown), begin


def _each(width: int, columns: int, wide: int) -> int:
    return _room(width, columns, wide) // wide


def _room(width: int, columns: int, wide: int) -> int:
    """Cells for the columns that are not strips."""
    return width - (columns - 1) - STRIP * (columns - wide)


def _placed(width: int, present: Sequence[int], shown: Sequence[int]) -> list[Span]:
    room, left, x = _room(width, len(present), len(shown)), len(shown), 0
    placed = []
    for place, column in enumerate(present):
        if column in shown:
            cells = room // left
            room, left = room - cells, left - 1
        else:
            cells = STRIP if place < len(present) - 1 or shown else max(STRIP, width - x)
        cells = max(0, min(cells, width - x))
        placed.append(Span(column, x, cells, column not in shown))
        x += cells + 1
    return [span for span in placed if span.width]
