"""Running an automation for one record: its steps in order, in one operation that can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm_tui import clock, query
from crm_tui.automation import rules
from crm_tui.automation.rules import Rule
from crm_tui.automation.snapshots import Records, present
from crm_tui.db import Workspace
from crm_tui.errors import CrmError, StorageFailed
from crm_tui.i18n import _
from crm_tui.journal import Writer, operation
from crm_tui.models.automations import AutomationRun, AutomationWait
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import filling, notifications
from crm_tui.services.automations import ACTIONS, ONLY_IF, WAIT, Doing, waits_until
from crm_tui.services.records import title_of
from crm_tui.text import quoted

ACTOR = Actor(0, "automation", "admin")
"""On whose behalf automations act."""

DEEPEST = 8
"""Automations that make each other run, one after the other; the next is refused."""

MOST_IN_AN_HOUR = 1000
"""Runs of one automation; it is switched off, because nobody means more."""

FAILURES = 3
"""Runs that fail one after the other, after which an automation is switched off."""

DONE, FAILED, REFUSED = "done", "failed", "refused"


def run(workspace: Workspace, rule: Rule, record: int, key: str, change: Any) -> str:
    """Run an automation for a record, unless it was run for this; return what was done in words, "" for nothing. Raises
    CrmError, with nothing written."""
    if _ran(rule, record, key):
        return ""
    parent, depth, circle = _lineage(rule, change)
    if circle or depth > DEEPEST:
        reason = (
            _("it would make itself run again and again")
            if circle
            else _("automations made each other run {n} times").format(n=DEEPEST)
        )
        fail(workspace, rule, record, key, reason, outcome=REFUSED)
        return ""
    if _busy(rule):
        switch_off(workspace, rule, _("it ran more than {n} times within an hour").format(n=MOST_IN_AN_HOUR))
        return ""
    with operation(workspace, ACTOR, "automation.run") as op:
        if _ran(rule, record, key):
            return ""  # another worker was faster
        values = op.read(rule.entity, record)
        op.cause = _because(rule, values, change)
        op.summary = _summary(rule, _noted(op, rule, record, key, 0, parent=parent, depth=depth))
    return op.summary if op.begun else ""


def go_on(workspace: Workspace, wait: int, run_id: int, step: int) -> str:
    """Do what is left of a run that waited, as a run that followed it; return what was done in words, "" for none."""
    noted: Any = AutomationRun
    held = noted.get_or_none(noted.id == run_id)
    known = rules.read(only=held.automation) if held is not None else []
    if not known:
        with workspace.write():
            AutomationWait.delete().where(AutomationWait.id == wait).execute()
        return ""
    rule, key = known[0], f"{held.key}/{step}"
    try:
        with operation(workspace, ACTOR, "automation.run") as op:
            waits: Any = AutomationWait
            if not waits.delete().where(waits.id == wait).execute():
                return ""  # another worker was faster
            current = op.read_many(rule.entity, [held.record]).get(held.record)
            if current is None or current["archived_at"] is not None:
                return ""
            op.cause = _("because {name} waited until now").format(name=quoted(rule.name, 60))
            op.summary = _summary(rule, _noted(op, rule, held.record, key, step, parent=run_id, depth=held.depth))
        return op.summary if op.begun else ""
    except StorageFailed:
        raise
    except CrmError as error:
        with workspace.write():
            AutomationWait.delete().where(AutomationWait.id == wait).execute()
        fail(workspace, rule, held.record, key, str(error))
        return ""


def _noted(op: Writer, rule: Rule, record: int, key: str, step: int, *, parent: int | None, depth: int) -> list[str]:
    """Do the steps from one on, and note that they were done; return what each did, in words."""
    noted: Any = AutomationRun
    made = noted.insert(
        automation=rule.id, entity=rule.entity.name, record=record, key=key, at=clock.now(),
        operation=None, outcome=DONE, told="", parent=parent, depth=depth,
    ).execute()  # fmt: skip
    told = _do(op, rule, record, made, step)
    # An operation that changed nothing leaves no trace: its number is that of the next one.
    did = op.operation_id if op.records else None
    noted.update(told="\n".join(told), operation=did).where(noted.id == made).execute()
    return told


def _summary(rule: Rule, told: list[str]) -> str:
    return _("{name}: {what}").format(name=quoted(rule.name, 60), what="; ".join(told) or _("nothing to do"))


def _do(op: Writer, rule: Rule, record: int, run_id: int, first: int) -> list[str]:
    """Do the steps from one on, up to a wait; return what each did, in words."""
    told: list[str] = []
    for at, step in enumerate(rule.steps[first:], first):
        values = op.read_all(rule.entity, [record])[record]
        text = filling.fill(rule.entity, values, step.text)
        if step.word == WAIT:
            AutomationWait.insert(run=run_id, step=at + 1, due_at=waits_until(text)).execute()
            return [*told, _("wait {time}").format(time=text)]
        if step.word == ONLY_IF:
            found = present(rule.entity, [record])[record]
            if not query.matches(query.parse(step.text, rule.entity), found, Records()):
                return [*told, _("stopped: it is not {query}").format(query=step.text)]
            continue
        try:
            said = ACTIONS[step.word].do(Doing(op, rule.entity, record, values, rule.owner, rule.id), text)
        except ValueError as error:
            raise CrmError(str(error)) from error
        told += [said] if said else []
    return told


def _because(rule: Rule, values: Any, change: Any) -> str:
    title = quoted(str(title_of(rule.entity, values)), 60)
    if change is None:
        field = rule.entity.fields[rule.day_field]
        return _("because {field} of {title} was {day} ({name})").format(
            field=field.label.lower(), title=title, day=field.edit(values[rule.day_field]), name=rule.name
        )
    what = change.summary or change.command
    return _("because of {title}: {login} did {what} ({name})").format(
        title=title, login=change.login, what=what, name=rule.name
    )


def _ran(rule: Rule, record: int, key: str) -> bool:
    model: Any = AutomationRun
    same = (model.automation == rule.id) & (model.record == record) & (model.key == key)
    return bool(model.select().where(same).exists())


def _lineage(rule: Rule, change: Any) -> tuple[int | None, int, bool]:
    """Return the run whose change this is, how many led to it, and whether the automation is among them."""
    model: Any = AutomationRun
    found = None if change is None else model.get_or_none(model.operation == change.operation)
    if found is None:
        return None, 0, False
    parent, depth, seen = int(found.id), int(found.depth) + 1, found
    for _step in range(DEEPEST + 1):
        if seen.automation == rule.id:
            return parent, depth, True
        if seen.parent is None:
            break
        seen = model.get_by_id(seen.parent)
    return parent, depth, False


def _busy(rule: Rule) -> bool:
    model: Any = AutomationRun
    recent = (model.automation == rule.id) & (model.at > clock.now() - timedelta(hours=1)) & (model.at <= clock.now())
    return bool(model.select().where(recent).count() >= MOST_IN_AN_HOUR)


def fail(workspace: Workspace, rule: Rule, record: int, key: str, reason: str, *, outcome: str = FAILED) -> None:
    """Note that an automation could not be run; after several times, one after the other, it is switched off."""
    model: Any = AutomationRun
    with workspace.write():
        if _ran(rule, record, key):
            return
        model.insert(
            automation=rule.id, entity=rule.entity.name, record=record, key=key, at=clock.now(), operation=None,
            outcome=outcome, told=reason,
        ).execute()  # fmt: skip
        last = model.select(model.outcome).where(model.automation == rule.id).order_by(model.id.desc()).limit(FAILURES)
        outcomes = [row[0] for row in last.tuples()]
    if len(outcomes) == FAILURES and DONE not in outcomes:
        switch_off(workspace, rule, reason)


def switch_off(workspace: Workspace, rule: Rule, reason: str) -> None:
    """Switch an automation off and tell its owner why."""
    with operation(workspace, ACTOR, "automation.switch_off") as op:
        entity = entities["automation"]
        if not op.read(entity, rule.id)["enabled"]:
            return
        op.update(entity, rule.id, {"enabled": False})
        op.summary = _("switch off {name}: {reason}").format(name=quoted(rule.name, 60), reason=reason)
        if rule.owner is not None:
            text = _("{name} is switched off: {reason}").format(name=rule.name, reason=reason)
            notifications.tell(op, rule.owner, "failure", entity.name, rule.id, text)
