"""Writing what is being done for the demo's open orders: tasks, checklists, time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_tui import clock, ranks
from crm_tui.demo.work import DemoWork, Work
from crm_tui.models.base import entities
from crm_tui.verbs.demo_clients import in_words_of_its_own

if TYPE_CHECKING:
    from crm_tui.journal import Writer


class OpenOrder(NamedTuple):
    """An order that is being made."""

    id: int
    client: int
    stage: str
    due: date | None
    assignee: int | None
    team: int | None


def write(writer: Writer, orders: Sequence[OpenOrder], work: Work) -> int:
    """Write what is being done for these orders; return how many tasks."""
    drawn = [(order, work.draw(order.stage)) for order in orders]
    tasks = _write_tasks(writer, drawn)
    items, booked = [], []
    for order, one in drawn:
        places = ranks.row(len(one.items))
        done = {"done_by": order.assignee, "done_at": _at(1)}
        items += [
            {"text": text, "required": required, "done": ticked, "order": order.id, "rank": place,
             **(done if ticked else {})}
            for (text, required, ticked), place in zip(one.items, places, strict=True)
        ]  # fmt: skip
        who = order.assignee
        booked += [
            {"order": order.id, "client": order.client, "operator": who, "minutes": minutes,
             "day": clock.today() - timedelta(days=ago), "billable": True}
            for minutes, ago in one.booked if who is not None
        ]  # fmt: skip
    writer.create_many(entities["checklist_item"], items)
    writer.create_many(entities["time_entry"], booked)
    return tasks


def _at(days_ago: int) -> datetime:
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(10))


def _write_tasks(writer: Writer, drawn: Sequence[tuple[OpenOrder, DemoWork]]) -> int:
    """Write wholes before their parts, and then what waits for what."""
    ids: dict[tuple[int, int], int] = {}
    for parts in (False, True):
        rows, keys = [], []
        for order, one in drawn:
            for at, task in enumerate(one.tasks):
                if (task.part_of is not None) is parts:
                    parent = None if task.part_of is None else ids[order.id, task.part_of]
                    due = None if order.due is None else order.due - timedelta(days=task.due)
                    rows.append(
                        {"title": task.title, "status": task.status, "due_on": due,
                         "due_time": task.time if due else "", "estimate": task.estimate, "order": order.id,
                         "client": order.client, "parent": parent, "assignee": order.assignee, "team": order.team,
                         "done_at": _at(2) if task.status == "done" else None}
                    )  # fmt: skip
                    keys.append((order.id, at))
        ids |= dict(zip(keys, writer.create_many(entities["task"], in_words_of_its_own("task", rows)), strict=True))
    links = [
        {"task": ids[order.id, at], "needs": ids[order.id, task.needs]}
        for order, one in drawn
        for at, task in enumerate(one.tasks)
        if task.needs is not None
    ]
    writer.create_many(entities["dependency"], links)
    return len(ids)
