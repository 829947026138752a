"""A dashboard of a million orders: opened, opened again, and what one new order costs the numbers kept by the day."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench import million, report
from tests.bench.budgets.registry import on_demand
from tests.bench.programs import HERE, CrmTui, NotMeasured
from tests.bench.report import Line

COLD, WARM = 400, 30
"""Milliseconds (``budgets.md``)."""

_COUNTING = "counting"


@on_demand
def numbers(crm: CrmTui, runs: int) -> Iterator[Line]:
    """Twelve cards and more on 1,000,000 orders, in a process that has asked nothing before, and again."""
    workspace = million.workspace(crm)
    built = _asked(workspace, "build")
    yield report.noted("numbers by the day, built, in all", f"{built['built']:.0f} s")
    yield report.noted("numbers by the day, the longest that a step holds the database", f"{built['longest']:.0f} ms")
    found = [_asked(workspace, "ask") for _run in range(runs)]
    cards = int(found[0]["cards"])
    yield report.at_most(f"{cards} cards of 1,000,000 orders, cold", median(one["cold"] for one in found), COLD, "ms")
    yield report.noted("... asked again in the same process", f"{median(one['again'] for one in found):.0f} ms")
    yield report.noted("... of a year, cold", f"{_asked(workspace, 'ask', 'this-year')['cold']:.0f} ms")
    yield report.noted("... without the numbers by the day", f"{_asked(workspace, 'without')['cold']:.0f} ms")
    yield report.at_most("the dashboard come back to", _come_back(crm, workspace), WARM, "ms")
    order = _asked(workspace, "order")
    yield report.noted("one new order, to add", f"{order['add']:.1f} ms")
    yield report.noted("one new order, to the numbers by the day", f"{order['keep']:.1f} ms")
    yield report.noted("... to a dashboard before those know of it", f"{order['asked']:.0f} ms")


def _asked(workspace: Path, *words: str) -> dict[str, float]:
    command = [sys.executable, str(HERE / "ask_numbers.py"), str(workspace), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise NotMeasured((done.stderr.strip().splitlines() or ["no message"])[-1])
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _come_back(crm: CrmTui, workspace: Path) -> float:
    """Milliseconds from the key to a screen with every number on it, when the dashboard was open before."""
    with crm.screen(workspace, "clients").open(160, 45) as terminal:
        terminal.settle(2.0)
        terminal.press("g", "d")
        terminal.wait_until(lambda: "Orders value" in terminal.text and _COUNTING not in terminal.text, "numbers", 60)
        terminal.settle(1.0)
        terminal.press("g", "c")
        terminal.wait_until(lambda: "Orders value" not in terminal.text, "clients", 30)
        terminal.settle(1.0)
        terminal.press("g")
        terminal.settle(0.5)
        begun = time.perf_counter()
        terminal.press("d")
        terminal.wait_until(lambda: "Orders value" in terminal.text and _COUNTING not in terminal.text, "numbers", 30)
        return (time.perf_counter() - begun) * 1000
