"""What is measured: the two bare Textual programs, and crm-tui on workspaces kept in ``.bench/``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import Terminal

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BENCH = ROOT / ".bench"
SEED = 1

# The shapes of the tables: a workspace older than one of these is made anew.
SCHEMA = ("crm_tui/models", "crm_tui/migrations")


class NotMeasured(Exception):
    """A budget could not be measured; the message says why."""


@dataclass(frozen=True)
class Program:
    """A full-screen program: how the tables call it, and how it is started."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] | None = None

    def open(self, cols: int = 120, rows: int = 40) -> Terminal:
        """Start it in a terminal of that size."""
        return Terminal(self.command, cols, rows, self.env, cwd=ROOT)


LINE_LIST = Program("bare line list, 100,000 rows", [sys.executable, str(HERE / "ref_line_list.py")])
DATATABLE = Program("bare DataTable, 200 rows", [sys.executable, str(HERE / "ref_datatable.py")])


class CrmTui:
    """The installed ``crm-tui``, with settings of its own, and the workspaces it is measured on."""

    def __init__(self, *, fresh: bool = False) -> None:
        self.executable = Path(sys.executable).with_name("crm-tui")
        self.fresh = fresh
        """Whether workspaces of earlier runs are thrown away."""
        home = BENCH / "home"
        shutil.rmtree(home, ignore_errors=True)  # a list opens as it was left, and one with a filter costs more
        home.mkdir(parents=True, exist_ok=True)
        folders = {"CONFIG": "config", "STATE": "state", "DATA": "data", "CACHE": "cache"}
        # Installed programs are compiled; where Python is told to keep no bytecode, each start would compile ours anew.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BENCH / "bytecode")}
        self.env = (
            {"HOME": str(home)}
            | compiled
            | {f"XDG_{name}_HOME": str(home / folder) for name, folder in folders.items()}
        )

    def screen(self, workspace: Path, screen: str = "clients") -> Program:
        """The program that opens ``workspace`` on ``screen``."""
        self._check()
        return Program(f"crm-tui {screen}", [str(self.executable), "--workspace", str(workspace), screen], self.env)

    def run(self, workspace: Path, *words: str, timeout: float = 600) -> tuple[str, float]:
        """Run a command on ``workspace``; return its output and the seconds it took. NotMeasured if it fails."""
        self._check()
        command = [str(self.executable), "--workspace", str(workspace), *words]
        begun = time.perf_counter()
        done = subprocess.run(
            command,
            env=os.environ | self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        took = time.perf_counter() - begun
        if done.returncode:
            why = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            raise NotMeasured(f"`crm-tui {' '.join(words[:2])}` ended with {done.returncode}: {why}")
        return done.stdout, took

    def workspace(self, clients: int) -> Path:
        """A workspace of so many plausible clients, made when there is none that fits the tables of today."""
        self._check()
        path = BENCH / f"clients-{clients}.db"
        if self.is_stale(path):
            print(f"making a workspace of {clients:,} clients ...", file=sys.stderr)
            remove_workspace(path)
            self.run(path, "demo", "--clients", str(clients), "--seed", str(SEED), "--no-open", timeout=1800)
            path.touch()
        return path

    def is_stale(self, path: Path) -> bool:
        """Whether a workspace has to be made anew: there is none, or it does not fit the tables of today."""
        newest = max(
            (file.stat().st_mtime for folder in SCHEMA for file in (ROOT / folder).rglob("*.py")),
            default=0.0,
        )
        return self.fresh or not path.exists() or path.stat().st_mtime < newest

    def _check(self) -> None:
        if not self.executable.exists():
            raise NotMeasured(f"{self.executable.name} is not installed: run `make bench`")


def remove_workspace(path: Path) -> None:
    """Remove a SQLite workspace with the files SQLite and the locks keep beside it."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
