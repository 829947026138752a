"""The grid of a dashboard: cards beside and below each other, reflowed to the width there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from crm_tui.documents.layout import Line, Span

COLUMN = 36
"""Cells a column of the grid has at least."""

GAP = 2
"""Cells between two cards."""


class Place(NamedTuple):
    """Where a card stands, in cells and lines of the whole grid."""

    x: int
    y: int
    width: int
    height: int


def arranged(sizes: Sequence[tuple[int, int]], width: int) -> list[Place]:
    """Return where cards of some columns and lines stand, in their order, each where it is highest, then leftmost."""
    columns = max(1, width // COLUMN)
    cell = max(1, (width - GAP * (columns - 1)) // columns)
    depth = [0] * columns
    places = []
    for wanted, height in sizes:
        span = min(wanted, columns)
        tops = [max(depth[at : at + span]) for at in range(columns - span + 1)]
        at = min(range(len(tops)), key=lambda place: (tops[place], place))
        y = tops[at]
        depth[at : at + span] = [y + height] * span
        places.append(Place(at * (cell + GAP), y, span * cell + (span - 1) * GAP, height))
    return places


def composed(cards: Sequence[tuple[Place, Sequence[Line]]]) -> list[Line]:
    """Return the lines of the whole grid."""
    height = max((place.y + place.height for place, _lines in cards), default=0)
    lines: list[Line] = []
    for y in range(height):
        spans: list[Span] = []
        x = 0
        for place, drawn in sorted(cards, key=lambda card: card[0].x):
            if place.y <= y < place.y + min(place.height, len(drawn)):
                line = drawn[y - place.y]
                spans.append(Span(" " * (place.x - x)))
                spans.extend(line)
                x = place.x + sum(cell_len(span.text) for span in line)
        lines.append(tuple(spans))
    return lines
