"""The yardstick for writing: Textual's own TextArea, with the text of a file and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import TextArea


class Bare(App[None]):
    """A text to type into."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._text = file.read_text(encoding="utf-8")

    def compose(self) -> ComposeResult:
        area = TextArea(self._text)
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)


Bare(Path(sys.argv[1])).run()
