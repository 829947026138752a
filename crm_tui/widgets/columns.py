"""Columns of a list: what each asks for, and the widths they get in the space there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from crm_tui.widgets.guard import one_line

GAP = 1
"""Cells between two columns."""

LONGEST_CELL = 2000
"""Characters of a cell that are looked at: wider than any terminal, so that a megabyte on one line costs nothing."""


class Column(NamedTuple):
    """A column of a list; widths in cells.

    ``width`` is what it would like, ``min_width`` what it must have. Where columns do not fit, those with the lowest
    ``priority`` vanish first (of equals, the rightmost). Space left over goes to columns by their ``flex``.
    """

    key: str
    label: str
    width: int = 12
    min_width: int = 4
    align: Literal["left", "right"] = "left"
    flex: int = 0
    priority: int = 0


def fit(text: str, width: int, align: Literal["left", "right"] = "left", ellipsis: str = "…") -> str:
    """Return ``text`` in exactly ``width`` cells, padded at the side away from ``align`` or cut with ``ellipsis``."""
    if text.isascii() and text.isprintable():
        spare = width - len(text)
        if spare >= 0:
            return text.rjust(width) if align == "right" else text.ljust(width)
        return text[: width - 1] + ellipsis if width > 0 else ""
    text = one_line(text[:LONGEST_CELL])
    spare = width - cell_len(text)
    if spare >= 0:
        return " " * spare + text if align == "right" else text + " " * spare
    return set_cell_size(text, width - 1) + ellipsis if width > 0 else ""


def share(columns: Sequence[Column], width: int) -> dict[int, int]:
    """Return the width of each column that is shown, by its position in ``columns``, to fit ``width`` cells."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and sum(columns[at].min_width + GAP for at in shown) - GAP > width:
        shown.remove(min(shown, key=lambda at: (columns[at].priority, -at)))
    widths = {at: columns[at].min_width for at in shown}
    spare = width - sum(widths.values()) - GAP * (len(shown) - 1)
    if spare < 0:
        return {at: max(0, width) for at in shown}
    for at in sorted(shown, key=lambda at: (-columns[at].priority, at)):
        more = min(spare, max(0, columns[at].width - widths[at]))
        widths[at] += more
        spare -= more
    parts = sum(columns[at].flex for at in shown)
    for at in shown:
        if parts:
            more = spare * columns[at].flex // parts
            widths[at] += more
            spare -= more
            parts -= columns[at].flex
    return widths


class LineLayout:
    """The columns placed in a line of ``width`` cells; makes the text of a line from its cells."""

    def __init__(self, columns: Sequence[Column], width: int, ellipsis: str) -> None:
        self.width = width
        self.ellipsis = ellipsis
        widths = share(columns, width) if columns else {}
        self.places = [(at, cells, columns[at].align) for at, cells in widths.items()]
        self._rest = " " * (width - sum(widths.values()) - GAP * max(0, len(widths) - 1))

    def line(self, cells: Sequence[str]) -> str:
        """Return the cells of one row as text of exactly ``width`` cells; cells that are missing stay blank."""
        present = len(cells)
        ellipsis = self.ellipsis
        parts = [fit(cells[at] if at < present else "", width, align, ellipsis) for at, width, align in self.places]
        return " ".join(parts) + self._rest
