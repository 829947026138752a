"""Telling of something while it goes on, but not too often: a draft is kept every second, not with every key."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable


class Pace:
    """Calls ``then`` within ``seconds`` of the first ``soon``, however many follow. ``widgets.rest`` waits for an end
    of them instead."""

    def __init__(self, seconds: float, then: Callable[[], None]) -> None:
        self._seconds = seconds
        self._then = then
        self._timer: TimerHandle | None = None

    @property
    def due(self) -> bool:
        """Whether there is something to tell."""
        return self._timer is not None

    def soon(self) -> None:
        """See to it that ``then`` is called."""
        if self._timer is None:
            self._timer = get_running_loop().call_later(self._seconds, self.now)

    def now(self) -> None:
        """Call it at once, if it is due."""
        if self.stop():
            self._then()

    def stop(self) -> bool:
        """Call it no more; return whether it was due."""
        if self._timer is None:
            return False
        self._timer.cancel()
        self._timer = None
        return True
