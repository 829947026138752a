"""Walking through what was entered before, and back to what was being typed."""

from __future__ import annotations

from collections.abc import Sequence


class EntryHistory:
    """Where one is in ``entries`` (the newest last); what was typed when the walk began is one step past the newest."""

    def __init__(self) -> None:
        self.entries: Sequence[str] = ()
        self._left = ""
        self._typed = ""
        self._back = 0

    def begin(self) -> None:
        """Start at what is being typed."""
        self._back = 0

    def leave(self, text: str) -> None:
        """Keep what was typed and not entered: it is the newest of the walk, so that nothing typed is lost."""
        self._left = text

    def walk(self, steps: int, text: str) -> str | None:
        """Go ``steps`` back (negative: forward) from ``text`` in the line; return what to show, None at the ends."""
        if not self._back:
            self._typed = text
        left = [self._left] if self._left and self._left not in self.entries else []
        entries = [entry for entry in [*self.entries, *left] if entry != self._typed]
        back = max(0, min(self._back + steps, len(entries)))
        if back == self._back:
            return None
        self._back = back
        return entries[-back] if back else self._typed
