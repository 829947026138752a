"""Other processes at work in the same workspace: they begin together, say what comes of it, and can be killed.

    def save(location: str, number: int, say: Say) -> int: ...    # a function of a test module

    with Crew(20, save, location) as crew:
        crew.begin()                 # all of them are up: now they start to work
        results = crew.results()     # what each returned, in the order of their numbers

They are forked from a process that has imported the program already, so that twenty cost no more than one.
"""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

Say = Callable[[object], None]
Work = Callable[[str, int, Say], object]

PATIENCE = 60
"""Seconds after which a process that says nothing is taken for stuck."""

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.business", "crm_tui.workspaces", "crm_tui.undo", "psycopg"])


class Crew:
    """Processes that each run ``work(location, number, say)``."""

    def __init__(self, count: int, work: Work, location: str) -> None:
        self._ends: list[Connection] = []
        self._processes: list[Any] = []
        for number in range(count):
            here, there = _context.Pipe()
            process = _context.Process(target=_run, args=(there, work, location, number), daemon=True)
            process.start()
            there.close()
            self._ends.append(here)
            self._processes.append(process)
        for number in range(count):
            assert self.heard(number) == "up"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self._processes:
            process.kill()
            process.join()

    def begin(self, *numbers: int) -> None:
        """Let the processes (all of them) start to work."""
        for number in numbers or range(len(self._ends)):
            self._ends[number].send("begin")

    def heard(self, number: int) -> Any:
        """Wait for the next thing that a process says. Raises AssertionError with its traceback when it failed."""
        end = self._ends[number]
        assert end.poll(PATIENCE), f"process {number} says nothing"
        kind, said = end.recv()
        if kind == "failed":
            raise AssertionError(said)
        return said

    def kill(self, number: int) -> None:
        """Kill a process as ``kill -9`` does, wherever it is."""
        self._processes[number].kill()
        self._processes[number].join()

    def results(self) -> list[Any]:
        """Wait for all of them and return what each one's work returned."""
        return [self.heard(number) for number in range(len(self._ends))]


def _run(end: Connection, work: Work, location: str, number: int) -> None:
    end.send(("said", "up"))
    try:
        end.recv()
        end.send(("said", work(location, number, lambda said: end.send(("said", said)))))
    except EOFError:
        os._exit(1)  # whoever began this is gone
    except BaseException:
        end.send(("failed", traceback.format_exc()))
