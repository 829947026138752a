"""A long operation: its bar in the last line, keys live, esc to stop it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from crm_tui.commands.context import Cancelled
from crm_tui.widgets.progress_bar import ProgressLine

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen


class ShownProgress:
    """Called on the database thread: advances the bar, or ends the operation when it was stopped."""

    def __init__(self, line: ProgressLine) -> None:
        self._line = line
        self._stopped = threading.Event()

    def __call__(self, done: int, of: int) -> None:
        """Say that ``done`` of ``of`` are done. Raises Cancelled once the operator wanted it to stop."""
        if self._stopped.is_set():
            raise Cancelled
        self._line.advance(done, of)

    def stop(self) -> None:
        """Let the operation end at its next step, with nothing written."""
        self._stopped.set()
        self._line.stop()


@asynccontextmanager
async def shown_progress(screen: CrmScreen, title: str) -> AsyncIterator[ShownProgress]:
    """Show a bar over the last line while the block runs."""
    line = ProgressLine()
    await screen.mount(line, before=screen.key_bar)
    progress = ShownProgress(line)
    screen.running_progress = progress
    screen.release_keys()
    line.start(title)
    try:
        yield progress
    finally:
        screen.running_progress = None
        line.finish()
        await line.remove()
