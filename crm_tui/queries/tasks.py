"""What is read of tasks: those of an order, a client or another task, each below the one that it is a part of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import peewee as pw

from crm_tui.db import among, batches
from crm_tui.models.base import Entity, entities
from crm_tui.models.orders import DONE, DROPPED, OPEN
from crm_tui.models.tasks import Dependency, Task, task_statuses
from crm_tui.queries.lists import ListRow, rows

TASK_COLUMNS = ("title", "due_on", "due_time", "status", "priority", "assignee", "estimate", "waits_for")

MOST = 500
"""Tasks of one record that are listed there; the list of tasks has them all."""


def of_record(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return the tasks of an order or client, or the parts of a task: cells as ``TASK_COLUMNS``, parts indented below
    their wholes; of a client those that are still to be done."""
    model: Any = Task
    if entity.name == "task":
        found = _below([record])
    else:
        condition = (model.order if entity.name == "order" else model.client) == record
        if entity.name == "client":
            condition &= model.status.in_(list(task_statuses().meant(OPEN)))
        query = model.select(model.id, model.parent).where(condition & model.archived_at.is_null())
        found = list(query.order_by(model.due_on.is_null(), model.due_on, model.id).limit(MOST).tuples())
    order = _in_order(found)
    shown = {row.id: row for row in rows(entities["task"], list(order), TASK_COLUMNS)}
    return tuple(
        ListRow(one, ("  " * depth + shown[one].cells[0], *shown[one].cells[1:]))
        for one, depth in order.items()
        if one in shown
    )


def _below(tasks: Sequence[int]) -> list[tuple[int, int]]:
    model: Any = Task
    found: list[tuple[int, int]] = []
    level, known = list(tasks), set(tasks)
    while level and len(found) < MOST:
        below = [
            row
            for batch in batches(level)
            for row in model.select(model.id, model.parent)
            .where(among(model.parent, batch) & model.archived_at.is_null())
            .order_by(model.id)
            .tuples()
            if row[0] not in known
        ]
        found += below
        level = [record for record, _parent in below]
        known.update(level)
    return found


def _in_order(found: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """Each task with how deep it stands, parts behind their whole."""
    there = {record for record, _parent in found}
    children: dict[int | None, list[int]] = {}
    for record, parent in found:
        children.setdefault(parent if parent in there else None, []).append(record)
    order: dict[int, int] = {}
    stack = [(record, 0) for record in reversed(children.get(None, []))]
    while stack:
        record, depth = stack.pop()
        if record not in order:
            order[record] = depth
            stack += [(child, depth + 1) for child in reversed(children.get(record, []))]
    return order


def progress(orders: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return how many tasks of orders are done, and how many there are that were not dropped."""
    model: Any = Task
    kind = task_statuses()
    done = pw.fn.SUM(pw.Case(None, [(model.status.in_(list(kind.meant(DONE))), 1)], 0))
    found: dict[int, tuple[int, int]] = {}
    for batch in batches(list(orders), 1000):
        query = model.select(model.order, done, pw.fn.COUNT(model.id)).where(
            among(model.order, batch) & model.archived_at.is_null() & model.status.not_in(list(kind.meant(DROPPED)))
        )
        found.update({order: (int(some), int(every)) for order, some, every in query.group_by(model.order).tuples()})
    return found


def needs(task: int) -> tuple[ListRow, ...]:
    """Return the tasks that one waits for: cells as ``TASK_COLUMNS``."""
    model: Any = Dependency
    query = model.select(model.needs).where((model.task == task) & model.archived_at.is_null()).order_by(model.id)
    return tuple(rows(entities["task"], [row[0] for row in query.tuples()], TASK_COLUMNS))


def needed_by(task: int) -> int:
    """Return how many open tasks wait for one."""
    model: Any = Dependency
    other: Any = Task
    query = (
        model.select(pw.fn.COUNT(model.id))
        .join(other, on=(model.task == other.id))
        .where(
            (model.needs == task) & model.archived_at.is_null() & other.archived_at.is_null()
            & other.status.in_(list(task_statuses().meant(OPEN)))
        )
    )  # fmt: skip
    return int(query.scalar())


def candidates(task: int, most: int = 200) -> list[tuple[int, str]]:
    """Return open tasks that one may wait for: those of the same order first, then of the same client, then others."""
    model: Any = Task
    order, client = model.select(model.order, model.client).where(model.id == task).tuples().first() or (None, None)
    near = pw.Case(None, [(model.order == (order or 0), 0), (model.client == (client or 0), 1)], 2)
    query = model.select(model.id, model.title).where(
        (model.id != task) & model.archived_at.is_null() & model.status.in_(list(task_statuses().meant(OPEN)))
    )
    return list(query.order_by(near, model.id.desc()).limit(most).tuples())
