"""A document as it reads: lines of words that are headings, strong, done ..., scrolled by whoever shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message

from crm_tui.documents.layout import Line as PageLine
from crm_tui.widgets.columns import fit
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget


class PageView(LineWidget):
    """Draws lines from one on; each of their spans says how it looks."""

    class Resized(Message):
        """The page is of another size: its lines are to be laid out anew."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"page-view--{how}"
        for how in ("plain", "heading", "strong", "emphasis", "code", "dim", "mark", "done", "added", "removed")
    }
    DEFAULT_CSS = """
    PageView {
        & > .page-view--plain { color: $foreground; }
        & > .page-view--heading { color: $text-primary; text-style: bold; }
        & > .page-view--strong { color: $foreground; text-style: bold; }
        & > .page-view--emphasis { color: $foreground; text-style: italic; }
        & > .page-view--code { color: $text-secondary; }
        & > .page-view--dim { color: $foreground-muted; }
        & > .page-view--mark { color: $text-primary; }
        & > .page-view--done { color: $foreground-muted; }
        & > .page-view--added { color: $text-success; text-style: underline; }
        & > .page-view--removed { color: $text-error; text-style: strike; }
        &:ansi > .page-view--heading { text-style: bold; }
        &:ansi > .page-view--dim { text-style: dim; }
        &:ansi > .page-view--done { text-style: dim; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._content: Sequence[PageLine] = ()
        self.top = 0
        """The first line that is shown."""

    def on_resize(self, _event: events.Resize) -> None:
        """Ask for other lines."""
        self.post_message(self.Resized())

    def show(self, lines: Sequence[PageLine], top: int | None = None) -> None:
        """Show other lines; from ``top`` on, or as far down as before."""
        self._content = lines
        self.scroll_lines_to(self.top if top is None else top)

    def scroll_lines_to(self, top: int) -> None:
        """Show the lines from one on, as far as there are any."""
        self.top = max(0, min(top, len(self._content) - max(1, self.extent.height // 2)))
        self.draw()

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._content)

    def line(self, y: int) -> Line:
        """Return the line, cut or padded to the width."""
        width = self.extent.width
        at = self.top + y
        plain = self.style_of(("page-view--plain",))
        if width < 2:
            return [Segment(" " * width, plain)]
        parts: Line = [Segment(" ", plain)]
        room = width - 2
        for span in self._content[at] if at < len(self._content) else ():
            text = one_line(span.text)
            size = cell_len(text)
            if room <= 0 or not text:
                continue
            if size > room:
                text, size = fit(text, room), room
            parts.append(Segment(text, self.style_of((f"page-view--{span.how or 'plain'}",))))
            room -= size
        return [*parts, Segment(" " * (room + 1), plain)]
