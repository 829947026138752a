"""When people work: days of the week, hours, and holidays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from crm_tui import moments
from crm_tui.i18n import _
from crm_tui.text import quoted

USUAL_DAYS = frozenset(range(5))
USUAL_HOURS = ((time(9), time(17)),)

_DAYS_APART = re.compile(r"\s*(?:-|–|\bto\b)\s*")


@dataclass(frozen=True, slots=True)
class WorkTime:
    """When people work here, in the business's zone."""

    days: frozenset[int] = USUAL_DAYS
    """Of the week, 0 for Monday."""
    hours: tuple[tuple[time, time], ...] = USUAL_HOURS
    """From when until when, in order."""
    holidays: frozenset[str] = frozenset()
    """``2026-12-25``, or ``12-25`` for every year."""

    def closed(self, day: date) -> bool:
        """Whether nobody works on a day."""
        return day.weekday() not in self.days or not self.holidays.isdisjoint((day.isoformat(), f"{day:%m-%d}"))

    def working(self, moment: datetime) -> bool:
        """Whether somebody works at a moment, naive or aware, as clocks show it."""
        return not self.closed(moment.date()) and any(begin <= moment.time() < end for begin, end in self.hours)


def read_days(text: str) -> list[int]:
    """Return the days of the week that a text names, 0 for Monday: ``mon-fri``, ``sun-thu``, ``mon, wed``. Raises
    ValueError with a plain reason."""
    found: set[int] = set()
    for part in re.split(r"[,;]", text.lower()):
        ends = [_weekday(word) for word in _DAYS_APART.split(part.strip()) if word]
        if len(ends) == 1 and ends[0] is not None:
            found.add(ends[0])
        elif len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            found.update((ends[0] + step) % 7 for step in range((ends[1] - ends[0]) % 7 + 1))
        elif part.strip():
            message = _("{text} is no day of the week; write mon-fri, sun-thu, or mon, wed, fri")
            raise ValueError(message.format(text=quoted(part.strip(), 30)))
    if not found:
        raise ValueError(_("name at least one day, like mon-fri"))
    return sorted(found)


def _weekday(word: str) -> int | None:
    return next((at for at, name in enumerate(moments.WEEKDAYS) if len(word) > 2 and name.startswith(word)), None)


def days_text(days: list[int]) -> str:
    """Return days of the week as they are kept: ``mon, tue``."""
    return ", ".join(moments.WEEKDAYS[day][:3] for day in days)


def read_hours(text: str) -> list[tuple[time, time]]:
    """Return the working hours that a text names: ``9:00-17:00``, ``8:30-12:00, 13:00-17:30``. Raises ValueError with a
    plain reason."""
    found: list[tuple[time, time]] = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        ends = [word.strip() for word in re.split(r"[-–]", part)]
        message = _("{text} are no hours; write 9:00-17:00, or 8:30-12:00, 13:00-17:30")
        try:
            begin, end = (moments.read_time(word if ":" in word else f"{word}:00") for word in ends)
        except ValueError as error:
            raise ValueError(message.format(text=quoted(part.strip(), 30))) from error
        if begin >= end or (found and begin < found[-1][1]):
            raise ValueError(_("hours begin before they end, one after the other"))
        found.append((begin, end))
    if not found:
        raise ValueError(_("name at least the hours of a day, like 9:00-17:00"))
    return found


def hours_text(hours: list[tuple[time, time]]) -> str:
    """Return working hours as they are kept."""
    return ", ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in hours)


def read_holidays(text: str) -> list[str]:
    """Return the holidays that a text names, each ``2026-12-25`` or ``12-25``. Raises ValueError with a plain
    reason."""
    found = []
    for word in text.replace(";", ",").replace("\n", ",").split(","):
        day = word.strip()
        if not day:
            continue
        try:
            date.fromisoformat(day if len(day) > 5 else f"2024-{day}")
        except ValueError as error:
            message = _("{text} is no day; write 2026-12-25, or 12-25 for every year, with commas between them")
            raise ValueError(message.format(text=quoted(day, 30))) from error
        found.append(day)
    return found
