"""Looking through the journal for what makes automations run, and running them: once for each change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import peewee as pw

from crm_tui import clock, query
from crm_tui.automation import rules
from crm_tui.automation.pending import concerned_entities, newest_change, relevant, state
from crm_tui.automation.rules import Rule
from crm_tui.automation.running import fail, go_on, run
from crm_tui.automation.snapshots import Histories, Records, Sides
from crm_tui.db import Workspace
from crm_tui.errors import CrmError, StorageFailed
from crm_tui.models.automations import ON_DAY, AutomationRun, AutomationState, AutomationWait
from crm_tui.models.journal import Change, Operation

CHANGES = 500
"""Changes looked at before it is noted how far that was."""


def process(workspace: Workspace, most: int = CHANGES) -> list[str]:
    """Look at the changes since the last time, up to ``most``, and at what came to its day; run what they make run, and
    what waited. Return what was done, in words. Raises StorageFailed."""
    known = rules.read()
    if not known:
        return []
    done = [said for wait in _due_waits() if (said := go_on(workspace, *wait))]
    position, day = state()
    if not position:
        position = _before_the_first(known)
    newest = newest_change()
    changes = _changes(position, most)
    anew, records = False, Histories()
    for change in changes:
        made_to_run = [rule for rule in known if rule.event != ON_DAY and _makes_run(rule, change)]
        sides = records.around(made_to_run[0].entity, change) if made_to_run else None
        for rule in made_to_run:
            ran = _attempt(workspace, rule, change.record, f"change:{change.id}", change, sides)
            done += ran
            records = Histories() if ran else records  # what ran may have changed them
        anew |= change.entity == "automation"
        position = change.id
    if len(changes) < most:
        position = max(position, newest)
    today = clock.today()
    if day != today or anew:
        for rule in known:
            if rule.event == ON_DAY:
                done += _run_days(workspace, rule)
    _note(workspace, position, today)
    return done


def _before_the_first(known: Sequence[Rule]) -> int:
    """What was changed before there was an automation makes none run."""
    first: Any = Change.select(pw.fn.MIN(Change.id)).where(
        (Change.entity == "automation") & Change.record.in_([rule.id for rule in known]) & (Change.action == "create")
    )
    return max(0, int(first.scalar() or 1) - 1)


def _changes(position: int, most: int) -> list[Any]:
    fields = (Change.id, Change.operation, Change.entity, Change.record, Change.action, Change.before, Change.after)
    of: Any = (Operation.at, Operation.login, Operation.command, Operation.summary)
    found = relevant(position, concerned_entities()).select(*fields, *of)
    return list(found.order_by(Change.id).limit(most).namedtuples())


def _makes_run(rule: Rule, change: Any) -> bool:
    return rule.entity.name == change.entity and rule.concerns(change.action) and change.at >= rule.created_at


def fulfils(rule: Rule, sides: Sides) -> bool:
    """Whether a record was, on the two sides of a change, as an automation asks for. Raises BadInput."""
    before, after = sides
    return query.matches(rule.query, after, Records(), before=before)


def _attempt(
    workspace: Workspace, rule: Rule, record: int, key: str, change: Any = None, sides: Sides | None = None
) -> list[str]:
    """Run an automation for a record, and for a change only if it is as it asks for; note where that fails."""
    try:
        if sides is not None and not fulfils(rule, sides):
            return []
        said = run(workspace, rule, record, key, change)
    except StorageFailed:
        raise
    except CrmError as error:
        fail(workspace, rule, record, key, str(error))
        return []
    return [said] if said else []


def _run_days(workspace: Workspace, rule: Rule) -> list[str]:
    """Run an automation for the records that came to their day."""
    try:
        found = came_to_day(rule)
    except CrmError as error:
        fail(workspace, rule, 0, f"{rule.day_field}:{clock.today()}", str(error))
        return []
    return [
        said
        for record, day in found
        for said in _attempt(workspace, rule, record, f"{rule.day_field}:{day.isoformat()}")
    ]


def came_to_day(rule: Rule, since: Any = None) -> list[tuple[int, Any]]:
    """Return the records that fulfil an automation's query and whose day, with the days after it, has come since it was
    made, or since ``since``; each with that day. Raises BadInput."""
    model: Any = rule.entity.model
    field = model._meta.fields[rule.day_field]
    first = (since or rule.begins) - timedelta(days=rule.days)
    last = clock.today() - timedelta(days=rule.days)
    how = query.listing(rule.query, [])
    where = [field.between(first, last), model.archived_at.is_null()]
    where += [how.counted] if how.counted is not None else []
    if since is None:
        ran: Any = AutomationRun
        where.append(
            ~pw.fn.EXISTS(
                ran.select(ran.id).where(
                    (ran.automation == rule.id)
                    & (ran.record == model.id)
                    & (ran.key == pw.Value(f"{rule.day_field}:").concat(field.cast("TEXT")))
                )
            )
        )
    return list(model.select(model.id, field).where(*where).order_by(field, model.id).tuples())


def _due_waits() -> list[tuple[int, int, int]]:
    model: Any = AutomationWait
    found = model.select(model.id, model.run, model.step).where(model.due_at <= clock.now())
    return list(found.order_by(model.due_at, model.id).limit(100).tuples())


def _note(workspace: Workspace, position: int, day: Any) -> None:
    with workspace.write():
        former, on = state()
        if (former, on) == (position, day):
            return
        if not AutomationState.update(position=max(position, former), day=day).execute():
            AutomationState.insert(position=position, day=day).execute()
