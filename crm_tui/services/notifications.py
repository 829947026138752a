"""What operators are told of: noting what they have read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_tui import clock, scope
from crm_tui.db import Workspace
from crm_tui.errors import NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.talk import Notification
from crm_tui.scope import Actor

_LONGEST = 400


def tell(op: Writer, operator: int, reason: str, about: str, record: int, text: str) -> None:
    """Tell an operator of a record, by the name of its entity and its id, inside an operation."""
    told = {"operator": operator, "reason": reason, "about": about, "record": record, "text": text[:_LONGEST]}
    op.create(entities["notification"], told)


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
