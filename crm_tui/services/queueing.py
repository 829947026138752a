"""The queue of a team: what is to be done and nobody has taken yet."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.fields import Choice
from crm_tui.i18n import _
from crm_tui.journal import operation
from crm_tui.models.base import Entity
from crm_tui.models.orders import OPEN
from crm_tui.models.people import Membership, Team
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.text import quoted


def take(workspace: Workspace, actor: Actor, entity: Entity) -> tuple[int, str]:
    """Give the actor the next order, or task, of their teams that nobody has: the most pressing, then what is due
    first, then the oldest. Return its id, and what it is in words. Raises CrmError when there is none, NotAllowed.

    Who is first gets it: it is looked for inside the operation, so two never get the same.
    """
    with operation(workspace, actor, f"{entity.name}.take") as op:
        record = _next(entity, _teams(actor.operator_id))
        records.change_by_rule(op, entity, record, {"assignee": actor.operator_id})
        held = op.read(entity, record)
        called = quoted(str(held["title"]), 60) if held["title"] else ""
        what = f"{held['number']} {called}".strip() if entity.name == "order" else called
        op.summary = _("take {what}").format(what=what)
    return record, _("{what} is yours now").format(what=what)


def _teams(operator: int) -> list[int]:
    model: Any = Membership
    query = model.select(model.team).join(Team, on=(model.team == Team.id))
    there = (model.operator == operator) & model.archived_at.is_null() & Team.archived_at.is_null()
    found = [row[0] for row in query.where(there).tuples()]
    if not found:
        raise CrmError(_("You are in no team; M on a team chooses its members."))
    return found


def _next(entity: Entity, teams: list[int]) -> int:
    model: Any = entity.model
    stage = _choice(entity, "stage" if entity.name == "order" else "status")
    pressing = [(option.value, -at) for at, option in enumerate(_choice(entity, "priority").options)]
    query = model.select(model.id).where(
        model.team.in_(teams) & model.assignee.is_null() & model.archived_at.is_null()
        & stage.in_(list(stage.meant(OPEN)))
    )  # fmt: skip
    priority = pw.Case(model.priority, pressing, 0)
    row = query.order_by(priority, model.due_on.is_null(), model.due_on, model.id).limit(1).tuples().first()
    if row is None:
        raise CrmError(_("Nothing waits in the queue of your teams."))
    return int(row[0])


def _choice(entity: Entity, name: str) -> Choice:
    kind: Any = entity.fields[name]
    found: Choice = kind
    return found
