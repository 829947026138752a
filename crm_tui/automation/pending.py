"""Whether automations have something to do: asked often, so it costs a query or two and imports next to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from crm_tui import clock
from crm_tui.db import ask
from crm_tui.models.automations import ON_DAY, Automation, AutomationState, AutomationWait
from crm_tui.models.base import entities
from crm_tui.models.journal import Change, Operation

FAR_BEHIND = 2000
"""Changes that concern no automation, after which it is noted that they were passed over."""

_PASSED_OVER = ("demo", "workspace.template")
"""Commands whose changes make nothing run: what they write stands for years of work; so do imports."""


def pending() -> datetime | None:
    """Return when there is something to do: now, later, or None. A few queries that touch few rows."""
    concerned = concerned_entities()
    if not concerned:
        return None
    position, day = state()
    if day != clock.today():
        return clock.now()
    newest = newest_change()
    if newest > position and (newest > position + FAR_BEHIND or relevant(position, concerned).exists()):
        return clock.now()
    ((waits,),) = ask("first wait", lambda: AutomationWait.select(pw.fn.MIN(AutomationWait.due_at)))
    if isinstance(waits, str):
        waits = datetime.fromisoformat(waits)
    tomorrow = clock.to_utc(datetime.combine(clock.today() + timedelta(days=1), datetime.min.time()))
    return min(waits, tomorrow) if waits else tomorrow


def concerned_entities() -> set[str]:
    """Return the entities whose changes make automations run, and automations themselves; none where none is on."""
    model: Any = Automation

    def on() -> Any:
        return model.select(model.entity, model.event).where(model.enabled & model.archived_at.is_null())

    rows = ask("automations that are on", on)
    if not rows:
        return set()
    named = {plural for plural, event in rows if event != ON_DAY}
    return {one.name for one in entities.values() if one.plural in named} | {"automation"}


def relevant(position: int, concerned: set[str]) -> Any:
    """Return the query of the changes after one that may make automations run: done by somebody, and standing."""
    of: Any = Change.select().join(Operation, on=(Change.operation == Operation.id))
    by_hand = (Operation.kind == "do") & Operation.undone_by.is_null() & Operation.command.not_in(_PASSED_OVER)
    return of.where(
        (Change.id > position) & Change.entity.in_(sorted(concerned)) & by_hand & ~Operation.command.endswith(".import")
    )


def state() -> tuple[int, Any]:
    """Return the last change that was looked at, and the day on which the days were."""
    rows = ask("automation state", lambda: AutomationState.select(AutomationState.position, AutomationState.day))
    return (rows[0][0], rows[0][1]) if rows else (0, None)


def newest_change() -> int:
    """Return the id of the last change there is."""
    ((newest,),) = ask("newest change", lambda: Change.select(pw.fn.MAX(Change.id)))
    return newest or 0
