"""What is being done for an open order of the demo: tasks with parts, a checklist half done, time that was booked."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from crm_tui.asset_files import asset
from crm_tui.demo.sheets import read_lines
from crm_tui.demo.words import pick, weighted

BEGUN = {"new": 0.0, "confirmed": 0.1, "in progress": 0.5, "review": 0.9}
"""How much of an order is done in each stage; stages are the program's own words."""

WITH_CHECKLIST = 0.6
"""Share of open orders with a checklist."""

_TIMES = ("09:00", "10:00", "11:30", "14:00", "16:00")
_ESTIMATES = (30, 60, 90, 120, 240, 480)


class DemoTask(NamedTuple):
    """A task of an order: ``due`` in days before the order's, ``part_of`` and ``needs`` the places of other tasks of
    the order."""

    title: str
    status: str
    due: int
    time: str
    estimate: int
    part_of: int | None
    needs: int | None


class DemoWork(NamedTuple):
    """All that is being done for one order."""

    tasks: list[DemoTask]
    items: list[tuple[str, bool, bool]]
    """Text, whether it is required, whether it is done."""
    booked: list[tuple[int, int]]
    """Minutes, and how many days ago."""


class Work:
    """Draws what is being done for one order after the other; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        """Raises BadInput when a file was edited and cannot be understood."""
        self._roll = Random(f"work {seed}").random
        self._titles = weighted(read_lines(asset("demo", "task_titles.txt")))
        self._lists = [read_lines(path) for path in sorted(asset("checklists").glob("*.md"))]

    def draw(self, stage: str) -> DemoWork:
        """Return what is being done for an order in a stage."""
        roll, share = self._roll, BEGUN.get(stage, 0.0)
        tasks: list[DemoTask] = []
        for at in range(1 + int(roll() * 4)):
            part_of = int(roll() * at) if at > 1 and roll() < 0.4 else None
            if part_of is not None and tasks[part_of].part_of is not None:
                part_of = None
            needs = at - 1 if at and part_of is None and roll() < 0.25 else None
            time = _TIMES[int(roll() * len(_TIMES))] if roll() < 0.2 else ""
            estimate = _ESTIMATES[int(roll() * len(_ESTIMATES))]
            tasks.append(
                DemoTask(
                    pick(roll, self._titles), _status(roll, share), int(roll() * 8), time, estimate, part_of, needs
                )
            )
        items: list[tuple[str, bool, bool]] = []
        if roll() < WITH_CHECKLIST:
            for line in self._lists[int(roll() * len(self._lists))]:
                text = line.removesuffix(" (optional)")
                items.append((text, text == line, roll() < share))
        booked = [(30 + 15 * int(roll() * 20), int(roll() * 14)) for _entry in range(int(roll() * 8 * share))]
        return DemoWork(tasks, items, booked)


def _status(roll: Callable[[], float], share: float) -> str:
    chance = roll()
    if chance < share * 0.8:
        return "done"
    return "doing" if chance < share else "waiting" if chance > 0.95 else "todo"
