"""What needs an operator: one queue of tasks, follow-ups, orders and mentions, ordered by what it costs to leave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm_tui import clock, scope
from crm_tui.db import among
from crm_tui.formats import due_day, near_moment
from crm_tui.i18n import _, ngettext
from crm_tui.models.base import entities
from crm_tui.models.orders import OPEN, Order
from crm_tui.models.people import Client, Membership
from crm_tui.models.recurring import RecurringRule
from crm_tui.models.talk import Notification
from crm_tui.models.tasks import Dependency, Task, still_open
from crm_tui.queries.lists import titles_of
from crm_tui.scope import Actor

AHEAD = timedelta(days=3)
"""How far ahead it looks."""

MOST = 500
"""Of each sort; whoever has more does not need to see them all at once."""

_NEXT_TO_NOTHING = {"low": -3, "normal": 0, "high": 4, "urgent": 10}
"""How many days late each priority is worth."""

_BLOCKING = 2
"""How many days late each task is worth that waits for one."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that needs the operator."""

    entity: str
    record: int
    day: date | None
    time: str
    what: str
    client: str
    why: str
    """In words: why it is here, and what it holds up."""
    weight: int
    """Days late and what counts as such: more comes first."""

    @property
    def late(self) -> bool:
        """Whether its day is past."""
        return self.day is not None and self.day < clock.today()

    @property
    def when(self) -> str:
        """Its day, in words."""
        return "" if self.day is None else f"{due_day(self.day)} {self.time}".strip()


def queue(actor: Actor) -> list[Needed]:
    """Return what needs an operator: what is late first, then today's, then what comes soon; within each what it costs
    most to leave."""
    today = clock.today()
    found = [*_tasks(actor, today), *_clients(actor, today), *_orders(actor, today)]
    found += _told(actor, {(one.entity, one.record) for one in found})

    def order(one: Needed) -> tuple[int, int, str, int]:
        group = 0 if one.late else 1 if one.day is None or one.day == today else 2
        return group, -one.weight, one.time or "~", one.record

    return sorted(found, key=order)


def _weight(day: date | None, today: date, priority: str, blocks: int = 0) -> int:
    late = (today - day).days if day and day < today else 0
    return late + _NEXT_TO_NOTHING.get(priority, 0) + _BLOCKING * blocks


def _teams(actor: Actor) -> list[int]:
    model: Any = Membership
    mine = (model.operator == actor.operator_id) & model.archived_at.is_null()
    return [row[0] for row in model.select(model.team).where(mine).tuples()]


def _mine(model: Any, actor: Actor) -> Any:
    """What is assigned to the operator, or to nobody yet: of one of their teams, or of none."""
    nobodys = model.assignee.is_null() & (model.team.is_null() | model.team.in_(_teams(actor)))
    return (model.assignee == actor.operator_id) | nobodys


def _tasks(actor: Actor, today: date) -> Iterable[Needed]:
    task: Any = Task
    due = task.due_on.is_null(False) & (task.due_on <= today + AHEAD)
    fields = (task.id, task.title, task.due_on, task.due_time, task.priority, task.order, task.client, task.assignee,
              task.rule, task.waits_for)  # fmt: skip
    rows = list(
        task.select(*fields)
        .where(still_open() & due & _mine(task, actor))
        .order_by(task.due_on, task.id)
        .limit(MOST)
        .tuples()
    )
    orders = titles_of(entities["task"], "order", [row[5] for row in rows])
    clients = titles_of(entities["task"], "client", [row[6] for row in rows])
    rules = _schedules(row[8] for row in rows)
    blocked = _blocked([row[0] for row in rows])
    for record, title, day, time, priority, order, client, assignee, rule, waits in rows:
        why = [_("task of {order}").format(order=orders[order]) if order in orders else _("task")]
        if priority != "normal":
            why.append(entities["task"].fields["priority"].show(priority))
        if rule in rules:
            why.append(entities["recurring_rule"].fields["schedule"].show(rules[rule]))
        if blocks := blocked.get(record, 0):
            why.append(ngettext("blocks {n} other", "blocks {n} others", blocks).format(n=blocks))
        if waits:
            why.append(ngettext("waits for {n}", "waits for {n}", waits).format(n=waits))
        if assignee is None:
            why.append(_("nobody's yet"))
        weight = _weight(day, today, priority, blocks) - (5 if waits else 0)
        yield Needed("task", record, day, time, title, clients.get(client, ""), ", ".join(why), weight)


def _blocked(tasks: list[int]) -> dict[int, int]:
    """How many open tasks wait for each."""
    link: Any = Dependency
    query = link.select(link.needs).join(Task, on=(link.task == Task.id))
    found: dict[int, int] = {}
    for (needed,) in query.where(among(link.needs, tasks) & link.archived_at.is_null() & still_open()).tuples():
        found[needed] = found.get(needed, 0) + 1
    return found


def _clients(actor: Actor, today: date) -> Iterable[Needed]:
    client: Any = Client
    where = (client.owner == actor.operator_id) & client.archived_at.is_null() & (client.due_on <= today + AHEAD)
    limit = scope.visible(actor, entities["client"])
    if limit is not None:
        where &= limit
    fields = (client.id, client.name, client.due_on, client.last_contact, client.follow_up_on)
    for record, name, day, last, planned in (
        client.select(*fields).where(where).order_by(client.due_on, client.id).limit(MOST).tuples()
    ):
        if planned is not None and planned == day:
            why = _("planned follow-up")
        elif last is None:
            why = _("never contacted")
        else:
            days = (today - clock.local(last).date()).days
            why = ngettext("no contact for {n} day", "no contact for {n} days", days).format(n=days)
        yield Needed("client", record, day, "", _("Get in touch with {name}").format(name=name), name, why,
                     _weight(day, today, "normal"))  # fmt: skip


def _orders(actor: Actor, today: date) -> Iterable[Needed]:
    order: Any = Order
    stages: Any = entities["order"].fields["stage"]
    where = (
        order.stage.in_(list(stages.meant(OPEN))) & order.archived_at.is_null() & (order.assignee == actor.operator_id)
    )
    where &= order.due_on.is_null(False) & (order.due_on <= today + AHEAD)
    fields = (order.id, order.number, order.title, order.due_on, order.stage, order.priority, order.client)
    rows = list(order.select(*fields).where(where).order_by(order.due_on, order.id).limit(MOST).tuples())
    clients = titles_of(entities["order"], "client", [row[6] for row in rows])
    for record, number, title, day, stage, priority, client in rows:
        what = f"{number} {title}".strip()
        why = _("order in {stage}").format(stage=stages.show(stage))
        yield Needed("order", record, day, "", what, clients.get(client, ""), why, _weight(day, today, priority))


_OF_THE_RECORD = ("assignment", "reminder", "automation")
"""Reasons to be told of a record that say no more than that it needs one, as it does where it stands itself."""


def _told(actor: Actor, there: set[tuple[str, int]]) -> Iterable[Needed]:
    """What the operator was told of and has not read, but for records that stand there anyway."""
    told: Any = Notification
    where = told.read_at.is_null() & told.archived_at.is_null()
    limit = scope.visible(actor, entities["notification"])
    query = told.select(told.id, told.text, told.reason, told.created_at, told.about, told.record).where(
        where & limit if limit is not None else where
    )
    for record, text, reason, at, *about in query.order_by(told.id.desc()).limit(MOST).tuples():
        if reason in _OF_THE_RECORD and tuple(about) in there:
            continue
        why = f"{entities['notification'].fields['reason'].show(reason)}, {near_moment(at)}"
        yield Needed("notification", record, None, "", text, "", why, 8)


def _schedules(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = sorted({record for record in ids if record is not None})
    rule: Any = RecurringRule
    return dict(rule.select(rule.id, rule.schedule).where(among(rule.id, wanted)).tuples()) if wanted else {}
