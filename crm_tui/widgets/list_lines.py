"""How a list looks: its styles, and the text of its header, its rows, rows still to come and an empty list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from textwrap import wrap
from typing import get_args

from rich.cells import cell_len

from crm_tui.widgets.columns import Column, LineLayout, fit
from crm_tui.widgets.glyphs import Glyphs
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.loaded_rows import Flag, Row

_MARKS = 2
"""Cells at the left: the cursor's mark and the selection's."""

_POSITION = 1
"""Cells at the right: where in the result the screen is."""

_MOST_TEXTS = 1000

LIST_PARTS = {
    "record-list--header",
    "record-list--row",
    "record-list--muted",
    "record-list--good",
    "record-list--warning",
    "record-list--alert",
    "record-list--selected",
    "record-list--cursor",
}
HEADER = ("record-list--header",)
CURSOR = ("record-list--row", "record-list--cursor")
ROW: dict[tuple[str, bool], tuple[str, ...]] = {
    (flag, selected): (f"record-list--{flag or 'row'}", *(["record-list--selected"] if selected else []))
    for flag in get_args(Flag)
    for selected in (False, True)
}
"""The parts whose styles are laid over each other for a row with this flag, selected or not."""

LIST_CSS = """
RecordList {
    width: 1fr;
    height: 1fr;
    & > .record-list--header { color: $foreground-muted; text-style: bold; }
    & > .record-list--row { color: $foreground; }
    & > .record-list--muted { color: $foreground-muted; }
    & > .record-list--good { color: $text-success; }
    & > .record-list--warning { color: $text-warning; }
    & > .record-list--alert { color: $text-error; }
    & > .record-list--selected { background: $primary 20%; text-style: bold; }
    & > .record-list--cursor {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    &:focus > .record-list--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    &:ansi > .record-list--selected { background: ansi_default; }
    &:ansi > .record-list--muted { text-style: dim; }
    &:nocolor > .record-list--cursor { text-style: bold; }
    &:nocolor:focus > .record-list--cursor { text-style: reverse; }
}
"""


class ListLines:
    """Makes lines of exactly ``width`` cells; remembers those of rows by their position until ``forget``."""

    def __init__(self, columns: Sequence[Column], glyphs: Glyphs, width: int) -> None:
        self.width = width
        self._columns = columns
        self._glyphs = glyphs
        self._layout = LineLayout(columns, max(0, width - _MARKS - _POSITION), glyphs.ellipsis)
        self._texts: dict[int, str] = {}
        self._blank = " " * width

    def forget(self) -> None:
        """Make the lines of rows anew: other rows have come."""
        self._texts.clear()

    def blank(self) -> str:
        """Return the line below the last row."""
        return self._blank

    def header(self, sorted_by: str, descending: bool) -> str:
        """Return the labels of the columns, the one that sorts with its direction."""
        mark = self._glyphs.descending if descending else self._glyphs.ascending
        widths = {at: cells for at, cells, _ in self._layout.places}
        labels = []
        for at, column in enumerate(self._columns):
            label, cells = column.label, widths.get(at, 0)
            if column.key == sorted_by and cells > 2:
                label = f"{fit(label, cells - 2, ellipsis=self._glyphs.ellipsis).rstrip()} {mark}"
            labels.append(label)
        return self._framed("", "", self._layout.line(labels), "")

    def row(self, index: int, row: Row | None, cursor: bool, selected: bool, thumb: bool) -> str:
        """Return the line of a row, None standing for one that is not loaded yet."""
        glyphs = self._glyphs
        if row is None:
            text = self._layout.line([glyphs.placeholder] * len(self._columns))
        elif (text := self._texts.get(index, "")) == "":
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            text = self._texts[index] = self._layout.line(row.cells)
        return self._framed(
            glyphs.cursor if cursor else "", glyphs.selected if selected else "", text, glyphs.position if thumb else ""
        )

    def thumb(self, top: int, body: int, reach: int) -> range:
        """Return the lines of the body that show which part of ``reach`` rows is on screen; none if all are."""
        if reach <= body or body < 1:
            return range(0)
        size = max(1, body * body // reach)
        first = min(body - size, top * (body - size) // (reach - body))
        return range(first, first + size)

    def _framed(self, cursor: str, selected: str, text: str, position: str) -> str:
        line = f"{cursor or ' '}{selected or ' '}{text}{position or ' '}"
        return line if self.width >= _MARKS + _POSITION else line[: self.width]


@lru_cache(maxsize=4)
def empty_lines(text: str, width: int, body: int) -> tuple[str, ...]:
    """Return ``body`` lines with ``text`` in the middle, wrapped at words."""
    paragraphs = [one_line(paragraph) for paragraph in text.splitlines()]
    said = [line for paragraph in paragraphs for line in wrap(paragraph, max(1, width - 4)) or [""]]
    above = max(0, (body - len(said)) // 3)
    lines = [fit(" " * ((width - cell_len(line)) // 2) + line, width) for line in said]
    blank = " " * width
    return tuple(([blank] * above + lines + [blank] * body)[:body])
