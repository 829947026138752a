"""The yardstick: a list of 100,000 rows on Textual's line API and nothing else, the least a list here can cost."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Footer, Header

ROWS = 100_000
PLAIN = Style()
UNDER_CURSOR = Style(reverse=True)


class LineList(ScrollView, can_focus=True):
    """Draws the rows in view, and repaints two of them when the cursor moves inside the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)"),
        Binding("up,k", "move(-1)"),
        Binding("pagedown", "page(1)"),
        Binding("pageup", "page(-1)"),
    ]

    row: reactive[int] = reactive(0, repaint=False)
    """Index of the row under the cursor."""

    def on_mount(self) -> None:
        self.virtual_size = Size(100, ROWS)

    def action_move(self, rows: int) -> None:
        self.row = max(0, min(ROWS - 1, self.row + rows))

    def action_page(self, pages: int) -> None:
        self.action_move(pages * self.size.height)

    def watch_row(self, old: int, new: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if new < top:
            self.scroll_to(y=new, animate=False, force=True, immediate=True)
        elif new >= top + height:
            self.scroll_to(y=new - height + 1, animate=False, force=True, immediate=True)
        top = self.scroll_offset.y
        self.refresh(*(Region(0, row - top, self.size.width, 1) for row in (old, new)))

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.size.width
        text = f" Client {row:06d}   Ana Silva         ana@example.com   Active       bo"
        return Strip([Segment(text.ljust(width)[:width], UNDER_CURSOR if row == self.row else PLAIN)], width)


class LineListApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield LineList()
        yield Footer()


if __name__ == "__main__":
    LineListApp().run()
