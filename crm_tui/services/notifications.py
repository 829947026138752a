"""What operators are told of: noting what they have read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crm_tui import clock, scope
from crm_tui.db import Workspace
from crm_tui.errors import NotFound
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.talk import Notification
from crm_tui.models.tasks import Reminder
from crm_tui.scope import Actor
from crm_tui.text import quoted

_LONGEST = 400
_SUBJECT = 100
_KEPT = timedelta(days=30)
"""How long it is remembered that somebody was reminded: nobody is of what was due that long ago."""


def tell(
    op: Writer, operator: int, reason: str, about: str, record: int, text: str, *, by_mail: bool = True, **more: Any
) -> None:
    """Tell an operator of a record, by the name of its entity and its id, inside an operation: in the program, and
    ``by_mail`` too, where they want that. ``more`` are further values of the notification."""
    told = {"operator": operator, "reason": reason, "about": about, "record": record, "text": text[:_LONGEST]}
    op.create(entities["notification"], told | more)
    if by_mail:
        _mail(op, operator, about, record, text)


def remind(workspace: Workspace, actor: Actor, task: int, due: datetime) -> str:
    """Remind whose it is of a task that comes to its time; return it in words, "" where that was done."""
    with operation(workspace, actor, "task.remind", kind="note") as op:
        same = (Reminder.task == task) & (Reminder.due_at == due)
        if Reminder.select().where(same).exists():
            return ""
        Reminder.insert(task=task, due_at=due).execute()
        Reminder.delete().where(Reminder.due_at < due - _KEPT).execute()
        held = op.read(entities["task"], task)
        text = _("{time}: {title}").format(time=held["due_time"], title=held["title"])
        tell(op, held["assignee"], "reminder", "task", task, text)
        op.summary = _("remind of {title}").format(title=quoted(held["title"], 60))
    return op.summary


UNTOLD = ("recurring_rule.carry_out", "demo")
"""What is given in these is told to nobody: what recurs is expected, and stands in Today."""


def tell_assigned(op: Writer) -> None:
    """Tell each operator what the operation gave them, in one notification; nobody of what they took themselves, nor of
    what was imported."""
    if op.command in UNTOLD or op.command.endswith(".import"):
        return
    for operator, given in op.assigned.items():
        if operator == op.actor.operator_id or not op.read(entities["operator"], operator)["active"]:
            continue
        name, record = given[0]
        if len(given) == 1:
            title = op.read(entities[name], record)[entities[name].title]
            what = _("{label} {title}").format(label=_(entities[name].label), title=title)
        else:
            labels = {one for one, _record in given}
            plural = _(entities[name].label_plural) if len(labels) == 1 else _("orders and tasks")
            what = f"{whole(len(given))} {plural}"
        text = _("{login} gave you {what}").format(login=op.actor.login, what=what)
        tell(op, operator, "assignment", name, record, text, author=op.actor.operator_id or None)


def _mail(op: Writer, operator: int, about: str, record: int, text: str) -> None:
    from crm_tui.services import mail_settings, records  # few are told by mail

    held = op.read(entities["operator"], operator)
    if not (held["by_mail"] and held["email"] and held["active"]) or not mail_settings.configured():
        return
    label = _(entities[about].label)
    body = _("{text}\n\nIn {program}: {label} {id}").format(text=text, program="crm-tui", label=label, id=record)
    values = {"to": held["email"], "subject": text[:_SUBJECT], "body": body, "owner": operator}
    records.write_new(op, entities["message"], values)


def mark_read(workspace: Workspace, actor: Actor, ids: Sequence[int] | None = None) -> int:
    """Note that the actor has read these of their notifications, or all; return how many were new. Not undone: what was
    read was read.

    Raises NotFound for one that is not theirs, NotAllowed in a session that only reads.
    """
    with operation(workspace, actor, "notification.read", kind="note") as op:
        unread = _unread(actor) if ids is None else _unread_among(op, ids)
        now = clock.now()
        n = op.update_many(entities["notification"], {record: {"read_at": now} for record in unread})
        op.summary = ngettext("read {n} notification", "read {n} notifications", n).format(n=n)
    return n


def _unread(actor: Actor) -> list[int]:
    query: Any = Notification.select(Notification.id).where(
        (Notification.operator == actor.operator_id) & Notification.read_at.is_null()
    )
    return [row[0] for row in query.tuples()]


def _unread_among(op: Writer, ids: Sequence[int]) -> list[int]:
    entity = entities["notification"]
    found = op.read_all(entity, ids)
    for record, values in found.items():
        if not scope.sees(op.actor, entity, values):
            raise NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))
    return [record for record, values in found.items() if values["read_at"] is None]
