"""Telling when the user has stopped for a moment: what is dear to show waits for it."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable


class Rest:
    """Calls ``then`` once ``seconds`` have passed without a ``disturb``.

    A key held down costs a clock reading each: one timer runs, and moves itself on when it finds it was early.
    """

    def __init__(self, seconds: float, then: Callable[[], None]) -> None:
        self._seconds = seconds
        self._then = then
        self._due = 0.0
        self._timer: TimerHandle | None = None

    def disturb(self) -> None:
        """Begin to wait, or wait anew."""
        loop = get_running_loop()
        self._due = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(self._due, self._look_at_clock)

    def cancel(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_at_clock(self) -> None:
        loop = get_running_loop()
        self._timer = None
        if loop.time() < self._due:
            self._timer = loop.call_at(self._due, self._look_at_clock)
        else:
            self._then()
