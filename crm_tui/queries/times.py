"""What is read of time: what was booked on an order, a task or a client, and the timer that runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import peewee as pw

from crm_tui.models.base import Entity, entities
from crm_tui.models.time_entries import TimeEntry
from crm_tui.queries.lists import ListRow, rows, titles_of

TIME_COLUMNS = ("day", "operator", "minutes", "note", "billable")

MOST = 500
"""Entries of one record that are listed there; the list of time entries has them all."""


class Running(NamedTuple):
    """A timer that runs."""

    what: str
    since: datetime
    """Naive UTC."""


def of_record(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return what was booked on an order, a task or a client, the newest first: cells as ``TIME_COLUMNS``."""
    model: Any = TimeEntry
    query = model.select(model.id).where(_of(entity, record)).order_by(model.day.desc(), model.id.desc()).limit(MOST)
    return tuple(rows(entities["time_entry"], [row[0] for row in query.tuples()], TIME_COLUMNS))


def total(entity: Entity, record: int) -> int:
    """Return how many minutes were booked on an order, a task or a client."""
    model: Any = TimeEntry
    return int(model.select(pw.fn.SUM(model.minutes)).where(_of(entity, record)).scalar() or 0)


def _of(entity: Entity, record: int) -> Any:
    model: Any = TimeEntry
    return (model._meta.fields[entity.name] == record) & model.archived_at.is_null()


def running(operator: int) -> Running | None:
    """Return what an operator's timer runs on, if it does."""
    model: Any = TimeEntry
    query = model.select(model.started_at, model.task, model.order, model.client).where(
        (model.operator == operator) & model.started_at.is_null(False) & model.archived_at.is_null()
    )
    row = query.order_by(model.id.desc()).tuples().first()
    if row is None:
        return None
    entry = entities["time_entry"]
    for name, value in (("order", row[2]), ("task", row[1]), ("client", row[3])):
        if value is not None:
            return Running(titles_of(entry, name, [value]).get(value, f"#{value}"), row[0])
    return Running("", row[0])
