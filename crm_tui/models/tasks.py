"""What is to be done: tasks with subtasks to any depth, and which of them wait for which."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.fields import (
    Choice,
    Day,
    Due,
    Markdown,
    Minutes,
    Moment,
    Number,
    Option,
    Reference,
    Tags,
    Text,
    TimeOfDay,
)
from crm_tui.i18n import N_
from crm_tui.models.base import Record, Row, entities, entity
from crm_tui.models.documents import Document
from crm_tui.models.orders import DONE, DROPPED, OPEN, PRIORITIES, Order
from crm_tui.models.people import Client, Operator, Team
from crm_tui.models.recurring import RecurringRule

TASK_STATUSES = (
    Option("todo", N_("to do"), OPEN),
    Option("doing", N_("doing"), OPEN),
    Option("waiting", N_("waiting"), OPEN),
    Option("done", N_("done"), DONE),
    Option("dropped", N_("dropped"), DROPPED),
)


@entity(
    "task",
    "tasks",
    label=N_("task"),
    label_plural=N_("tasks"),
    title="title",
    order="due_on",
    columns=("title", "due_on", "due_time", "status", "priority", "assignee", "order", "client", "waits_for"),
    search=("title", "notes"),
    unique=("external_id", "title"),
    indexed=("title", "external_id", "due_on", "client", "order", "parent", "assignee", "team", "rule", "document"),
    aliases=("todo", "todos"),
    told_with=("client", "order", "parent"),
    impersonal=("due_time", "external_id"),
)
class Task(Record):
    """Something that somebody is to do, for an order, a client or the agency itself."""

    title: Any = Text(N_("Title"), required=True, longest=300, width=36, aliases=("subject",))
    status: Any = Choice(
        N_("Status"), options=TASK_STATUSES, words="task.status", needs=(OPEN, DONE), default="todo", required=True,
        width=8, aliases=("state",),
    )  # fmt: skip
    due_on: Any = Due(N_("Due"), width=12, aliases=("due",))
    due_time: Any = TimeOfDay(N_("At"), width=5, aliases=("at", "time"), help=N_("The time of that day, like 10:00"))
    start_on: Any = Day(N_("Start"), width=12, aliases=("start",))
    estimate: Any = Minutes(N_("Estimate"), width=8, help=N_("How long it takes, like 1h30"))
    priority: Any = Choice(
        N_("Priority"), options=PRIORITIES, words="order.priority", default="normal", required=True, width=8
    )
    assignee: Any = Reference(Operator, N_("Assignee"), index=False, width=9, aliases=("owner", "assigned"))
    team: Any = Reference(Team, N_("Team"), index=False, width=12)
    order: Any = Reference(Order, N_("Order"), index=False, width=10)
    client: Any = Reference(Client, N_("Client"), index=False, width=22, help=N_("Empty: that of the order"))
    parent: Any = Reference("self", N_("Part of"), index=False, width=22, help=N_("The task that this is a part of"))
    tags: Any = Tags(N_("Tags"), width=16, aliases=("tag",))
    notes: Any = Markdown(N_("Notes"), width=30)
    rule: Any = Reference(
        RecurringRule, N_("Recurs by"), ruled=True, index=False, width=22, help=N_("The recurring rule that made it")
    )
    document: Any = Reference(
        Document, N_("Document"), index=False, width=22, help=N_("Where it is written that this is wanted")
    )
    external_id: Any = Text(N_("External id"), longest=100, width=12)
    done_at: Any = Moment(N_("Done"), ruled=True, width=13, aliases=("done",))
    waits_for: Any = Number(
        N_("Waits for"), readonly=True, least=0, width=9, aliases=("blocked",),
        help=N_("How many tasks have to be done first"),
    )  # fmt: skip

    class Meta:
        indexes = ((("assignee", "status", "due_on"), False), (("status", "due_on"), False))


_timed: Any = Task
_timed.add_index(
    _timed.index(
        _timed.due_on, _timed.due_time, where=_timed.archived_at.is_null() & (_timed.due_time != ""), name="task_timed"
    )
)


@entity(
    "dependency",
    "dependencies",
    label=N_("dependency"),
    label_plural=N_("dependencies"),
    title="id",
    order="task",
    columns=("task", "needs"),
    indexed=("task", "needs"),
    told_with=("task",),
    discussed=False,
)
class Dependency(Record):
    """That a task cannot be begun before another one is done."""

    task: Any = Reference(Task, N_("Task"), required=True, index=False, width=36)
    needs: Any = Reference(Task, N_("Waits for"), required=True, index=False, width=36)


class Reminder(Row):
    """That somebody was reminded of a task at its time: once of each."""

    task: Any = pw.BigIntegerField()
    due_at: Any = pw.DateTimeField()

    class Meta:
        indexes = ((("task", "due_at"), True),)


def still_open() -> Any:
    """Return the condition of a task that is still to be done."""
    return Task.status.in_(list(task_statuses().meant(OPEN))) & Task.archived_at.is_null()


def task_statuses() -> Choice:
    """Return the field whose options are the statuses of tasks."""
    kind: Any = entities["task"].fields["status"]
    found: Choice = kind
    return found
