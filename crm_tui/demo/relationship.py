"""How things stand between the agency and a client: kind, stage, score, who looks after it, when it was last heard of.

The numbers are those of an agency that does reasonably well: a third of its clients are long-term ones, the active
ones are contacted within weeks, some follow-ups are late and some dormant customers were never called at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from crm_tui.asset_files import asset
from crm_tui.demo.operators import operators
from crm_tui.demo.sheets import read_lines
from crm_tui.demo.words import Roll, T, pick, weighted
from crm_tui.text import fold

STEPS = 1024
"""Entries of a table that bends evenly rolled numbers towards the near end."""

HISTORY = 3400
"""Working days the agency looks back on; more than any stage's farthest contact and the longest relationship."""

TAG_TABLE = 4096
"""Combinations of tags there are in one demo."""

OWNERS = {"admin": 1, "manager": 2, "operator": 4, "viewer": 0}
"""How many clients an operator owns compared with the others, by role."""

UNDATED = 0.03
"""Share of acquired clients of whom nobody knows since when."""

OFFICE_MINUTES = range(6 * 60, 18 * 60)
"""Minutes of the UTC day at which clients are talked to."""

FOLLOW_UPS = (*range(-15, 0), *[0] * 8, *[day for day in range(1, 11) for _time in range(6)], *range(11, 61))
"""Working days from today to a follow-up: a tenth are late, most are within two weeks."""


class Habit(NamedTuple):
    """What is usual for a kind of client at a stage; shares are from 0 to 1."""

    kind: str
    stage: str
    weight: int
    """How many of 1000 clients are of this kind at this stage."""
    scores: range
    quiet: tuple[int, int]
    """Working days since the last contact, from and to; the near end is more common."""
    never: float
    """Share that was never contacted."""
    won: bool
    """Whether such clients have been acquired."""
    follow_up: float
    """Share with a follow-up."""
    cadences: tuple[int | None, ...]


HABITS = (
    Habit("client", "lead", 40, range(5, 61), (1, 60), 0.25, False, 0.6, (None,)),
    Habit("client", "qualified", 40, range(45, 96), (1, 30), 0.0, False, 0.85, (None, None, 14)),
    Habit("client", "active", 200, range(45, 101), (1, 70), 0.01, True, 0.5, (None, 7, 14, 14, 30, 30, 30, 60)),
    Habit("client", "dormant", 42, range(5, 45), (110, 500), 0.2, True, 0.08, (None, None, 90)),
    Habit("client", "churned", 28, range(0, 20), (80, 1200), 0.1, True, 0.0, (None,)),
    Habit("customer", "lead", 110, range(0, 50), (1, 80), 0.4, False, 0.4, (None,)),
    Habit("customer", "qualified", 60, range(35, 90), (1, 40), 0.02, False, 0.7, (None,)),
    Habit("customer", "active", 280, range(30, 96), (1, 130), 0.04, True, 0.2, (None, None, None, None, 90, 180)),
    Habit("customer", "dormant", 150, range(0, 35), (130, 900), 0.4, True, 0.04, (None, None, None, 365)),
    Habit("customer", "churned", 50, range(0, 15), (150, 1500), 0.25, True, 0.0, (None,)),
)


class Calendar:
    """The working days around one day, and moments on them."""

    def __init__(self, today: date) -> None:
        self.past = _working_days(today, -1, HISTORY)
        """Working days before today, the last one first."""
        self.moments = tuple(datetime.combine(day, time()) for day in self.past)
        """Their midnights."""
        ahead = (today, *_working_days(today, 1, max(FOLLOW_UPS)))
        self.follow_ups = tuple(ahead[step] if step >= 0 else self.past[-step - 1] for step in FOLLOW_UPS)
        self.minutes = tuple(timedelta(minutes=minute) for minute in OFFICE_MINUTES)


class _Tables(NamedTuple):
    """A habit, ready to be drawn from."""

    kind: str
    stage: str
    scores: tuple[int | None, ...]
    quiet: tuple[int | None, ...]
    won: bool
    settled: int
    """Working days since which it has been so at least."""
    follow_ups: tuple[date | None, ...]
    cadences: tuple[int | None, ...]
    owners: tuple[int | None, ...]


class Relationships:
    """Draws how things stand with one client after another."""

    def __init__(self, roll: Roll, today: date) -> None:
        """``roll`` makes the draws, the tag combinations first. Raises BadInput when a list cannot be read."""
        self._roll = roll
        self._calendar = Calendar(today)
        self._growth = _bent(1, HISTORY - max(habit.quiet[1] for habit in HABITS), 1.7)
        self._sources = (*weighted(read_lines(asset("demo", "sources.txt"))), *[""] * 8)
        self._reasons = weighted(read_lines(asset("demo", "reasons.txt")))
        self._tags = _tag_table(roll, weighted(read_lines(asset("demo", "tags.txt"))))
        owners = [index for index, one in enumerate(operators()) for _time in range(OWNERS.get(one["role"], 0))]
        self._habits = tuple(
            tables
            for habit in HABITS
            for tables in [_tables(habit, self._calendar, owners)]
            for _time in range(habit.weight)
        )

    def draw(self) -> dict[str, object]:
        """Return ``kind``, ``stage``, ``score``, ``owner`` (index of an operator), ``source``, ``acquired_on``,
        ``last_contact`` (naive UTC), ``follow_up_on``, ``cadence_days``, ``tags`` and ``churn_reason``."""
        roll, calendar = self._roll, self._calendar
        usual = pick(roll, self._habits)
        quiet = pick(roll, usual.quiet)
        last_contact = None if quiet is None else calendar.moments[quiet - 1] + pick(roll, calendar.minutes)
        acquired_on = None
        if usual.won and roll() >= UNDATED:
            acquired_on = calendar.past[(quiet or usual.settled) + pick(roll, self._growth)]
        return {
            "kind": usual.kind,
            "stage": usual.stage,
            "score": pick(roll, usual.scores),
            "owner": pick(roll, usual.owners),
            "source": pick(roll, self._sources),
            "acquired_on": acquired_on,
            "last_contact": last_contact,
            "follow_up_on": pick(roll, usual.follow_ups),
            "cadence_days": pick(roll, usual.cadences),
            "tags": pick(roll, self._tags),
            "churn_reason": pick(roll, self._reasons) if usual.stage == "churned" else "",
        }


def _tables(habit: Habit, calendar: Calendar, owners: Sequence[int]) -> _Tables:
    unowned = 0.04 if habit.won else 0.2
    return _Tables(
        kind=habit.kind,
        stage=habit.stage,
        scores=_with_gaps(tuple(habit.scores), 0.12),
        quiet=_with_gaps(_bent(*habit.quiet, 2.0), habit.never),
        won=habit.won,
        settled=habit.quiet[0],
        follow_ups=_with_gaps(calendar.follow_ups, 1 - habit.follow_up),
        cadences=habit.cadences,
        owners=_with_gaps(tuple(owners), unowned) if owners else (None,),
    )


def _with_gaps(entries: Sequence[T], share: float) -> tuple[T | None, ...]:
    """Return a table in which that share of the entries is None."""
    if share >= 1:
        return (None,)
    return (*entries, *[None] * round(len(entries) * share / (1 - share)))


def _bent(nearest: int, farthest: int, bend: float) -> tuple[int, ...]:
    """Return whole numbers between two, the more of them near the first the greater ``bend`` is above 1."""
    return tuple(nearest + int((step / STEPS) ** bend * (farthest - nearest)) for step in range(STEPS))


def _tag_table(roll: Roll, tags: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return combinations of none to four tags, each sorted and without doubles."""
    counts = (0, 0, 0, 1, 1, 1, 2, 2, 3, 4)
    return tuple(
        tuple(sorted({pick(roll, tags) for _tag in range(pick(roll, counts))}, key=fold)) for _row in range(TAG_TABLE)
    )


def _working_days(today: date, step: int, count: int) -> tuple[date, ...]:
    """Return the next (``step`` 1) or previous (-1) ``count`` Mondays to Fridays, the nearest first."""
    days: list[date] = []
    day = today
    while len(days) < count:
        day += timedelta(days=step)
        if day.weekday() < 5:
            days.append(day)
    return tuple(days)
