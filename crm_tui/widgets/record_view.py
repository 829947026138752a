"""Lines of text about a record, each made of toned parts: the preview, a record's head, its tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment

from crm_tui.widgets.columns import LONGEST_CELL, fit
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget


class Part(NamedTuple):
    """Some text and its tone: ``title``, ``text``, ``label`` (dim), ``accent`` or ``warning``."""

    text: str
    tone: str = "text"


TextLine = Sequence[Part]


class RecordView(LineWidget):
    """Draws the lines it was last given; long ones are cut, those that do not fit below are left out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-view--title",
        "record-view--text",
        "record-view--label",
        "record-view--accent",
        "record-view--warning",
    }
    DEFAULT_CSS = """
    RecordView {
        & > .record-view--title { color: $foreground; text-style: bold; }
        & > .record-view--text { color: $foreground; }
        & > .record-view--label { color: $foreground-muted; }
        & > .record-view--accent { color: $text-primary; }
        & > .record-view--warning { color: $text-warning; }
        &:ansi > .record-view--label { text-style: dim; }
        &:ansi > .record-view--accent { color: $text-accent; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._content: list[TextLine] = []

    def show(self, lines: Sequence[TextLine]) -> None:
        """Show other lines."""
        self._content = list(lines)
        self.draw()

    def clear(self) -> None:
        """Show nothing."""
        self.show(())

    def line(self, y: int) -> Line:
        """Return the line, cut or padded to the width."""
        width = self.extent.width
        parts: Line = []
        room = width - 2
        text_style = self.style_of(("record-view--text",))
        for part in self._content[y] if y < len(self._content) else ():
            text = one_line(part.text[:LONGEST_CELL])
            size = cell_len(text)
            if room <= 0 or not text:
                continue
            if size > room:
                text, size = fit(text, room, ellipsis=glyphs_of(self).ellipsis), room
            parts.append(Segment(text, self.style_of((f"record-view--{part.tone}",))))
            room -= size
        if width < 2:
            return [Segment(" " * width, text_style)]
        return [Segment(" ", text_style), *parts, Segment(" " * (room + 1), text_style)]
