"""Booking time: by hand in one line, or by a timer of which each operator has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crm_tui import clock, moments
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, Doubtful, InvalidRecord
from crm_tui.formats import duration
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, entities
from crm_tui.models.orders import Order
from crm_tui.models.tasks import Task
from crm_tui.models.time_entries import TimeEntry
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.rules import rule
from crm_tui.text import quoted

LONG = 12 * 60
"""Minutes after which a timer was probably forgotten."""
_DAY = 24 * 60

_DURATION = re.compile(r"^\s*(\d+(?:[.,]\d+)?\s*h(?:\d{1,2}m?)?|\d+:\d{2}|\d+\s*(?:m|min)?)(?=\s|$)", re.I)
_FREE = re.compile(r"\s*\(not billable\)\s*", re.IGNORECASE)


@rule("time_entry", "day", "operator", "minutes", "order", "task", "client")
def worked(writer: Writer, record: int | None, values: Values) -> None:
    """Somebody worked some time, on a day that has come; the order is the task's, the client the order's."""
    values["operator"] = values.get("operator") or writer.actor.operator_id
    values["day"] = values.get("day") or clock.today()
    if values["day"] > clock.today():
        raise InvalidRecord({"day": _("that day is still to come")})
    if values.get("minutes") is None and values.get("started_at") is None:
        raise InvalidRecord({"minutes": _("write how long it was, like 1h30")})
    if values.get("minutes") is not None:
        if not values["minutes"]:
            raise InvalidRecord({"minutes": _("that is no time at all")})
        if values["minutes"] > _DAY:
            raise InvalidRecord({"minutes": _("a day has 24 hours; book the days one by one")})
        values["started_at"] = None
    if values.get("task") is not None:
        task: Any = Task.select(Task.order, Task.client).where(Task.id == values["task"]).tuples().first()
        values["order"], values["client"] = task or (None, None)
    elif values.get("order") is not None:
        order: Any = Order.select(Order.client).where(Order.id == values["order"]).tuples().first()
        values["client"] = order[0] if order else None


@dataclass(frozen=True, slots=True)
class Booking:
    """A line in which time is booked: ``1h30 first draft (not billable)``."""

    minutes: int
    note: str
    billable: bool


def read_booking(text: str) -> Booking:
    """Return what a line books. Raises BadInput where it does not begin with how long."""
    match = _DURATION.match(text)
    if match is None:
        raise BadInput(_("Begin with how long it was, like 1h30 first draft"), field="line")
    try:
        minutes = moments.read_minutes(match[1])
    except ValueError as error:
        raise BadInput(str(error), field="line") from error
    rest = text[match.end() :]
    billable = not _FREE.search(rest)
    return Booking(minutes, " ".join(_FREE.sub(" ", rest).split()), billable)


def book(workspace: Workspace, actor: Actor, about: Mapping[str, int], line: str, day: date | None = None) -> str:
    """Book the time that a line says on an order, a task or a client (``about``); return what was booked in words.
    Raises BadInput, InvalidRecord, NotAllowed."""
    booking = read_booking(line)
    entity = entities["time_entry"]
    values = {"minutes": booking.minutes, "note": booking.note, "billable": booking.billable, "day": day, **about}
    with operation(workspace, actor, "time_entry.book") as op:
        records.write_new(op, entity, values)
        said = _("{time} booked on {what}").format(time=duration(booking.minutes), what=_called(about))
        op.summary = said
    return said if booking.billable else _("{said}, not billable").format(said=said)


def start(workspace: Workspace, actor: Actor, about: Mapping[str, int], *, anyway: bool = False) -> str:
    """Let the operator's timer run on an order, a task or a client, where it may run already; one that runs on
    something else is stopped and booked first. Return what was done in words. Raises Doubtful for one that was
    forgotten, unless it is booked ``anyway``, NotAllowed."""
    entity = entities["time_entry"]
    with operation(workspace, actor, "time_entry.start") as op:
        there = running(actor.operator_id)
        same = there is not None and next(iter(_about(there).items())) in about.items()
        if there is not None and same and _minutes(there) <= LONG:
            return _("The timer runs on {what} already, for {time}").format(
                what=_called(about), time=duration(_minutes(there))
            )
        said = _stop(op, anyway=anyway)
        values = {"started_at": clock.now(), "operator": actor.operator_id, **about}
        records.write_new(op, entity, values)
        op.summary = _("start the timer on {what}").format(what=_called(about))
    runs = _("The timer runs on {what}").format(what=_called(about))
    return f"{said}; {runs}" if said else runs


def stop(workspace: Workspace, actor: Actor, *, minutes: int | None = None, anyway: bool = False) -> str:
    """Stop the operator's timer and book its time, or so many ``minutes`` instead; return what was done in words, ""
    when none runs. Raises Doubtful for one that was forgotten, unless it is booked ``anyway``, NotAllowed."""
    with operation(workspace, actor, "time_entry.stop") as op:
        said = _stop(op, minutes=minutes, anyway=anyway)
        op.summary = said
    return said


def _about(entry: Mapping[str, Any]) -> dict[str, int]:
    """What a time is booked on: the task, its order, its client."""
    return {name: entry[name] for name in ("task", "order", "client") if entry[name] is not None}


def _minutes(entry: Mapping[str, Any]) -> int:
    """How long a timer has run."""
    begun: datetime = entry["started_at"]
    return round((clock.now() - begun).total_seconds() / 60)


def _stop(op: Writer, *, minutes: int | None = None, anyway: bool = False) -> str:
    found = running(op.actor.operator_id)
    if found is None:
        return ""
    entity = entities["time_entry"]
    ran, about = _minutes(found), _about(found)
    if minutes is None and ran > LONG and not anyway:
        reason = _("The timer on {what} has run for {time}").format(what=_called(about), time=duration(ran))
        raise Doubtful(
            _("{reason}: minutes=1h30 books less, anyway=yes books it as it is (a day at most).").format(reason=reason),
            _("{reason}. Book it as it is (a day at most)?").format(reason=reason),
        )
    booked = min(ran, _DAY) if minutes is None else minutes
    if booked < 1:
        op.delete(entity, [found["id"]])
        return _("Less than a minute on {what}: nothing is booked").format(what=_called(about))
    day = clock.local(found["started_at"]).date()
    records.change_by_rule(op, entity, found["id"], {"minutes": booked, "day": day})
    return _("{time} booked on {what}").format(time=duration(booked), what=_called(about))


def running(operator: int) -> Values | None:
    """Return the entry of an operator's timer, if it runs."""
    model: Any = TimeEntry
    query = model.select(model.id).where(
        (model.operator == operator) & model.started_at.is_null(False) & model.archived_at.is_null()
    )
    row = query.order_by(model.id.desc()).tuples().first()
    return Writer.read_all(entities["time_entry"], [row[0]])[row[0]] if row else None


def _called(about: Mapping[str, Any]) -> str:
    for name in ("task", "order", "client"):
        if about.get(name) is not None:
            target: Entity = entities[name]
            values = Writer.read_many(target, [about[name]]).get(about[name])
            if values is None:
                raise CrmError(_("It is not there any more."))
            return str(values["number"]) if name == "order" else quoted(str(values[target.title]), 40)
    return _("nothing in particular")
