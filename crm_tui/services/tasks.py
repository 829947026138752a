"""What is asked of tasks before they are written: where they belong, and that none waits for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crm_tui import clock
from crm_tui.db import among, batches
from crm_tui.errors import InvalidRecord
from crm_tui.formats import long_day
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE, Order
from crm_tui.models.tasks import Dependency, Task, task_statuses
from crm_tui.services import checklists
from crm_tui.services.rules import consequence, leaving, rule
from crm_tui.text import quoted

DEEPEST = 50
"""Tasks of tasks of tasks: how far down; nobody finds anything below."""


@rule(
    "task", "title", "status", "due_on", "due_time", "start_on", "order", "client", "parent", "assignee", "team",
    "priority",
)  # fmt: skip
def stands(writer: Writer, record: int | None, values: Values) -> None:
    """A part of a task belongs where the task does, and a task of an order to the order's client; what is done has a
    moment."""
    if values.get("parent") is not None:
        _require_no_circle(record, values["parent"])
        whole: Any = Task.select(Task.order, Task.client).where(Task.id == values["parent"]).tuples().first()
        values["order"], values["client"] = whole or (None, None)
    elif values.get("order") is not None:
        order: Any = Order.select(Order.client).where(Order.id == values["order"]).tuples().first()
        values["client"] = order[0] if order else values.get("client")
    _require_days(values)
    done = task_statuses().meaning(values["status"]) == DONE
    if done and record is not None and not values.get("done_at"):
        checklists.require_done(writer, entities["task"], record)
    values["done_at"] = (values.get("done_at") or clock.now()) if done else None


def _require_days(values: Values) -> None:
    if values.get("due_time") and not values.get("due_on"):
        raise InvalidRecord({"due_on": _("name the day, too")})
    if values.get("start_on") and values.get("due_on") and values["due_on"] < values["start_on"]:
        raise InvalidRecord(
            {"due_on": _("that is before its start, on {day}").format(day=long_day(values["start_on"]))}
        )


def _require_no_circle(record: int | None, parent: int) -> None:
    above: int | None = parent
    for _step in range(DEEPEST):
        if above is None:
            return
        if above == record:
            raise InvalidRecord({"parent": _("a task cannot be a part of itself or of one of its parts")})
        row: Any = Task.select(Task.parent).where(Task.id == above).tuples().first()
        above = row[0] if row else None
    raise InvalidRecord({"parent": _("that is more than {n} levels down").format(n=DEEPEST)})


@consequence("task")
def parts_follow(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """The parts of a task go where it goes; what recurs after its completion comes next."""
    if before is not None and values.get("rule") is not None and not before["done_at"] and values["done_at"]:
        from crm_tui.services import recurring  # which makes tasks

        recurring.follow_completion(writer, record, values["rule"])
    if before is None or all(before.get(name) == values.get(name) for name in ("order", "client")):
        return
    belonging = {name: values.get(name) for name in ("order", "client")}
    writer.update_many(entities["task"], {part: belonging for part in parts([record])})


def follow_order(writer: Writer, order: int, client: int) -> None:
    """The tasks of an order are of its client."""
    model: Any = Task
    those = [row[0] for row in model.select(model.id).where(model.order == order).tuples()]
    writer.update_many(entities["task"], {record: {"client": client} for record in those})


@leaving("task")
def with_its_parts(writer: Writer, ids: Sequence[int]) -> None:
    """A task that is put away takes its parts along."""
    model: Any = Task
    below = [record for record in parts(ids) if record not in set(ids)]
    live = [
        row[0]
        for batch in batches(below)
        for row in model.select(model.id).where(among(model.id, batch) & model.archived_at.is_null()).tuples()
    ]
    if live:
        writer.archive(entities["task"], live)


def parts(ids: Iterable[int]) -> list[int]:
    """Return the tasks that are parts of these, to any depth; those nearest come first."""
    model: Any = Task
    found: dict[int, None] = {}
    level = list(ids)
    while level:
        level = [
            row[0]
            for batch in batches(level)
            for row in model.select(model.id).where(among(model.parent, batch)).order_by(model.id).tuples()
            if row[0] not in found
        ]
        found.update(dict.fromkeys(level))
    return list(found)


@rule("dependency", "task", "needs")
def waits_for_another(writer: Writer, record: int | None, values: Values) -> None:
    """A task waits for another one, once, and never for itself, however long the way round."""
    task, needed = values.get("task"), values.get("needs")
    if task is None or needed is None:
        raise InvalidRecord({"needs" if task else "task": _("name both tasks")})
    model: Any = Dependency
    same = (model.task == task) & (model.needs == needed) & model.archived_at.is_null() & (model.id != (record or 0))
    if model.select().where(same).exists():
        raise InvalidRecord({"needs": _("it waits for that already")})
    if task == needed:
        raise InvalidRecord({"needs": _("a task cannot wait for itself")})
    if task in parts([needed]):
        raise InvalidRecord({"needs": _("it is a part of that one, which cannot be done before it")})
    if way := _way(needed, task):
        names = titles(way)
        told = [quoted(names.get(one, f"#{one}"), 40) for one in way]
        raise InvalidRecord(
            {"needs": _("they would wait for each other: {way}").format(way=_(", which waits for ").join(told))}
        )


def _way(first: int, wanted: int) -> list[int]:
    """Return the tasks from one to another along what each waits for; none when there is no such way."""
    model: Any = Dependency
    came_from: dict[int, int] = {first: 0}
    level = [first]
    while level and wanted not in came_from:
        rows = [
            row
            for batch in batches(level)
            for row in model.select(model.task, model.needs)
            .where(among(model.task, batch) & model.archived_at.is_null())
            .tuples()
        ]
        level = [needed for _task, needed in rows if needed not in came_from]
        for task, needed in rows:
            came_from.setdefault(needed, task)
    if wanted not in came_from:
        return []
    way = [wanted]
    while way[-1] != first:
        way.append(came_from[way[-1]])
    return way[::-1]


def titles(ids: Iterable[int]) -> dict[int, str]:
    """Return what tasks are called, by their ids."""
    model: Any = Task
    wanted = list(ids)
    return {
        record: title
        for batch in batches(wanted)
        for record, title in model.select(model.id, model.title).where(among(model.id, batch)).tuples()
    }
