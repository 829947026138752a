"""The list every screen uses: draws windows of rows of any result, however long, and never waits for them.

Data comes in by ``set_count``, ``set_window`` and ``refresh_rows``; what the user means goes out as messages. The
widget draws each line as one segment and repaints only lines that look different, which is what keeps a key cheap
over SSH. It keeps its own scroll position: no scrollbars, no virtual size, no layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from textual import events

from crm_tui.widgets import list_messages
from crm_tui.widgets.columns import Column
from crm_tui.widgets.glyphs import UNICODE, glyphs_of
from crm_tui.widgets.line_widget import Line, LineWidget
from crm_tui.widgets.list_lines import CURSOR, HEADER, LIST_CSS, LIST_PARTS, ROW, ListLines, empty_lines
from crm_tui.widgets.loaded_rows import WINDOW, Flag, LoadedRows, Row
from crm_tui.widgets.rest import Rest
from crm_tui.widgets.selecting import Selecting
from crm_tui.widgets.selection import Selection

PREFETCH = 24
"""Rows from the cursor within which the neighbouring window is asked for."""

REST = 0.12
"""Seconds without a move after which the cursor rests."""

_WHEEL_LINES = 3


class RecordList(Selecting, LineWidget, can_focus=True, inherit_bindings=False):
    """A list of records with a cursor and a selection; knows nothing of the database and of keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LIST_PARTS
    DEFAULT_CSS = LIST_CSS

    WindowWanted: TypeAlias = list_messages.WindowWanted
    CursorMoved: TypeAlias = list_messages.CursorMoved
    Opened: TypeAlias = list_messages.Opened
    SelectionChanged: TypeAlias = list_messages.SelectionChanged

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        empty: str = "",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``empty`` is what a list without rows says: what the screen is for, and which key begins."""
        super().__init__(name=name, id=id, classes=classes)
        self._columns = self._next_columns = tuple(columns)
        self._empty = empty
        self._sorted_by, self._descending = "", False
        self._loaded = LoadedRows()
        self._keep_cursor = False
        self._cursor = 0
        self._top = 0
        self._glyphs = UNICODE
        self._text = ListLines((), UNICODE, 0)
        self._told: tuple[int, int | None] | None = None
        self._rest = Rest(REST, self._rested)

    # What the list shows

    @property
    def empty(self) -> str:
        """What the list says when it has no rows."""
        return self._empty

    @empty.setter
    def empty(self, text: str) -> None:
        if text != self._empty:
            self._empty = text
            if self._loaded.count == 0:  # else it is not in sight
                self.draw()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns: together with the first rows of the reset that follows, whose cells stand in their order.

        Where there are no rows yet, at once.
        """
        self._next_columns = tuple(columns)
        if not self._loaded.reach():
            self._take_columns()

    def set_sort(self, key: str, descending: bool = False) -> None:
        """Mark the column the rows are sorted by; "" marks none."""
        self._sorted_by, self._descending = key, descending
        self.draw(0)

    # Rows in

    def reset(self, generation: int, keep_cursor: bool = False) -> None:
        """Begin another result: ask for its rows, and show those there are until the first of them come.

        With ``keep_cursor`` the cursor stays on its record if that is among the first rows to come, else at its
        place, and the selection stays; without, the cursor goes to the first row and nothing is selected.
        """
        self._loaded.await_generation(generation)
        self._keep_cursor = keep_cursor
        if not keep_cursor:
            self.clear_selection()
        self._ask_first()

    def set_count(self, count: int | None) -> None:
        """Say how many rows the result has; None while they are being counted."""
        self._loaded.set_count(count)
        if not self._loaded.awaiting:
            self._take_columns()
        self._settle()
        self._recount_selection()

    def set_window(self, generation: int, offset: int, rows: Sequence[Row]) -> None:
        """Give the rows from ``offset`` on; those of an older generation are ignored."""
        awaited, record = self._loaded.awaiting, self.cursor_id
        if not self._loaded.add(generation, offset, rows):
            return
        self._text.forget()
        if awaited:
            self._take_columns()
            found = self._cursor if record is None else self._loaded.index_of(record)
            moved = 0 if found is None else found - self._cursor
            self._cursor = self._cursor + moved if self._keep_cursor else 0
            self._top = self._top + moved if self._keep_cursor else 0
        self._settle()

    def window_failed(self, generation: int, offset: int) -> None:
        """Say that a window will not come; it is asked for again when it is next needed."""
        self._loaded.give_up(generation, offset)

    def refresh_rows(
        self,
        offset: int,
        rows: Sequence[Row],
        count: int | None,
        anchor_index: int | None,
        generation: int | None = None,
    ) -> None:
        """Take the rows as they are after a change; only lines that look different are painted.

        ``anchor_index`` is where the record under the cursor stands now, None if it is gone: the cursor stays on it
        and, when possible, on its line of the screen. ``rows`` best cover ``window_in_view()``; with a newer
        ``generation``, windows asked for before the change are ignored when they come. While a reset waits for its
        rows nothing is taken: those will be newer.
        """
        if self._loaded.awaiting:
            return
        record = self.cursor_id
        moved = 0 if anchor_index is None else anchor_index - self._cursor
        for index, row in enumerate(rows, offset):
            if row.id == record:  # surer than the anchor: the cursor may have moved since that was looked up
                moved = index - self._cursor
        self._loaded.replace(self._loaded.generation if generation is None else generation, offset, rows, count, moved)
        self._text.forget()
        self._cursor, self._top = self._cursor + moved, self._top + moved
        self._settle()
        self._recount_selection()

    def window_in_view(self) -> tuple[int, int]:
        """Return offset and limit of the window round what is on screen."""
        return max(0, self._top + self._body // 2 - WINDOW // 2), max(WINDOW, self._body)

    # Cursor

    @property
    def cursor(self) -> int:
        """The position of the cursor in the whole result, from 0."""
        return self._cursor

    @property
    def cursor_id(self) -> int | None:
        """The id of the record under the cursor; None if there is none or it is not loaded yet."""
        row = self._loaded.row(self._cursor) if self._cursor < self._loaded.reach() else None
        return None if row is None else row.id

    @property
    def count(self) -> int | None:
        """How many rows the result has; None while that is not known."""
        return self._loaded.count

    def move(self, lines: int) -> None:
        """Move the cursor down, or up by a negative number."""
        self.go_to(self._cursor + lines)

    def page(self, pages: int) -> None:
        """Move by whole screens; the cursor stays on its line."""
        self._roll(pages * max(1, self._body - 1))

    def half_page(self, halves: int) -> None:
        """Move by half screens; the cursor stays on its line."""
        self._roll(halves * max(1, self._body // 2))

    def home(self) -> None:
        """Go to the first row."""
        self.go_to(0)

    def end(self) -> None:
        """Go to the last row."""
        self.go_to(self._loaded.reach() - 1)

    def go_to(self, index: int) -> None:
        """Go to a row by its position. One that is not on screen comes to its middle.

        So a key held down at the edge repaints the screen once in half a screen of rows, not at each of them.
        """
        left, self._cursor = self._cursor, max(0, min(index, self._loaded.reach() - 1))
        if self._top <= self._cursor < self._top + self._body:
            self._settle(left - self._top + 1, self._cursor - self._top + 1)
        else:
            self._top = self._cursor - self._body // 2
            self._settle()

    def open(self) -> None:
        """Ask for the record under the cursor to be opened."""
        if (row_id := self.cursor_id) is not None:
            self.post_message(self.Opened(self, row_id))

    def _roll(self, lines: int) -> None:
        self._top += lines
        self._cursor += lines
        self._settle()

    # Selection

    def select_all(self) -> None:
        """Select every record that matches, loaded or not."""
        self.select(Selection(all_matching=True))

    def selection_changed(self) -> None:
        """Paint what is selected."""
        self.draw()

    def _recount_selection(self) -> None:
        if self._selection.all_matching:
            self.tell_selection()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; open on the second click."""
        index = self._top + event.y - 1
        if event.y > 0 and index < self._loaded.reach():
            event.stop()
            self.go_to(index)
            if event.chain == 2:
                self.open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; the cursor stays on its record while that is on screen."""
        event.stop()
        self._scroll(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; the cursor stays on its record while that is on screen."""
        event.stop()
        self._scroll(-_WHEEL_LINES)

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, self._loaded.reach() - self._body))
        self._cursor = max(self._top, min(self._cursor, self._top + self._body - 1))
        self._settle()

    # Staying true to what is loaded

    @property
    def _body(self) -> int:
        """Lines for rows, below the header."""
        return max(0, self.extent.height - 1)

    def _settle(self, *places: int) -> None:
        """Bring cursor and scroll position within bounds, paint, ask for what is missing, tell when it rests.

        ``places`` are the only lines that can look different, if they are known.
        """
        reach, body = self._loaded.reach(), self._body
        self._cursor = max(0, min(self._cursor, reach - 1))
        self._top = max(self._cursor - body + 1, min(self._top, self._cursor, reach - body), 0)
        self.draw(*places)
        if self._loaded.asks_again():
            self._ask_first()
        self._want(self._loaded.lacking(min(self._cursor + PREFETCH, reach - 1)))
        self._want(self._loaded.lacking(max(self._cursor - PREFETCH, 0)))
        self._rest.disturb()

    def _take_columns(self) -> None:
        if self._columns != self._next_columns:
            self._columns = self._next_columns
            self._text = ListLines((), self._glyphs, -1)
            self.draw()

    def _ask_first(self) -> None:
        """Ask for the rows that the list will show first once they have come."""
        offset, _ = self.window_in_view() if self._keep_cursor else (0, WINDOW)
        self._want(self._loaded.ask(offset))

    def _want(self, offset: int | None) -> None:
        if offset is not None:
            self.post_message(self.WindowWanted(self, self._loaded.generation, offset, WINDOW))

    def _rested(self) -> None:
        """Tell of the cursor, unless the row under it is still to come: then it is told when it comes."""
        place = (self._cursor, self.cursor_id)
        if place != self._told and (place[1] is not None or not self._loaded.reach()):
            self._told = place
            self.post_message(self.CursorMoved(self, *place))

    def on_unmount(self) -> None:
        """Let go of the timer."""
        self._rest.cancel()

    # Drawing

    def on_mount(self) -> None:
        """Take up the characters the app draws with."""
        self._glyphs = glyphs_of(self)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.measure()
        self._settle()

    def line(self, y: int) -> Line:
        """Return the header or the line of a row; ask for the row if it is not loaded."""
        text = self._text
        if text.width != self.extent.width:
            text = self._text = ListLines(self._columns, self._glyphs, self.extent.width)
        if y == 0:
            return [Segment(text.header(self._sorted_by, self._descending), self.style_of(HEADER))]
        index, reach, body = self._top + y - 1, self._loaded.reach(), self._body
        if self._loaded.count == 0:
            return [Segment(empty_lines(self._empty, text.width, body)[y - 1], self.style_of(ROW["muted", False]))]
        if index >= reach:
            return [Segment(text.blank(), self.style_of(ROW["", False]))]
        self._want(self._loaded.lacking(index))
        row, cursor = self._loaded.row(index), index == self._cursor
        selected = row is not None and row.id in self._selection
        flag: Flag = "muted" if row is None else row.flag
        style = self.style_of(CURSOR if cursor else ROW[flag, selected])
        thumb = y - 1 in text.thumb(self._top, body, self._loaded.length())
        return [Segment(text.row(index, row, cursor, selected, thumb), style)]
