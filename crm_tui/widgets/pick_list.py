"""The lines to pick one from, in every popup and picker: drawn by one widget, moved in by its owner.

Lines are made when they are drawn, so thousands of choices cost no more than those on screen. The widget never has
the focus: the owner's input has it, and the owner moves the cursor here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message

from crm_tui.widgets.columns import fit
from crm_tui.widgets.fuzzy import places
from crm_tui.widgets.glyphs import UNICODE, glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget

APART = 2
"""Cells between two columns."""

MARKS = 2
"""Cells at the left for the cursor's mark and that of what is chosen; a third keeps the second off the label."""

_WHEEL_LINES = 3
_LONGEST = 500
_STRESSED = Style(bold=True, underline=True)


@dataclass(frozen=True, slots=True)
class PickRow:
    """One line: ``lead`` at the left, the ``label``, and a ``note`` read second. A heading cannot be picked."""

    label: str
    lead: str = ""
    note: str = ""
    lead_width: int = 0
    """Cells for the ``lead`` of this line, where it is not the list's."""
    typed: str = ""
    """What was typed to find it: the letters of the label that match stand out."""
    chosen: bool = False
    muted: bool = False
    """Whether it cannot be had now; the note says why."""
    heading: bool = False


class PickList(LineWidget):
    """A list with a cursor; shows what ``show`` was last told."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pick-list--row",
        "pick-list--lead",
        "pick-list--match",
        "pick-list--note",
        "pick-list--muted",
        "pick-list--heading",
        "pick-list--cursor",
    }
    DEFAULT_CSS = """
    PickList {
        width: 1fr;
        height: 1fr;
        & > .pick-list--row { color: $foreground; }
        & > .pick-list--lead { color: $text-primary; }
        & > .pick-list--match { color: $text-primary; text-style: bold; }
        & > .pick-list--note { color: $foreground-muted; }
        & > .pick-list--muted { color: $text-disabled; }
        & > .pick-list--heading { color: $foreground-muted; text-style: bold; }
        & > .pick-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:ansi > .pick-list--lead, &:ansi > .pick-list--match { color: $text-accent; }
        &:ansi > .pick-list--note, &:ansi > .pick-list--muted { text-style: dim; }
        &:ansi > .pick-list--match { text-style: bold underline; }
        &:nocolor > .pick-list--cursor { text-style: reverse; }
        &:nocolor > .pick-list--match { text-style: bold underline; }
    }
    """

    class Picked(Message):
        """A line was clicked."""

        def __init__(self, pick_list: PickList, index: int) -> None:
            super().__init__()
            self.pick_list = pick_list
            self.index = index

        @property
        def control(self) -> PickList:
            """The list that was clicked in."""
            return self.pick_list

    class Moved(Message):
        """The cursor stands on another line."""

        def __init__(self, pick_list: PickList) -> None:
            super().__init__()
            self.pick_list = pick_list

        @property
        def control(self) -> PickList:
            """The list with the cursor."""
            return self.pick_list

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lead = 0
        self._label: int | None = None
        self._marks = MARKS
        self._count = 0
        self._row: Callable[[int], PickRow] = lambda index: PickRow("")
        self._empty = ""
        self._cursor, self._top = -1, 0
        self._glyphs = UNICODE

    # What is shown

    def show(
        self,
        count: int,
        row: Callable[[int], PickRow],
        *,
        cursor: int = 0,
        lead: int = 0,
        label: int | None = None,
        marks: int = MARKS,
        empty: str = "",
    ) -> None:
        """Show ``count`` lines, each asked for when it is drawn, with the cursor on one (-1: none).

        ``lead`` and ``label`` are widths in cells; without ``label``, notes stand at the right edge. ``empty`` is said
        where there are no lines.
        """
        self._count, self._row, self._empty = count, row, empty
        self._lead, self._label, self._marks = lead, label, marks
        self._top, self._cursor = 0, -1
        if cursor >= 0:
            self.go_to(cursor)
        else:
            self._settle()

    # Cursor

    @property
    def cursor(self) -> int:
        """The line with the cursor, from 0; -1 if there is none."""
        return self._cursor

    def move(self, lines: int) -> None:
        """Move the cursor down, or up by a negative number, past headings."""
        self._go(self._cursor + lines, 1 if lines > 0 else -1)

    def page(self, pages: int) -> None:
        """Move by whole pages."""
        self.move(pages * max(1, self.extent.height - 1))

    def go_to(self, index: int) -> None:
        """Move to a line, or to the nearest below or above it that can be picked."""
        self._go(index, 1)

    def leave(self) -> None:
        """Put the cursor on no line."""
        self._cursor = -1
        self.draw()

    def _go(self, index: int, step: int) -> None:
        index = max(0, min(index, self._count - 1))
        found = self._pickable(index, step)
        found = self._pickable(index, -step) if found < 0 else found
        if found != self._cursor:
            self._cursor = found
            self.post_message(self.Moved(self))
        self._settle()

    def _pickable(self, index: int, step: int) -> int:
        """Return the first line from ``index`` on, in steps, that can be picked, or -1."""
        while 0 <= index < self._count and self._row(index).heading:
            index += step
        return index if 0 <= index < self._count else -1

    def _settle(self) -> None:
        """Bring the scroll position within bounds, with the cursor in sight and the headings just above it too."""
        height = self.extent.height
        if height:
            first = self._cursor
            while first > 0 and self._row(first - 1).heading:
                first -= 1
            if self._cursor >= 0:
                self._top = max(self._cursor - height + 1, min(self._top, first))
            self._top = max(0, min(self._top, self._count - height))
        self.draw()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Tell which line was clicked."""
        event.stop()
        index = self._top + event.y
        if index < self._count and not self._row(index).heading:
            self.post_message(self.Picked(self, index))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the cursor down."""
        event.stop()
        self.move(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the cursor up."""
        event.stop()
        self.move(-_WHEEL_LINES)

    # Drawing

    def on_mount(self) -> None:
        """Take up the characters the app draws with."""
        self._glyphs = glyphs_of(self)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.measure()
        self._settle()

    def line(self, y: int) -> Line:
        """Return the line of a choice, a blank one below the last, or what an empty list says."""
        width, index = self.extent.width, self._top + y
        if width <= self._marks + 1 or index >= self._count:
            said = wrap(one_line(self._empty), max(1, width - self._marks)) if not self._count else []
            text = " " * self._marks + said[y] if y < len(said) else ""
            return [Segment(fit(text, width), self.style_of(("pick-list--note",)))]
        row = self._row(index)
        if row.heading:
            return [Segment(fit(f" {row.label}", width), self.style_of(("pick-list--heading",)))]
        marks = self._glyphs.cursor if index == self._cursor else " "
        marks += (self._glyphs.selected if row.chosen else " ").ljust(self._marks - 1)
        parts = [("row", marks), *self._body(row, width - self._marks - 1), ("row", self._thumb(y))]
        return [Segment(text, self._style(part, index == self._cursor)) for part, text in parts if text]

    def _body(self, row: PickRow, width: int) -> list[tuple[str, str]]:
        """Return the parts of a line, in all exactly ``width`` cells."""
        ellipsis = self._glyphs.ellipsis
        lead = min(row.lead_width or self._lead, width)
        parts = [("lead", fit(row.lead, lead, ellipsis=ellipsis) + " " * min(APART, width - lead))] if lead else []
        width -= sum(cell_len(text) for _, text in parts)
        label, note = one_line(row.label[:_LONGEST]), one_line(row.note[:_LONGEST])
        if self._label is None:
            room = min(cell_len(note), max(width - cell_len(label) - APART, width // 2)) if note else 0
            space = width - room
            note = fit(note, room, "right", ellipsis)
        else:
            space = min(self._label + APART, width) if note else width
            note = fit(note, width - space, ellipsis=ellipsis)
        shown = fit(label, max(0, space - APART), ellipsis=ellipsis) + " " * min(APART, space)
        muted = "muted" if row.muted else ""
        parts += [(muted or part, text) for part, text in _stressed(shown, places(row.typed, label))]
        return [*parts, (muted or "note", note)]

    def _style(self, part: str, cursor: bool) -> Style:
        if not cursor:
            return self.style_of((f"pick-list--{part}",))
        style = self.style_of(("pick-list--cursor",))
        return style + _STRESSED if part == "match" else style

    def _thumb(self, y: int) -> str:
        """Return the mark at the right of a line that tells which part of all lines is in sight."""
        height = self.extent.height
        if self._count <= height:
            return " "
        size = max(1, height * height // self._count)
        first = min(height - size, self._top * (height - size) // (self._count - height))
        return self._glyphs.position if first <= y < first + size else " "


def _stressed(label: str, marked: frozenset[int]) -> list[tuple[str, str]]:
    """Return a label in pieces, the characters that are marked apart from the others."""
    if not marked:
        return [("row", label)]
    pieces: list[tuple[str, str]] = []
    for at, character in enumerate(label):
        part = "match" if at in marked else "row"
        if pieces and (pieces[-1][0] == part or not cell_len(character)):  # an accent stays with its letter
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + character)
        else:
            pieces.append((part, character))
    return pieces
