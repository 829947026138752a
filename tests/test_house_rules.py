"""The rules of CONTRIBUTING.md that a linter does not know."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "crm_tui"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINES_A_MODULE = 400
LINES_A_FUNCTION = 60

# Unfinished work, and ways of not looking at it.
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b|pragma: no cover")

WITH_TEXTUAL = ("app", "following", "screens", "widgets")

LOAD_EVERYTHING = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*sorted(name for name in sys.modules if name.split(".")[0] == "textual"))
"""


def test_modules_have_one_reason_to_exist() -> None:
    long = [f"{path.name}: {lines} lines" for path in MODULES if (lines := _lines(path)) > LINES_A_MODULE]
    assert not long, f"Longer than {LINES_A_MODULE} lines, so there is more than one thing in it: {long}"


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{path.name}: {node.name}, {node.end_lineno - node.lineno + 1} lines"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= LINES_A_FUNCTION
    ]
    assert not long, f"Longer than {LINES_A_FUNCTION} lines: {long}"


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in MODULES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, found


def test_the_core_runs_without_textual() -> None:
    names = [".".join(("crm_tui", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in MODULES]
    core = [name.removesuffix(".__init__") for name in names if name.split(".")[1] not in WITH_TEXTUAL]
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD_EVERYTHING, *core], capture_output=True, text=True, check=False, timeout=60
    )
    assert loaded.returncode == 0, loaded.stderr
    assert not loaded.stdout.strip(), f"Textual came along: {loaded.stdout.split()[:3]}"


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())
