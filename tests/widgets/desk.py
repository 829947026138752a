"""A small app round the widgets of the frame, with rows that come from a list of names instead of a database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.geometry import Region
from textual.widget import Widget

from crm_tui.widgets.columns import Column
from crm_tui.widgets.glyphs import UNICODE, Glyphs
from crm_tui.widgets.guard import TerminalGuard
from crm_tui.widgets.key_bar import KeyBar
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.status_line import StatusLine

COLUMNS = (
    Column("name", "Name", width=20, min_width=10, flex=1, priority=9),
    Column("stage", "Stage", width=9, min_width=6, priority=5),
    Column("score", "Score", width=5, min_width=5, align="right", priority=3),
)


def client(index: int, name: str = "") -> Row:
    """The client at this place of the list; ids are a thousand more, so that no test mixes them up."""
    return Row(index + 1000, (name or f"Client {index:06d}", ("active", "dormant")[index % 2], str(index % 100)))


class WatchedList(RecordList):
    """A list that remembers which of its lines it asked to have painted."""

    def __init__(self, columns: Sequence[Column], empty: str) -> None:
        super().__init__(columns, empty=empty)
        self.painted: list[int] = []

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False):
        lines = [y for region in regions for y in region.line_range] if regions else range(self.size.height)
        self.painted += lines
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Desk(App[None]):
    """The frame: status line, list, key bar. Windows are answered at once unless ``held``."""

    def __init__(self, rows: Sequence[Row] | range = range(0), glyphs: Glyphs = UNICODE, guarded: bool = True) -> None:
        super().__init__()
        self.rows = [client(index) for index in rows] if isinstance(rows, range) else list(rows)
        self.glyphs = glyphs
        self.guard = TerminalGuard()
        self.guarded = guarded
        self.held = False
        self.asked: list[tuple[int, int]] = []
        self.moved: list[tuple[int, int | None]] = []
        self.opened: list[int] = []
        self.selected: list[int | None] = []
        self.chosen: list[str] = []
        self.rested = asyncio.Event()
        self.records = WatchedList(COLUMNS, empty="No clients yet.\nPress a to add the first.")
        self.status = StatusLine()
        self.keys = KeyBar()

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = list(super().get_line_filters())
        return [*filters, self.guard] if self.guarded else filters

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.records
        yield self.keys

    def on_mount(self) -> None:
        self.records.focus()
        self.records.reset(1)
        self.records.set_count(len(self.rows))

    def answer(self, generation: int, offset: int, limit: int = 200) -> None:
        """Give the list the rows it asked for."""
        self.records.set_window(generation, offset, self.rows[offset : offset + limit])

    def on_record_list_window_wanted(self, event: RecordList.WindowWanted) -> None:
        self.asked.append((event.generation, event.offset))
        if not self.held:
            self.answer(event.generation, event.offset, event.limit)

    def on_record_list_cursor_moved(self, event: RecordList.CursorMoved) -> None:
        self.moved.append((event.index, event.row_id))
        self.rested.set()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.opened.append(event.row_id)

    def on_record_list_selection_changed(self, event: RecordList.SelectionChanged) -> None:
        self.selected.append(event.count)

    def on_key_bar_chosen(self, event: KeyBar.Chosen) -> None:
        self.chosen.append(event.hint.key)

    async def cursor_rests(self) -> None:
        """Wait until the list tells of its cursor."""
        await asyncio.wait_for(self.rested.wait(), 5)
        self.rested.clear()


def lines(widget: Widget) -> list[str]:
    """What the widget shows, after all filters."""
    return [strip.text for strip in widget.render_lines(widget.size.region)]


def cursor_line(desk: Desk) -> int:
    """The line of the screen, below the header, that bears the cursor."""
    (place,) = [place for place, line in enumerate(lines(desk.records)) if line[0] in "▌>"]
    return place - 1


def sent(app: App[None]) -> str:
    """What a full paint of the screen sends to the terminal."""
    update = app.screen._compositor.render_full_update()
    return update.render_segments(app.console)


def sent_for(widget: Widget) -> str:
    """What painting the widget's changed lines sends to the terminal."""
    compositor = widget.screen._compositor
    compositor._dirty_regions.clear()
    compositor.update_widgets({widget})
    update = compositor.render_partial_update()
    return "" if update is None else update.render_segments(widget.app.console)
