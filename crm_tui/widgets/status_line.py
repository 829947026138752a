"""The first line of every screen: where one is, how much there is, what is asked for, who is here, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment

from crm_tui.widgets.columns import LONGEST_CELL, fit
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget

_APART = 3
_SHORTEST_QUERY = 8
_SHORTEST_CRUMB = 6

Part = tuple[str, str]
"""What a part of the line is (the end of its component class), and its text."""


class StatusLine(LineWidget):
    """One line of context; shows what ``update`` was last told.

    Where there is not room for everything, the query is cut first, then left out; then the texts at the right go, the
    first of them first; then the counts; then the crumbs, the first of them first.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status-line--path",
        "status-line--place",
        "status-line--counts",
        "status-line--query",
        "status-line--right",
    }
    DEFAULT_CSS = """
    StatusLine {
        width: 1fr;
        height: 1;
        background: $panel;
        & > .status-line--path { color: $foreground-muted; }
        & > .status-line--place { color: $foreground; text-style: bold; }
        & > .status-line--counts { color: $foreground; }
        & > .status-line--query { color: $text-primary; }
        & > .status-line--right { color: $foreground-muted; }
        &:ansi > .status-line--path { text-style: dim; }
        &:ansi > .status-line--query { color: $text-accent; }
        &:ansi > .status-line--right { text-style: dim; }
    }
    """

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._crumbs: tuple[str, ...] = ()
        self._counts = ""
        self._query = ""
        self._right: tuple[str, ...] = ()

    def update(
        self,
        *,
        crumbs: Sequence[str] | None = None,
        counts: str | None = None,
        query: str | None = None,
        right: Sequence[str] | None = None,
    ) -> None:
        """Show other texts; None leaves a part as it is. ``crumbs`` lead from the workspace to what is shown."""
        before = (self._crumbs, self._counts, self._query, self._right)
        if crumbs is not None:
            self._crumbs = tuple(one_line(crumb[:LONGEST_CELL]) for crumb in crumbs)
        if counts is not None:
            self._counts = one_line(counts)
        if query is not None:
            self._query = one_line(query)
        if right is not None:
            self._right = tuple(one_line(text) for text in right if text)
        if before != (self._crumbs, self._counts, self._query, self._right):
            self.draw()

    def line(self, y: int) -> Line:
        """Return the line, with what there is room for."""
        width = self.extent.width
        left, right = self._chosen(max(0, width - 2))
        used = _length(left) + _length(right)
        parts = [("path", " "), *left, ("path", " " * max(0, width - 2 - used)), *right, ("path", " ")]
        line: Line = []
        for kind, text in parts:
            room = width - sum(cell_len(segment.text) for segment in line)
            if text and room > 0:
                shown = text if cell_len(text) <= room else fit(text, room, ellipsis="")
                line.append(Segment(shown, self.style_of((f"status-line--{kind}",))))
        return line

    def _chosen(self, room: int) -> tuple[list[Part], list[Part]]:
        """Return the parts at the left and at the right that fit into ``room`` cells."""
        ellipsis = glyphs_of(self).ellipsis
        crumbs, counts, query, right = list(self._crumbs), self._counts, self._query, list(self._right)

        def spare() -> int:
            return room - _length(self._left(crumbs, counts, query)) - _length(_joined(right))

        if query and spare() < 0:
            kept = cell_len(query) + spare()
            query = fit(query, kept, ellipsis=ellipsis) if kept >= _SHORTEST_QUERY else ""
        while right and spare() < 0:
            del right[0]
        if spare() < 0:
            counts = ""
        while len(crumbs) > 1 and spare() < 0:
            del crumbs[0]
        if crumbs and spare() < 0:
            crumbs = [fit(crumbs[0], max(0, cell_len(crumbs[0]) + spare()), ellipsis=ellipsis)]
        return self._left(crumbs, counts, query), _joined(right)

    def _left(self, crumbs: Sequence[str], counts: str, query: str) -> list[Part]:
        """Return the parts at the left with the space between them."""
        parts: list[Part] = [("path", f"{crumb} {glyphs_of(self).crumb} ") for crumb in crumbs[:-1]]
        parts += [("place", crumbs[-1])] if crumbs else []
        for kind, text in (("counts", counts), ("query", query)):
            if text:
                parts += [("path", " " * _APART)] * bool(parts) + [(kind, text)]
        return parts


def _joined(texts: Sequence[str]) -> list[Part]:
    """Return the texts at the right with space before each."""
    return [("right", " " * _APART + text) for text in texts]


def _length(parts: Sequence[Part]) -> int:
    return sum(cell_len(text) for _, text in parts)
