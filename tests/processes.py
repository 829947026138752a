"""Other processes at work in the same workspace: they begin together, say what came of it, and can be killed.

crew = Crew(20, worker, location)        # worker(location, number) is a module-level function of a test module
crew.begin()                             # all are up: now they start
results = crew.results()                 # what each returned (JSON), in the order of their numbers
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[1]

_RUN = """
import importlib, json, sys
module, function, location, number = sys.argv[1:5]
work = getattr(importlib.import_module(module), function)
print("up", flush=True)
sys.stdin.readline()
print(json.dumps(work(location, int(number))), flush=True)
"""


class Crew:
    """Processes that each run ``work(location, number)``."""

    def __init__(self, count: int, work: Callable[[str, int], Any], location: str, **environment: str) -> None:
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-c", _RUN, work.__module__, work.__name__, location, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            )
            for number in range(count)
        ]
        for process in self._processes:
            if self._line(process) != "up":
                raise AssertionError(process.communicate()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()

    @property
    def pids(self) -> list[int]:
        """The process ids, in the order of the numbers."""
        return [process.pid for process in self._processes]

    def begin(self, *numbers: int) -> None:
        """Let the processes (all of them) start to work."""
        for number in numbers or range(len(self._processes)):
            stdin = self._processes[number].stdin
            assert stdin is not None
            stdin.write("\n")
            stdin.flush()

    def line(self, number: int) -> str:
        """Wait for the next line that a process prints."""
        return self._line(self._processes[number])

    def kill(self, number: int) -> None:
        """Kill a process as ``kill -9`` does, wherever it is."""
        self._processes[number].kill()
        self._processes[number].wait()

    def results(self) -> list[Any]:
        """Wait for all of them and return what each one's work returned. Raises AssertionError with its traceback."""
        found = []
        for process in self._processes:
            out, errors = process.communicate(timeout=60)
            if process.returncode != 0:
                raise AssertionError(errors)
            found.append(json.loads(out.splitlines()[-1]))
        return found

    @staticmethod
    def _line(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        ready, _w, _x = select.select([process.stdout], [], [], 30)
        return process.stdout.readline().strip() if ready else ""
