"""What the tests of the command line share: running it, in this process or as one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_tui import cli

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Result:
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``crm-tui`` with words exactly as given; ``code`` is the exit code that is expected."""

    def running(*words: object, code: int = 0) -> Result:
        capsys.readouterr()
        left = cli.main([str(word) for word in words])
        said = capsys.readouterr()
        assert left == code, f"left with {left}: {said.err or said.out}"
        assert "Traceback" not in said.err
        return Result(left, said.out, said.err)

    return running


@pytest.fixture
def crm(run: Run, location: str) -> Run:
    """Run ``crm-tui`` as ana in a workspace of the test's own, once on each database."""
    return lambda *words, code=0: run("--workspace", location, "--operator", "ana", *words, code=code)


@pytest.fixture
def lite(run: Run, sqlite_location: str) -> Run:
    """Run ``crm-tui`` as ana in a SQLite workspace, for what does not depend on the database."""
    return lambda *words, code=0: run("--workspace", sqlite_location, "--operator", "ana", *words, code=code)


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``crm-tui`` as a process of its own, in another folder than the checkout."""

    def running(*words: object, shell: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CRM_TUI_NOW": "2026-11-22T14:02",
            "LANG": "C.UTF-8",
            **environment,
        }
        command = [sys.executable, "-m", "crm_tui", *map(str, words)]
        if shell:
            return subprocess.run(
                ["bash", "-c", shell, "bash", *command],
                env=env, cwd=tmp_path, text=True, capture_output=True, check=False, timeout=60,
            )  # fmt: skip
        return subprocess.run(command, env=env, cwd=tmp_path, text=True, capture_output=True, check=False, timeout=60)

    return running


@pytest.fixture
def terminal_command(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that start ``crm-tui`` in a terminal of ``tests.terminal``."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("CRM_TUI_NOW", "2026-11-22T14:02")
    monkeypatch.setenv("TZ", "UTC")
    return [sys.executable, "-m", "crm_tui"]
