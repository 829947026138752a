"""The one thread of a session that talks to the database: the UI never waits, and calls keep their order."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import ParamSpec, TypeVar

from crm_tui.db.workspace import Workspace
from crm_tui.errors import StorageFailed

P = ParamSpec("P")
T = TypeVar("T")


class Superseded(Exception):
    """A query was given up because a newer one replaced it."""


class DatabaseThread:
    """Runs functions one after the other on a thread of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._newest: dict[str, int] = {}
        """The number of the newest call of each purpose; only the UI thread writes it."""
        self._numbers = itertools.count(1)
        self._running = 0
        """The number of the call that runs, 0 while none does that may be stopped."""
        self._stopping = threading.Condition()
        """Held while a call is stopped, so that the blow never falls on the one after it."""

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``function`` on the database thread and return what it returns."""
        return await self._submitted(lambda: self._run("", 0, lambda: function(*args, **kwargs)))

    async def newest(self, purpose: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of which only the newest of its ``purpose`` matters: an older one is skipped, or stopped where
        it runs, and raises Superseded. Only for functions that read."""
        older = self._newest.get(purpose, 0)
        number = self._newest[purpose] = next(self._numbers)
        if older and self._running == older:
            # Not waited for: the new call stands behind the old one, and PostgreSQL takes its time to be asked.
            asyncio.get_running_loop().run_in_executor(None, self._stop, older)
        return await self._submitted(lambda: self._run(purpose, number, lambda: function(*args, **kwargs)))

    async def _submitted(self, run: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, run)

    def _stop(self, number: int) -> None:
        """Stop a call; again and again, because a blow between two of its statements hits nothing."""
        with self._stopping:
            while self._running == number:
                self.workspace.interrupt()
                self._stopping.wait(0.01)

    def _run(self, purpose: str, number: int, function: Callable[[], T]) -> T:
        if purpose and number != self._newest[purpose]:
            raise Superseded
        try:
            with self.workspace.explained():
                self.workspace.use_thread_connection()
                self._running = number
                return function()
        except StorageFailed as error:
            if purpose and number != self._newest[purpose]:
                raise Superseded from error
            raise
        finally:
            with self._stopping:
                self._running = 0
                self._stopping.notify_all()

    def close(self, grace: float = 0.5) -> None:
        """Finish what was asked for, then close the thread's connection; what takes longer than ``grace`` seconds is
        stopped (a write then leaves nothing behind)."""
        closing = self._pool.submit(self.workspace.close)
        self._pool.shutdown(wait=False)
        while True:
            try:
                closing.result(timeout=grace)
                break
            except NotYet:
                self.workspace.file_lock.give_up()
                self.workspace.interrupt()
