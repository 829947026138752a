"""The sections of a document below each other: where one is, how deep, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message

from crm_tui.widgets.columns import fit
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A section in the outline."""

    id: int
    text: str
    level: int = 0
    state: str = ""
    """A few characters at the right: a tick, how many are done, what is missing."""
    tone: str = "text"
    """``text``, ``dim`` for one where nothing is written, ``warning`` for one where something has to be."""


class Outline(LineWidget, can_focus=True):
    """Shows sections with a cursor; the screen's keys move it."""

    class Chosen(Message):
        """A section was clicked."""

        def __init__(self, row_id: int) -> None:
            super().__init__()
            self.row_id = row_id

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "outline--text", "outline--dim", "outline--warning", "outline--state", "outline--cursor", "outline--foot",
    }  # fmt: skip
    DEFAULT_CSS = """
    Outline {
        & > .outline--text { color: $foreground; }
        & > .outline--dim { color: $foreground-muted; }
        & > .outline--warning { color: $text-warning; }
        & > .outline--state { color: $foreground-muted; }
        & > .outline--foot { color: $foreground-muted; }
        & > .outline--cursor { color: $foreground; background: $panel; text-style: bold; }
        &:ansi > .outline--cursor { text-style: reverse; }
        &:ansi > .outline--dim { text-style: dim; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[OutlineRow] = ()
        self._foot: Sequence[str] = ()
        self._at = 0
        self._top = 0

    @property
    def cursor_id(self) -> int | None:
        """The section at the cursor."""
        return self._rows[self._at].id if self._at < len(self._rows) else None

    @property
    def ids(self) -> list[int]:
        """The sections shown, in order."""
        return [row.id for row in self._rows]

    def show(self, rows: Sequence[OutlineRow], foot: Sequence[str] = ()) -> None:
        """Show other sections, the cursor on the same one, or where it stood; ``foot`` are the last lines."""
        former = self.cursor_id
        self._rows, self._foot = rows, foot
        ids = self.ids
        self._at = ids.index(former) if former in ids else max(0, min(self._at, len(rows) - 1))
        self._scroll()

    def go_to(self, row_id: int) -> bool:
        """Put the cursor on a section; return whether it is shown."""
        if row_id not in self.ids:
            return False
        self._at = self.ids.index(row_id)
        self._scroll()
        return True

    def move(self, steps: int) -> bool:
        """Move the cursor; return whether it is on another section now."""
        before = self._at
        self._at = max(0, min(len(self._rows) - 1, self._at + steps))
        self._scroll()
        return self._at != before

    def _scroll(self) -> None:
        room = max(1, self.extent.height - len(self._foot))
        self._top = max(min(self._top, self._at), self._at - room + 1, 0)
        self.draw()

    def line(self, y: int) -> Line:
        """Return a section, or one of the last lines."""
        width, height = self.extent
        text = self.style_of(("outline--text",))
        foot = y - (height - len(self._foot))
        if foot >= 0:
            said = fit(one_line(self._foot[foot]), max(1, width - 2))
            style = self.style_of(("outline--foot",))
            return [Segment(" ", style), Segment(said + " " * (width - 1 - cell_len(said)), style)]
        at = self._top + y
        if at >= len(self._rows) or width < 6:
            return [Segment(" " * width, text)]
        row = self._rows[at]
        here = at == self._at
        style = self.style_of((f"outline--{row.tone}", *(("outline--cursor",) if here else ())))
        state = self.style_of(("outline--state", *(("outline--cursor",) if here else ())))
        room = width - 3 - cell_len(row.state)
        name = fit("  " * row.level + one_line(row.text), max(1, room))
        gap = max(1, width - 1 - cell_len(name) - cell_len(row.state) - 1)
        return [
            Segment(glyphs_of(self).cursor if here else " ", style),
            Segment(name, style),
            Segment(" " * gap, style),
            Segment(f"{row.state} ", state),
        ]

    def on_click(self, event: events.Click) -> None:
        """Choose the section that was clicked."""
        at = self._top + event.y
        if at < len(self._rows):
            self.post_message(self.Chosen(self._rows[at].id))
