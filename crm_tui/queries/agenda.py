"""Tasks by their days: what is still to be done, the latest first, and what falls on the days of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import peewee as pw

from crm_tui import clock, query, scope
from crm_tui.db import among, batches
from crm_tui.formats import due_day
from crm_tui.i18n import _
from crm_tui.models.base import entities
from crm_tui.models.orders import OPEN
from crm_tui.models.tasks import Task, task_statuses
from crm_tui.queries import lists
from crm_tui.queries.lists import Listing, Reading
from crm_tui.query import SortKey
from crm_tui.query.tree import And
from crm_tui.scope import Actor

COLUMNS = ("title", "due_time", "order", "client", "priority", "assignee", "estimate")

MOST = 3000
"""Tasks of a month that are read; the days count all of theirs."""


def listing(actor: Actor, text: str, *, lenient: bool = False) -> Listing:
    """Return the tasks of a query that are still to be done, by their day and time. Raises BadInput."""
    task = entities["task"]
    asked = query.parse(text, task, me=actor, lenient=lenient)
    words = ",".join(f'"{status}"' for status in task_statuses().meant(OPEN))
    to_do = query.parse(f"status:{words}", task, me=actor)
    assert to_do.where is not None  # a status always narrows
    where = to_do.where if asked.where is None else And((asked.where, to_do.where))
    order = (SortKey("due_on"), SortKey("due_time"), SortKey("id"))
    mentioned = asked.mentioned | to_do.mentioned
    return Listing(task, replace(asked, where=where, sort=order, mentioned=mentioned), COLUMNS)


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A task on the agenda."""

    id: int
    day: str
    """The day in words where it is the first of that day, else ""."""
    late: bool
    cells: tuple[str, ...]
    """As ``COLUMNS``."""


def window(reading: Reading, offset: int, limit: int) -> list[AgendaRow]:
    """Return the tasks ``offset`` to ``offset + limit`` as they are drawn."""
    first = max(0, offset - 1)
    ids = reading.ids(limit + offset - first, first)
    days = _days_of(ids)
    drawn = {row.id: row for row in lists.rows(entities["task"], ids[offset - first :], COLUMNS)}
    before = days.get(ids[0]) if offset and ids else date.min
    today, found = clock.today(), []
    for record in ids[offset - first :]:
        day = days.get(record)
        if record in drawn:
            words = "" if day == before else due_day(day, today) if day else _("no day")
            found.append(AgendaRow(record, words, day is not None and day < today, drawn[record].cells))
            before = day
    return found


def _days_of(ids: Sequence[int]) -> dict[int, date | None]:
    model: Any = Task
    return {
        record: day
        for batch in batches(list(ids))
        for record, day in model.select(model.id, model.due_on).where(among(model.id, batch)).tuples()
    }


@dataclass(frozen=True, slots=True)
class DayTask:
    """A task on a day of the month."""

    id: int
    title: str
    time: str
    open: bool


@dataclass(frozen=True, slots=True)
class MonthDay:
    """What falls on a day."""

    count: int
    still_open: int
    tasks: tuple[DayTask, ...]
    """The first of them, by their time; those still to be done first."""


def month(actor: Actor, shown: Listing, first: date, last: date) -> dict[date, MonthDay]:
    """Return what falls on the days from ``first`` to ``last`` of the tasks that a query finds."""
    model: Any = Task
    is_open = model.status.in_(list(task_statuses().meant(OPEN)))
    where = [model.due_on.between(first, last)]
    how = query.listing(replace(shown.query, sort=()), shown.default_sort)
    where += [one for one in (how.counted, scope.visible(actor, shown.entity)) if one is not None]
    opened = pw.fn.SUM(pw.Case(None, [(is_open, 1)], 0))
    counted = model.select(model.due_on, pw.fn.COUNT(model.id), opened).where(*where).group_by(model.due_on)
    counts = {day: (int(every), int(some)) for day, every, some in counted.tuples()}
    rows = model.select(model.id, model.due_on, model.title, model.due_time, is_open).where(*where)
    rows = rows.order_by(model.due_on, is_open.desc(), model.due_time == "", model.due_time, model.id).limit(MOST)
    tasks: dict[date, list[DayTask]] = {}
    for record, day, title, time, still in rows.tuples():
        tasks.setdefault(day, []).append(DayTask(record, title, time, bool(still)))
    return {day: MonthDay(*count, tuple(tasks.get(day, ()))) for day, count in counts.items()}
