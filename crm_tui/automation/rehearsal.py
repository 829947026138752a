"""What an automation would have done: asked of the journal, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm_tui import clock
from crm_tui.automation import rules
from crm_tui.automation.engine import came_to_day, fulfils
from crm_tui.automation.snapshots import Histories, present
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.models.automations import ON_DAY
from crm_tui.models.base import from_stored
from crm_tui.models.journal import Change, Operation
from crm_tui.services import filling
from crm_tui.services.records import title_of

MOST = 200


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One run that would have been."""

    at: datetime | None
    """When, None for what came to a day."""
    day: Any
    record: int
    title: str
    what: str
    """The steps, filled in."""


def rehearse(automation: int, days: int, most: int = MOST) -> list[Rehearsed]:
    """Return what an automation would have done in the last days, at most ``most``, the newest first. Raises NotFound,
    BadInput."""
    known = rules.read(only=automation)
    if not known:
        raise NotFound(_("There is no automation with the id {id}.").format(id=automation))
    rule = known[0]
    found: list[Rehearsed] = []
    if rule.event == ON_DAY:
        since = clock.today() - timedelta(days=days)
        came = came_to_day(rule, since)[-most:]
        values = present(rule.entity, [record for record, _day in came])
        return [_told(rule, None, day, record, values[record]) for record, day in reversed(came)]
    fields = (Change.id, Change.operation, Change.entity, Change.record, Change.action, Change.before, Change.after)
    of: Any = (Operation.at, Operation.kind, Operation.command, Operation.undone_by)
    query: Any = Change.select(*fields, *of).join(Operation, on=(Change.operation == Operation.id))
    query = query.where((Change.entity == rule.entity.name) & (Operation.at >= clock.now() - timedelta(days=days)))
    for change in query.order_by(Change.id.desc()).namedtuples().iterator():
        if not rule.concerns(change.action) or change.kind != "do" or change.undone_by is not None:
            continue
        if change.command == "demo":
            continue
        if fulfils(rule, Histories().around(rule.entity, change)):
            now = present(rule.entity, [change.record]).get(change.record)
            if now is not None:
                found.append(_told(rule, change.at, None, change.record, now))
        if len(found) >= most:
            break
    return found


def _told(rule: rules.Rule, at: datetime | None, day: Any, record: int, stored: Any) -> Rehearsed:
    values = {**from_stored(rule.entity.model, {name: stored[name] for name in rule.entity.kinds}), "id": record}
    steps = "; ".join(f"{step.word} {filling.fill(rule.entity, values, step.text)}" for step in rule.steps)
    return Rehearsed(at, day, record, title_of(rule.entity, values), steps)
