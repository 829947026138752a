"""A fair lock between processes: whoever came first is served first.

SQLite's own busy wait is a lottery: under fifty saturating writers its 99th percentile is seconds. The kernel queues
blocked ``flock`` calls in order, so each write transaction holds one (p99 0.33 s instead of 3-5 s).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockTimeout(Exception):
    """The lock was not free within the time allowed, or waiting for it was given up."""


class FileLock:
    """A lock on a file of its own. One instance may be shared by threads; each holding opens the file anew.

    The kernel takes the lock back however a process ends, so a killed holder keeps nobody waiting.
    """

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        """``mode`` is given to the file if this makes it."""
        self.path, self.mode = path, mode
        self._waits: set[_Wait] = set()

    def _open(self) -> int:
        created = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, self.mode)
        if created:
            with contextlib.suppress(OSError):  # another process may have made it first and own it
                os.fchmod(handle, self.mode)
        return handle

    @contextmanager
    def hold(self, timeout: float) -> Iterator[None]:
        """Hold the lock. Raises LockTimeout after ``timeout`` seconds; OSError when the file cannot be opened."""
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._queue(handle, timeout)
        except BaseException:
            os.close(handle)
            raise
        try:
            yield
        finally:
            os.close(handle)

    def _queue(self, handle: int, timeout: float) -> None:
        """Wait for the lock in the kernel's queue; ``handle`` is not ours any more when this raises."""
        wait = _Wait(handle)
        self._waits.add(wait)
        try:
            wait.until_held(timeout)
        finally:
            self._waits.discard(wait)

    def give_up(self) -> None:
        """Let every thread that waits for the lock raise LockTimeout now: the program is ending."""
        for wait in list(self._waits):
            wait.over.set()


class _Wait:
    """One place in the kernel's queue. A blocked ``flock`` takes no timeout, so a thread of its own does the waiting,
    and gives the lock back at once if nobody waits for it any more."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.over = threading.Event()
        self._deciding = threading.Lock()
        self._held = self._abandoned = False

    def until_held(self, timeout: float) -> None:
        """Wait for the lock. Raises LockTimeout; the handle is then closed, now or when its turn comes."""
        try:
            threading.Thread(target=self._in_queue, name="write-lock", daemon=True).start()
        except BaseException:
            os.close(self.handle)
            raise
        try:
            self.over.wait(timeout)
        except BaseException:
            if self._abandon():
                os.close(self.handle)
            raise
        if not self._abandon():
            raise LockTimeout

    def _abandon(self) -> bool:
        """Give up waiting unless the lock is held already, which is returned."""
        with self._deciding:
            self._abandoned = not self._held
            return self._held

    def _in_queue(self) -> None:
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX)
            held = True
        except OSError:  # the file system has no locks after all
            held = False
        with self._deciding:
            self._held = held and not self._abandoned
            if not self._held:
                os.close(self.handle)
        self.over.set()
