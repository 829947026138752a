"""How far a long operation is: one line, drawn at most ten times a second, while every key goes on working."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.timer import Timer

from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.widgets.columns import fit
from crm_tui.widgets.glyphs import ASCII, glyphs_of
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line, LineWidget

DRAWN_EVERY = 0.1
"""Seconds between two drawings."""

_FULL, _REST = "▇", "▁"
_ASCII_FULL, _ASCII_REST = "#", "-"
_WIDEST_BAR, _NARROWEST_BAR = 30, 6
_APART = 2


class ProgressLine(LineWidget):
    """Title, bar, n of m, and that esc stops it. Takes no focus: the screen calls ``stop`` when esc is pressed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "progress-line--title",
        "progress-line--bar",
        "progress-line--rest",
        "progress-line--count",
    }
    DEFAULT_CSS = """
    ProgressLine {
        width: 1fr;
        height: 1;
        background: $panel;
        & > .progress-line--title { color: $foreground; text-style: bold; }
        & > .progress-line--bar { color: $text-primary; }
        & > .progress-line--rest { color: $foreground-muted; }
        & > .progress-line--count { color: $foreground-muted; }
        &:ansi > .progress-line--bar { color: $text-accent; }
        &:ansi > .progress-line--rest { text-style: dim; }
        &:ansi > .progress-line--count { text-style: dim; }
    }
    """

    class StopWanted(Message):
        """The operator wants the operation to stop."""

        def __init__(self, line: ProgressLine) -> None:
            super().__init__()
            self.line = line

        @property
        def control(self) -> ProgressLine:
            """The line of the operation."""
            return self.line

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.display = False
        self._title = ""
        self._reached = (0, 0)
        self._shown = (0, 0)
        self._stopping = False
        self._timer: Timer | None = None

    @property
    def running(self) -> bool:
        """Whether an operation is shown."""
        return self._timer is not None

    @property
    def stopping(self) -> bool:
        """Whether the operator wanted it to stop."""
        return self._stopping

    def start(self, title: str) -> None:
        """Show the line for an operation."""
        self.finish()
        self._title = one_line(title)
        self._reached = self._shown = (0, 0)
        self._stopping = False
        self.display = True
        self._timer = self.set_interval(DRAWN_EVERY, self._look)
        self.draw()

    def advance(self, done: int, of: int) -> None:
        """Say that ``done`` of ``of`` are done (``of`` 0: nobody knows of how many). Any thread may, however often."""
        self._reached = (done, of)

    def stop(self) -> None:
        """Ask for the operation to stop; the line says so until ``finish``."""
        if self.running and not self._stopping:
            self._stopping = True
            self.draw()
            self.post_message(self.StopWanted(self))

    def finish(self) -> None:
        """Hide the line: the operation has ended."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.display = False

    def on_click(self, event: events.Click) -> None:
        """Stop when the end of the line, where it says so, is clicked."""
        if event.x >= self.extent.width - cell_len(self._keys()) - 1:
            event.stop()
            self.stop()

    def _look(self) -> None:
        if self._reached != self._shown:
            self._shown = self._reached
            self.draw()

    def _keys(self) -> str:
        return _("stopping") if self._stopping else _("esc stop")

    def line(self, y: int) -> Line:
        """Return the line, with what there is room for: the bar shrinks first, then the title is cut."""
        width, ellipsis = self.extent.width, glyphs_of(self).ellipsis
        done, of = self._shown
        done = min(done, of) if of else done
        count = _("{n} of {of}").format(n=whole(done), of=whole(of)) if of else whole(done) if done else ""
        count = count.rjust(cell_len(_("{n} of {of}").format(n=whole(of), of=whole(of)))) if of else count
        keys = self._keys()
        room = width - 2 - sum(cell_len(text) + _APART for text in (count, keys) if text)
        bar = min(_WIDEST_BAR, room - cell_len(self._title) - _APART) if of else 0
        bar = bar if bar >= _NARROWEST_BAR else 0
        title = fit(self._title, max(0, min(cell_len(self._title), room - bar - _APART * bool(bar))), ellipsis=ellipsis)
        parts = [("title", f" {title}")]
        if bar:
            full, rest = self._bar(done / of, bar)
            parts += [("count", " " * _APART), ("bar", full), ("rest", rest)]
        parts.append(("count", " " * _APART + count if count else ""))
        used = sum(cell_len(text) for _part, text in parts)
        parts.append(("count", fit(keys, max(0, width - used - 1), "right", ellipsis) + " "))
        line = [Segment(text, self.style_of((f"progress-line--{part}",))) for part, text in parts if text]
        return Segment.adjust_line_length(line, width, self.style_of(("progress-line--count",)))

    def _bar(self, part: float, width: int) -> tuple[str, str]:
        """Return the full part of a bar and what is left of it."""
        full, rest = (_ASCII_FULL, _ASCII_REST) if glyphs_of(self) == ASCII else (_FULL, _REST)
        cells = max(0, min(int(part * width), width))
        return full * cells, rest * (width - cells)
