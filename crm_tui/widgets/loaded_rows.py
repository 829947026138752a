"""The rows a list has been given so far: a few windows of a result that may have a million rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

WINDOW = 64
"""Rows asked for at once. A letter typed waits for the first: reading them costs more than finding them."""

MOST_WINDOWS = 12
"""Windows kept; the ones not looked at longest are forgotten first."""

Flag = Literal["", "muted", "good", "warning", "alert"]
"""How a row is toned; the words in its cells say the same."""


class Row(NamedTuple):
    """A record as a list shows it: its id, one text for each column, and how it is toned."""

    id: int
    cells: tuple[str, ...]
    flag: Flag = ""


class RowWindows:
    """Windows of rows, by their position in the whole result."""

    def __init__(self, windows: Sequence[tuple[int, Sequence[Row]]] = ()) -> None:
        self._windows = list(windows)

    def get(self, index: int) -> Row | None:
        """Return the row at ``index`` of the whole result, or None while it is not loaded."""
        for place, (offset, rows) in enumerate(self._windows):
            if 0 <= index - offset < len(rows):
                if place:
                    self._windows.insert(0, self._windows.pop(place))
                return rows[index - offset]
        return None

    def add(self, offset: int, rows: Sequence[Row]) -> None:
        """Keep ``rows``, the first of which stands at ``offset``; they win over older ones at the same places."""
        self._windows = [window for window in self._windows if window[0] != offset]
        self._windows.insert(0, (offset, rows))
        del self._windows[MOST_WINDOWS:]

    def starts_at(self, offset: int) -> bool:
        """Tell whether a window that begins at ``offset`` is loaded, however short."""
        return any(window[0] == offset for window in self._windows)

    def index_of(self, row_id: int) -> int | None:
        """Return the position of a record among the loaded rows, or None."""
        for offset, rows in self._windows:
            for place, row in enumerate(rows):
                if row.id == row_id:
                    return offset + place
        return None

    def reach(self) -> int:
        """Return how far the result is known to go: past the last loaded row by one if its window is full."""
        offset, rows = max(self._windows, key=lambda window: window[0] + len(window[1]), default=(0, ()))
        return offset + len(rows) + (len(rows) >= WINDOW)

    def moved(self, by: int) -> RowWindows:
        """Return the same rows, each ``by`` places further on."""
        return RowWindows([(offset + by, rows) for offset, rows in self._windows])


class LoadedRows:
    """A result as far as it is loaded, and which windows of it have been asked for.

    Each state of the result has a ``generation``. After ``await_generation`` the rows of the one before stay until
    the first rows of the new one come; what comes for an older generation is refused.
    """

    def __init__(self) -> None:
        self.generation = 0
        self.awaiting = False
        """Whether the rows are still those of the generation before."""
        self._count: int | None = None
        self._last_count: int | None = None
        self._next_count: int | None = None
        self._rows = RowWindows()
        self._past = RowWindows()
        self._asked: set[int] = set()

    @property
    def count(self) -> int | None:
        """How many rows the result has; None while that is not known."""
        return self._count

    def reach(self) -> int:
        """Return how many rows the cursor can go to: the count, or what is known to be there while it is counted."""
        return self._rows.reach() if self._count is None else self._count

    def length(self) -> int:
        """Return how long the result is drawn: while it is counted, as long as the one before. So nothing jumps."""
        known = self._last_count if self._count is None else self._count
        return self.reach() if known is None else known

    def row(self, index: int) -> Row | None:
        """Return the row at ``index``, if need be as it was before the last ``replace``; None while not loaded."""
        return self._rows.get(index) or self._past.get(index)

    def index_of(self, row_id: int) -> int | None:
        """Return the position of a record among the loaded rows, or None."""
        return self._rows.index_of(row_id)

    def lacking(self, index: int) -> int | None:
        """Return the offset of the window to ask for, so that the row at ``index`` comes; None if nothing is to do.

        A window is named once for each generation, unless it was forgotten meanwhile.
        """
        if self.awaiting or not 0 <= index < self.reach() or self._rows.get(index):
            return None
        offset = index - index % WINDOW
        return self.ask(offset) if not self._rows.starts_at(offset) else None

    def ask(self, offset: int) -> int | None:
        """Note that the window at ``offset`` is asked for; None if it has been already."""
        if offset in self._asked:
            return None
        self._asked.add(offset)
        return offset

    def asks_again(self) -> bool:
        """Tell whether the first rows of a generation are awaited but will not come: they were given up."""
        return self.awaiting and not self._asked

    def give_up(self, generation: int, offset: int) -> None:
        """Note that a window will not come, so that it is asked for again when it is needed again."""
        if generation == self.generation:
            self._asked.discard(offset)

    def await_generation(self, generation: int) -> None:
        """Expect the result of another query, order or moment."""
        self.generation = generation
        self.awaiting = True
        self._next_count = None
        self._asked.clear()

    def set_count(self, count: int | None) -> None:
        """Note the number of rows of the current generation; while its rows are awaited, only none takes effect."""
        self._next_count = count
        if count == 0:
            self._turn()
        elif not self.awaiting:
            self._count = count

    def add(self, generation: int, offset: int, rows: Sequence[Row]) -> bool:
        """Keep a window; False, and nothing happens, if it is not of the current generation."""
        if generation != self.generation:
            return False
        if self.awaiting:
            self._turn()
        self._asked.discard(offset)
        self._rows.add(offset, rows)
        if self._count is None and len(rows) < WINDOW and (rows or not offset):
            self._count = offset + len(rows)
        return True

    def replace(self, generation: int, offset: int, rows: Sequence[Row], count: int | None, moved: int) -> None:
        """Take the result as it is after a change; rows that did not come with it show as before, ``moved`` on."""
        past = self._rows.moved(moved)
        self.await_generation(generation)
        self._turn()
        self._past = past
        self._rows.add(offset, rows)
        self._count = count

    def _turn(self) -> None:
        """Begin the generation that was awaited."""
        self.awaiting = False
        self._last_count = self._last_count if self._count is None else self._count
        self._count = self._next_count
        self._rows, self._past = RowWindows(), RowWindows()
