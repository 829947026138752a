"""Automations: what is asked of one before it is written, and the actions that there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_tui import clock, moments, query
from crm_tui.errors import BadInput, CrmError, InvalidRecord, nearest
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.automations import ON_DAY, AutomationRun
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.models.people import Operator
from crm_tui.scope import Actor
from crm_tui.services import (
    assigning,
    checklisting,
    filling,
    messages,
    notifications,
    outbox,
    records,
    task_text,
    webhooks,
)
from crm_tui.services.rules import consequence, rule
from crm_tui.services.typed import read_typed, take_tag_edits
from crm_tui.text import fold, quoted

MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that is being done for one record."""

    op: Writer
    entity: Entity
    record: int
    values: Values
    """Those of the record, as they are now."""
    owner: int | None
    """The automation's owner."""
    automation: int
    """Its id."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that an automation can do."""

    check: Callable[[Actor, Entity, str], object]
    """Called with who writes the automation, what it is about and the text; raises CrmError or ValueError."""
    do: Callable[[Doing, str], str]
    """Does it, with the text filled in; returns what was done in words, "" for nothing."""


ACTIONS: dict[str, Action] = {}
"""Every action by its word; what later parts of the program can do is registered here, too."""

WAIT, ONLY_IF = "wait", "only if"
"""The two steps that do nothing: going on later, and going on only where the record fulfils a query then."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what is to be done."""

    word: str
    text: str


def read_steps(text: str) -> list[Step]:
    """Return the steps that lines name. Raises ValueError with a plain reason."""
    found = []
    for line in text.splitlines():
        written = line.strip().removeprefix("-").strip()
        if not written:
            continue
        known = (*ACTIONS, WAIT, ONLY_IF)
        word = next((one for one in known if fold(written).startswith(f"{one} ") or fold(written) == one), None)
        if word is None:
            first = written.split()[0]
            message = _("{word} is nothing it can do; there are {known}").format(
                word=quoted(first), known=", ".join(known)
            )
            raise ValueError(message + nearest(first, known))
        found.append(Step(word, written[len(word) :].strip()))
    if not found:
        raise ValueError(_("say what is to be done, one a line, like: task send the invoice +2d"))
    if len(found) > MOST_STEPS:
        raise ValueError(_("more than {n} steps are too many").format(n=MOST_STEPS))
    return found


def waits_until(text: str) -> datetime:
    """Return the moment that a wait ends which begins now. Raises ValueError."""
    if not re.fullmatch(r"\d{1,4}\s*[hdwm]", text.strip(), re.I):
        raise ValueError(_("write how long it waits, like wait 3d"))
    return moments.read_moment("+" + text.replace(" ", "").lower()) if text.strip()[-1] in "hH" else _days_on(text)


def _days_on(text: str) -> datetime:
    span = moments.read_span("+" + text.replace(" ", "").lower())
    assert span is not None  # its form was checked
    now = clock.local(clock.now())
    return clock.to_utc(datetime.combine(span.first, now.time()))


@rule("automation", "name", "entity", "event", "day_field", "condition", "actions")
def makes_sense(writer: Writer, record: int | None, values: Values) -> None:
    """An automation is about something there is, its query can be asked of it and its steps can be done."""
    values["owner"] = values.get("owner") or writer.actor.operator_id or None
    try:
        entity = find_entity(values["entity"])
    except BadInput as error:
        raise InvalidRecord({"entity": str(error)}) from error
    values["entity"] = entity.plural
    try:
        query.parse(values["condition"], entity)
        if values["event"] == ON_DAY and {"was", "changed"} & set(re.findall(r"\w+", values["condition"].lower())):
            raise BadInput(_("where a day comes nothing is changed: was and changed have no place"))
    except BadInput as error:
        raise InvalidRecord({"condition": str(error)}) from error
    if values["event"] == ON_DAY:
        try:
            kind = entity.kind(values["day_field"])
        except BadInput as error:
            raise InvalidRecord({"day_field": str(error)}) from error
        if kind.family != "day" or kind.custom:
            days = ", ".join(name for name, one in entity.fields.items() if one.family == "day" and not one.custom)
            raise InvalidRecord({"day_field": _("that is no day; there are {days}").format(days=days)})
        values["day_field"] = kind.name
    try:
        for step in read_steps(values["actions"]):
            _check(writer.actor, entity, step)
    except (ValueError, CrmError) as error:
        raise InvalidRecord({"actions": str(error)}) from error


def _check(actor: Actor, entity: Entity, step: Step) -> None:
    text = filling.check(entity, step.text)
    if step.word == WAIT:
        waits_until(step.text)
    elif step.word == ONLY_IF:
        query.parse(step.text, entity, me=actor)
    else:
        ACTIONS[step.word].check(actor, entity, text)


def action(word: str, check: Callable[[Actor, Entity, str], object]) -> Callable[[Callable[[Doing, str], str]], object]:
    """Register what an automation can do by its word."""

    def register(do: Callable[[Doing, str], str]) -> Callable[[Doing, str], str]:
        if word in ACTIONS:
            raise ValueError(f"the action {word} is there twice")
        ACTIONS[word] = Action(check, do)
        return do

    return register


def _belonging(doing: Doing) -> Values:
    """What something new belongs to that is made for a record."""
    if doing.entity.name in ("client", "order"):
        return {doing.entity.name: doing.record}
    return {name: doing.values[name] for name in ("client", "order") if doing.values.get(name) is not None}


@action("task", lambda actor, _entity, text: task_text.read_task(actor, text))
def _task(doing: Doing, text: str) -> str:
    said = task_text.read_task(doing.op.actor, text)
    values = {**_belonging(doing), **said.values}
    records.write_new(doing.op, entities["task"], {name: value for name, value in values.items() if value is not None})
    return _("task {title}").format(title=quoted(said.title, 60))


def _check_checklist(_actor: Actor, entity: Entity, text: str) -> None:
    if entity.name not in ("order", "task"):
        raise ValueError(_("only orders and tasks have checklists"))
    checklisting.find(text)


@action("checklist", _check_checklist)
def _checklist(doing: Doing, text: str) -> str:
    added = checklisting.add_named(doing.op, doing.entity.name, doing.record, *checklisting.find(text))
    return _("checklist {name}").format(name=quoted(text)) if added else ""


def _pair(text: str) -> dict[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(_("write it as set field=value, like set priority=high"))
    return {name.strip(): value.strip()}


@action("set", lambda actor, entity, text: read_typed(actor, entity, _pair(text)))
def _set(doing: Doing, text: str) -> str:
    values = read_typed(doing.op.actor, doing.entity, _pair(text))
    changed = records.change_by_rule(doing.op, doing.entity, doing.record, values)
    return _("set {what}").format(what=text) if changed else ""


def _tag_edits(entity: Entity, text: str) -> Any:
    edits = take_tag_edits(entity, {"tags": ", ".join(text.split())})
    if edits is None:
        raise ValueError(_("write the tags with + or - before them, like tag +late"))
    return edits


@action("tag", lambda _actor, entity, text: _tag_edits(entity, text))
def _tag(doing: Doing, text: str) -> str:
    edits = _tag_edits(doing.entity, text)
    changed = records.change_by_rule(doing.op, doing.entity, doing.record, {}, edits)
    return _("tag {tags}").format(tags=text) if changed else ""


def _assigned_field(entity: Entity) -> str:
    name = next((one for one in ("assignee", "owner", "operator") if one in entity.entered), "")
    if not name:
        raise ValueError(_("{plural} are assigned to nobody").format(plural=_(entity.label_plural)))
    return name


def _in_turn(doing: Doing, team: int) -> int | None:
    ran: Any = AutomationRun
    before = ran.select().where(ran.automation == doing.automation).count() - 1  # this time is noted already
    return assigning.in_turn(team, before)


_AMONG: dict[str, Callable[[Doing, int], int | None]] = {
    "in turn ": _in_turn,
    "least loaded ": lambda _doing, team: assigning.least_loaded(team),
}
"""How one of the members of a team is chosen."""


def _way(text: str) -> str:
    return next((way for way in _AMONG if fold(text).startswith(way)), "")


def _assigned(actor: Actor, entity: Entity, text: str) -> Values:
    """Whom a text assigns to: ``@bo``. Of ``in turn Support`` and ``least loaded Support`` it is the team."""
    name = _assigned_field(entity)
    if way := _way(text):
        return read_typed(actor, entities["recurring_rule"], {"team": text[len(way) :]})
    return read_typed(actor, entity, {name: text.removeprefix("@")})


@action("assign", _assigned)
def _assign(doing: Doing, text: str) -> str:
    values = _assigned(doing.op.actor, doing.entity, text)
    if way := _way(text):
        chosen = _AMONG[way](doing, values["team"])
        if chosen is None:
            return _("assign nobody: {team} has no members").format(team=quoted(text[len(way) :]))
        values = {_assigned_field(doing.entity): chosen}
    changed = records.change_by_rule(doing.op, doing.entity, doing.record, values)
    return _("assign {who}").format(who=text) if changed else ""


def _discussed(_actor: Actor, entity: Entity, text: str) -> None:
    if not entity.discussed or not text:
        raise ValueError(_("write what is said, on something that people comment on"))


@action("comment", _discussed)
def _comment(doing: Doing, text: str) -> str:
    values = {"about": doing.entity.name, "record": doing.record, "text": text, "author": doing.owner}
    records.write_new(doing.op, entities["comment"], values)
    return _("comment {text}").format(text=quoted(text, 60))


@action("message", messages.check_for)
def _message(doing: Doing, text: str) -> str:
    try:
        messages.queue(doing.op, text, doing.entity, doing.record, doing.values, doing.owner)
    except InvalidRecord as error:
        return _("no message {name}: {reason}").format(name=quoted(text, 60), reason=error)
    return _("message {name}").format(name=quoted(text, 60))


@consequence("automation")
def calls_go_out(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """Whoever names a webhook before anybody decided whether something goes out means this workspace."""
    if not outbox.decided() and any(step.word == "webhook" for step in read_steps(values["actions"])):
        outbox.allow(writer.workspace)


@action("webhook", lambda _actor, _entity, text: webhooks.check_url(text))
def _webhook(doing: Doing, text: str) -> str:
    webhooks.queue(doing.op, text, doing.entity, doing.record, doing.values, doing.owner)
    return _("webhook {url}").format(url=text)


_ROLES = ("owner", "assignee")
"""Whom a notification may be for besides an operator named: whose the automation is, and whose the record."""


def _told(text: str) -> tuple[str, str]:
    """Whom a text is for and what it says: ``@bo it is late``, or ``owner``, or ``assignee``."""
    who, _space, said = text.partition(" ")
    if not said.strip() or not (who.startswith("@") or who in _ROLES):
        raise ValueError(_("write whom to notify and what of, like notify @bo the order is late"))
    return who.removeprefix("@"), said.strip()


def _notified(actor: Actor, entity: Entity, text: str) -> int | None:
    who, _said = _told(text)
    if who in _ROLES:
        if who == "assignee" and "assignee" not in entity.fields:
            raise ValueError(_("{plural} are assigned to nobody").format(plural=_(entity.label_plural)))
        return None
    row: Any = Operator.select(Operator.id).where(Operator.login == who).tuples().first()
    if row is None:
        raise ValueError(_("there is no operator {login}").format(login=quoted(who)))
    return int(row[0])


@action("notify", _notified)
def _notify(doing: Doing, text: str) -> str:
    who, said = _told(text)
    named = doing.owner if who == "owner" else doing.values.get("assignee")
    operator = named if who in _ROLES else _notified(doing.op.actor, doing.entity, text)
    if operator is None:
        return ""
    notifications.tell(doing.op, operator, "automation", doing.entity.name, doing.record, said)
    return _("notify {text}").format(text=quoted(said, 60))
