"""Recurring rules: what is asked of one, and carrying one out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm_tui import clock, recurring
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, InvalidRecord, StorageFailed
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import entities
from crm_tui.models.recurring import (
    ALL,
    FIXED,
    FOR_A_CLIENT,
    LATEST,
    ROUND_ROBIN,
    SKIP,
    Occurrence,
    RecurringRule,
)
from crm_tui.models.tasks import Task, still_open
from crm_tui.scope import WORKER
from crm_tui.services import assigning, checklists, dashboards, filling, messages, notifications, records
from crm_tui.services.rules import rule
from crm_tui.text import quoted

MOST_AT_ONCE = 100
"""Missed ones that are made in one operation; the rest follows in the next."""


@rule("recurring_rule", "name", "schedule", "makes", "title", "client", "order", "assignment", "team", "zone",
      "starts_on", "dashboard")  # fmt: skip
def makes_sense(writer: Writer, record: int | None, values: Values) -> None:
    """A rule says when and what, and whom it is for where that is needed; who added it is told when it fails."""
    if not values.get("schedule"):
        raise InvalidRecord({"schedule": _("say when, like every monday at 9:00")})
    values["owner"] = values.get("owner") or writer.actor.operator_id or None
    values["starts_on"] = values.get("starts_on") or clock.today()
    if values["zone"]:
        try:
            clock.zone_named(values["zone"])
        except ValueError as error:
            message = _("there is no time zone {zone}; write one like Europe/Berlin")
            raise InvalidRecord({"zone": message.format(zone=quoted(values["zone"]))}) from error
    if values["makes"] in FOR_A_CLIENT and values.get("client") is None:
        raise InvalidRecord({"client": _("name the client that it is for")})
    if values["makes"] != "task" and "X-AFTER" in values["schedule"]:
        raise InvalidRecord({"schedule": _("only tasks are completed; write when it recurs")})
    if values["assignment"] != FIXED and values.get("team") is None:
        raise InvalidRecord({"team": _("name the team among whose members it goes round")})
    try:
        filling.check(entities["recurring_rule"], values["title"], filling.DAY_MARKS)
    except BadInput as error:
        raise InvalidRecord({"title": str(error)}) from error
    if values["makes"] == "message":
        _can_write(writer, values)
    if values["dashboard"]:
        dashboards.require_seen(writer.actor, values["dashboard"])


def _can_write(writer: Writer, values: Values) -> None:
    if values.get("template") is None:
        raise InvalidRecord({"template": _("name the template of the message")})
    template = writer.read(entities["message_template"], values["template"])
    try:
        messages.check_for(writer.actor, entities["client"], template["name"])
    except ValueError as error:
        raise InvalidRecord({"template": str(error)}) from error


@dataclass(frozen=True, slots=True)
class Made:
    """What a rule made."""

    entity: str
    record: int
    said: str


def _title(held: Values, due: datetime) -> str:
    marks = filling.day_marks(clock.local(due).date())
    return filling.fill(entities["recurring_rule"], held, held["title"] or held["name"], more=marks)[:300]


def _make_task(op: Writer, held: Values, due: datetime) -> Made:
    local = clock.local(due)
    at = f"{local:%H:%M}" if _names_time(held) else ""
    title = _title(held, due)
    values = {"title": title, "due_on": local.date() + timedelta(days=held["due_in"] or 0), "due_time": at,
              "notes": held["notes"], "rule": held["id"], **_common(held)}  # fmt: skip
    values |= {name: held[name] for name in ("order", "client", "estimate")}
    task = entities["task"]
    record = records.write_new(op, task, values)
    for line in held["steps"].splitlines():
        if step := line.strip().lstrip("-*").strip():
            part = {
                "title": step[:300],
                "parent": record,
                "due_on": values["due_on"],
                "assignee": values["assignee"],
                "team": values["team"],
            }
            records.write_new(op, task, part)
    if held["checklist"] is not None:
        checklists.add_from(op, "task", record, held["checklist"])
    return Made("task", record, _("task {title}").format(title=quoted(title, 60)))


def _make_order(op: Writer, held: Values, due: datetime) -> Made:
    day = clock.local(due).date()
    title = _title(held, due)
    values = {"title": title, "client": held["client"], "ordered_on": day, "notes": held["notes"], **_common(held)}
    if held["due_in"]:
        values["due_on"] = day + timedelta(days=held["due_in"])
    record = records.write_new(op, entities["order"], values)
    if held["checklist"] is not None:
        checklists.add_from(op, "order", record, held["checklist"])
    return Made("order", record, _("order {title}").format(title=quoted(title, 60)))


def _make_follow_up(op: Writer, held: Values, due: datetime) -> Made:
    day = clock.local(due).date() + timedelta(days=held["due_in"] or 0)
    records.change_by_rule(op, entities["client"], held["client"], {"follow_up_on": day})
    return Made("client", held["client"], _("follow-up on {day}").format(day=day.isoformat()))


def _make_message(op: Writer, held: Values, due: datetime) -> Made:
    template = op.read(entities["message_template"], held["template"])
    client = op.read(entities["client"], held["client"])
    owner = _assignee(held) or held["owner"]
    record = messages.queue(op, template["name"], entities["client"], held["client"], client, owner)
    return Made("message", record, _("message {name}").format(name=quoted(template["name"], 60)))


makers: dict[str, Callable[[Writer, Values, datetime], Made]] = {
    "task": _make_task, "order": _make_order, "follow-up": _make_follow_up,
    "message": _make_message,
}  # fmt: skip
"""What makes each thing that rules make; parts above this layer add theirs (``mail.reporting``)."""


def _names_time(held: Values) -> bool:
    from crm_tui import recurrence

    return recurrence.parse(held["schedule"]).timed


def _written(held: Values, due: datetime) -> str:
    """A moment as the journal keeps it: what is near today is not so for ever."""
    return f"{clock.local(due):{'%Y-%m-%d %H:%M' if _names_time(held) else '%Y-%m-%d'}}"


def _common(held: Values) -> Values:
    return {"priority": held["priority"], "assignee": _assignee(held), "team": held["team"]}


def _assignee(held: Values) -> int | None:
    if held["assignment"] == FIXED:
        found: int | None = held["assignee"]
        return found
    if held["assignment"] == ROUND_ROBIN:
        times: Any = Occurrence.select().where(Occurrence.rule == held["id"])
        return assigning.in_turn(held["team"], times.count())
    return assigning.least_loaded(held["team"])


def carry_out(workspace: Workspace, record: int) -> str:
    """Make what a rule that is due makes, in one operation; return what was made in words, "" where there was nothing
    (any more). A rule that cannot be carried out is paused, and its owner told why. Raises StorageFailed."""
    try:
        return _carry_out(workspace, record)
    except StorageFailed:
        raise
    except CrmError as error:
        _pause(workspace, record, str(error))
        return ""


def _carry_out(workspace: Workspace, record: int) -> str:
    now = clock.now()
    with operation(workspace, WORKER, "recurring_rule.carry_out") as op:
        held = op.read(entities["recurring_rule"], record)
        if held["next_at"] is None or held["next_at"] > now or held["paused"] or held["archived_at"] is not None:
            return ""  # another worker was faster
        moments, missed = _moments(op, record, held, now)
        if held["makes"] in FOR_A_CLIENT and held["client"] is None:
            raise InvalidRecord({"client": _("the client that it is for is gone")})
        made = [_once(op, held, due) for due in moments]
        found = [one for one in made if one is not None]
        said = ", ".join(one.said for one in found[:3])
        op.summary = _("{name}: {made}").format(name=quoted(held["name"], 60), made=said)
        op.cause = _("because {name} recurs {when}, due {due}").format(
            name=quoted(held["name"], 60), due=_written(held, moments[-1] if moments else now),
            when=entities["recurring_rule"].fields["schedule"].show(held["schedule"]),
        )  # fmt: skip
        if missed:
            op.cause += "; " + ngettext("{n} earlier one was missed", "{n} earlier ones were missed", missed).format(
                n=whole(missed))  # fmt: skip
        # A rule that only lets missed ones go writes nothing that is anybody's history.
        recurring.settle(workspace, [record])
    return op.summary if found else ""


def _moments(op: Writer, record: int, held: Values, now: datetime) -> tuple[list[datetime], int]:
    """Return the moments for which something is made now, and how many are let go."""
    if "X-AFTER" in held["schedule"]:
        return [held["next_at"]], 0
    rule: Any = RecurringRule.get_by_id(record)
    came, skipped = [held["next_at"]], 0
    for moment in recurring.moments_of(rule, held["next_at"]):
        if moment > now or len(came) >= (MOST_AT_ONCE if held["missed"] == ALL else 10_000):
            break
        came.append(moment)
    if held["missed"] == LATEST:
        came, skipped = came[-1:], len(came) - 1
    elif held["missed"] == SKIP:
        today = clock.today()
        kept = [moment for moment in came if clock.local(moment).date() >= today]
        came, skipped = kept, len(came) - len(kept)
        if not came:
            recurring.count_from(op.workspace, record, now)
    return came, skipped


def _once(op: Writer, held: Values, due: datetime, *, again: bool = False) -> Made | None:
    """Make what a rule makes at a moment, unless that was done; ``again`` where what was made was undone."""
    model: Any = Occurrence
    same = (model.rule == held["id"]) & (model.due_at == due)
    if model.select().where(same).exists():
        if not again:
            return None
        model.delete().where(same).execute()
    made = makers[held["makes"]](op, held, due)
    noted = {"rule": held["id"], "due_at": due, "made_at": clock.now(), "entity": made.entity, "record": made.record}
    model.insert(**noted, operation=op.operation_id if op.records else 0).execute()
    return made


def _pause(workspace: Workspace, record: int, reason: str) -> None:
    """Pause a rule that cannot be carried out and tell its owner."""
    with operation(workspace, WORKER, "recurring_rule.pause") as op:
        entity = entities["recurring_rule"]
        held = op.read(entity, record)
        if held["paused"]:
            return
        op.update(entity, record, {"paused": True})
        op.summary = _("pause {name}: {reason}").format(name=quoted(held["name"], 60), reason=reason)
        if held["owner"] is not None:
            text = _("{name} is paused, because it failed: {reason}").format(name=held["name"], reason=reason)
            notifications.tell(op, held["owner"], "failure", entity.name, record, text)


def follow_completion(writer: Writer, task: int, record: int) -> None:
    """Make the next task of a rule that recurs after completion, in the operation that completed the one before."""
    from crm_tui import recurrence

    held = writer.read(entities["recurring_rule"], record)
    found = recurrence.parse(held["schedule"])
    if not found.after or held["paused"] or held["archived_at"] is not None:
        return
    model: Any = Task
    if model.select().where((model.rule == record) & (model.id != task) & still_open()).exists():
        return
    times: Any = Occurrence.select().where(Occurrence.rule == record)
    if "COUNT" in found.parts and times.count() >= int(found.parts["COUNT"]):
        return
    zone = clock.zone_named(held["zone"]) if held["zone"] else None
    due = recurrence.after_completion(found, clock.today(), zone)
    if due is not None:
        _once(writer, held, due, again=True)


def after_clock_change(workspace: Workspace) -> int:
    """Count rules anew that were carried out at a moment still to come, because the clock was set back; return how
    many."""
    ahead = recurring.ahead_of_the_clock(clock.now())
    if ahead:
        with workspace.write():
            recurring.settle(workspace, ahead)
    return len(ahead)
