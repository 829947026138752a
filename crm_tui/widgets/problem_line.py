"""What is wrong with a text being typed: a few calm lines over the place where it is typed."""

from __future__ import annotations

from textwrap import wrap

from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from crm_tui.widgets.guard import one_line

_MOST_LINES = 3
_SIDES = 4
_LONGEST = 1000


class ProblemLine(Static):
    """Stands over its parent, as high as the message needs, and moves nothing else."""

    DEFAULT_CSS = """
    ProblemLine {
        overlay: screen;
        position: absolute;
        padding: 0 2;
        background: $panel;
        color: $text-warning;
        &:ansi { background: ansi_default; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False
        self._lines = 0

    @property
    def lines(self) -> int:
        """How many lines are shown."""
        return self._lines if self.display else 0

    def say(self, message: str, width: int) -> None:
        """Show a message in ``width`` cells; "" hides the line."""
        paragraphs = message[:_LONGEST].splitlines()
        lines = [line for said in paragraphs for line in wrap(one_line(said), max(1, width - _SIDES))][:_MOST_LINES]
        self._lines = len(lines)
        self.display = bool(lines)
        if lines:
            self.update(Content("\n".join(lines)))
            self.styles.width, self.styles.height = width, len(lines)
            self.styles.offset = Offset(0, -len(lines))
