"""Which tasks come to their time of day, and when the next one does. Whose it is is reminded once of each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from crm_tui import clock
from crm_tui.db import ask
from crm_tui.models.tasks import Reminder, Task, still_open, task_statuses

LATE = timedelta(hours=12)
"""After which nobody is reminded any more: it is late by now, and stands in Today."""

_DAYS = timedelta(days=1)
_MOST = 500


def next_at() -> datetime | None:
    """Return when a task comes to its time next, None where none does."""
    return next((moment for _task, moment in _ahead()), None)


def due(now: datetime) -> list[tuple[int, datetime]]:
    """Return the tasks that have come to their time and of which nobody was reminded, each with that moment."""
    found = []
    for task, moment in _ahead():
        if moment > now:
            break
        found.append((task, moment))
    return found


def _ahead() -> Iterator[tuple[int, datetime]]:
    """The tasks with a time that nobody was reminded of yet, in their order, from those that came to it lately."""
    task: Any = Task
    now = clock.now()
    timed = task.archived_at.is_null() & (task.due_time != "") & (task.due_on >= clock.today() - _DAYS)

    def ahead() -> Any:
        found = task.select(task.id, task.due_on, task.due_time)
        found = found.where(timed & still_open() & task.assignee.is_null(False))
        return found.order_by(task.due_on, task.due_time, task.id).limit(_MOST)

    def lately() -> Any:
        return Reminder.select(Reminder.task, Reminder.due_at).where(Reminder.due_at > now - 3 * _DAYS)

    coming = ask(("timed tasks", clock.today(), task_statuses().options), ahead)
    known = set(ask("reminders", lately, values=[now - 3 * _DAYS])) if coming else set()
    for record, day, at in coming:
        moment = _moment(day, at)
        if moment > now - LATE and (record, moment) not in known:
            yield record, moment


def _moment(day: date, at: str) -> datetime:
    return clock.to_utc(datetime.combine(day, time.fromisoformat(at)))
