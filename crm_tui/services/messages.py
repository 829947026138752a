"""Messages that go out by e-mail: what is asked of one and of its template, and making one for a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_tui import clock, contacting, places
from crm_tui.errors import BadInput, CrmError, InvalidRecord, nearest
from crm_tui.fields import Day, Kind, Moment
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.models.outbox import FAILED, QUEUED, SENT, Message, MessageTemplate
from crm_tui.scope import Actor
from crm_tui.services import filling, records
from crm_tui.services.rules import consequence, rule
from crm_tui.text import fold, quoted


@rule("message_template", "name", "language", "about", "subject", "body")
def makes_sense(writer: Writer, record: int | None, values: Values) -> None:
    """A template is about something that belongs to a client, its fields are there, and it stands once a language."""
    try:
        entity = find_entity(values["about"])
    except BadInput as error:
        raise InvalidRecord({"about": str(error)}) from error
    if not _concerns_client(entity):
        message = _("{plural} belong to no client who could be written to")
        raise InvalidRecord({"about": message.format(plural=_(entity.label_plural))})
    values["about"] = entity.plural
    for name in ("subject", "body"):
        try:
            filling.check(entity, values[name], _MARKS)
        except BadInput as error:
            raise InvalidRecord({name: str(error)}) from error
    model: Any = MessageTemplate
    same = (model.name_key == fold(values["name"])) & (model.language == values["language"])
    if model.select().where(same & model.archived_at.is_null() & (model.id != (record or 0))).exists():
        raise InvalidRecord({"name": _("there is one of this name and language already")})


_MARKS = {*filling.DAY_MARKS, "me", "my_email"}
"""Marks of a message besides the fields of what it is about: who sends it, and when it was made."""


def _concerns_client(entity: Entity) -> bool:
    return entity.name in ("client", "contact") or not {"client", "order"}.isdisjoint(entity.references)


@rule("message", "to", "url", "client", "contact", "order", "template", "subject", "body", "status", "owner")
def can_be_sent(writer: Writer, record: int | None, values: Values) -> None:
    """A message that went out stays as it was; one that is to go out has an address, a subject and a text, and goes to
    nobody who wants none."""
    former = _require_unsent(record) if record is not None else ""
    if values["status"] in (SENT, FAILED) and values["status"] != former:
        raise InvalidRecord({"status": _("that is found out by sending it; choose to be sent, draft or cancelled")})
    values["owner"] = values.get("owner") or writer.actor.operator_id or None
    if values.get("contact") is not None and values.get("client") is None:
        there = places.clients([values["contact"]])
        values["client"] = there[0].client if there else None
    if values.get("template") is not None and not (values["subject"] and values["body"]):
        _fill_in(values)
    if not values["url"]:
        values["to"] = values["to"] or _address(values)
    values["sent_at"] = None  # that, and the problem, are found out by sending it
    if values["status"] != FAILED:
        values["problem"] = ""
    if values["status"] == QUEUED:
        _require_whole(values)


@consequence("message")
def tried_from_the_beginning(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """What is to be sent again is tried at once, and as often as at first."""
    if before is not None and values["status"] == QUEUED != before["status"]:
        Message.update(tries=0, try_at=None).where(Message.id == record).execute()


def _require_unsent(record: int) -> str:
    """Return the status that a message has. Raises CrmError for one that went out, or is on its way."""
    row: Any = Message.select(Message.status, Message.claimed_by).where(Message.id == record).tuples().first()
    if row and row[0] == SENT:
        raise CrmError(_("It was sent: what is to be said besides goes into another message."))
    if row and row[1]:
        raise CrmError(_("It is being sent at this moment."))
    return str(row[0]) if row else ""


def _require_whole(values: Values) -> None:
    problems = {}
    if not (values["to"] or values["url"]):
        problems["to"] = _("there is no address; name one, or a person or client who has one")
    if not values["subject"]:
        problems["subject"] = _("a message has a subject")
    if not values["body"].strip():
        problems["body"] = _("a message says something")
    if problems:
        raise InvalidRecord(problems)
    if reason := refused(values) if not values["url"] else "":
        raise InvalidRecord({"contact" if values.get("contact") else "client": reason})


def refused(values: Mapping[str, Any]) -> str:
    """Return why nothing is sent to whom a message with these values is for, "" where it may be."""
    name = "contact" if values.get("contact") else "client"
    record = values.get(name)
    return contacting.why_not(entities[name], [record]).get(record, "") if record else ""


def _address(values: Mapping[str, Any]) -> str:
    if values.get("contact") is not None:
        person = Writer.read_many(entities["contact"], [values["contact"]]).get(values["contact"])
        if person and person["email"]:
            return str(person["email"])
    if values.get("client") is None:
        return ""
    held = Writer.read_many(entities["client"], [values["client"]]).get(values["client"])
    return str(held["email"]) if held else ""


def _fill_in(values: Values) -> None:
    """Fill in by its template what a message does not say."""
    template = _template_values(values["template"])
    entity = find_entity(template["about"])
    record = values.get(entity.name) if entity.name in ("client", "contact", "order") else None
    if record is None:
        message = _("it is about one of the {plural}: name it, or write the text")
        raise InvalidRecord({"template": message.format(plural=_(entity.label_plural))})
    held = Writer.read_all(entity, [record])[record]
    made = _written(template, entity, held, values["owner"])
    values["subject"] = values["subject"] or made["subject"]
    values["body"] = values["body"] or made["body"]


def _template_values(record: int) -> Values:
    return Writer.read_all(entities["message_template"], [record])[record]


def _written(template: Values, entity: Entity, held: Values, owner: int | None) -> Values:
    """Return the subject and the text of a message for a record."""
    sender = Writer.read_many(entities["operator"], [owner]).get(owner) if owner else None
    more = filling.day_marks(clock.today())
    more |= {"me": (sender["name"] or sender["login"]) if sender else "", "my_email": sender["email"] if sender else ""}
    return {name: filling.fill(entity, held, template[name], more=more, show=_said) for name in ("subject", "body")}


def _said(kind: Kind, value: Any) -> str:
    """Show a value to a client: days in full, not as far from today."""
    return kind.edit(value) if isinstance(kind, (Day, Moment)) else kind.show(value)


def find(name: str, language: str = "") -> int:
    """Return the template of a name: in a language, else without one, else in any. Raises BadInput."""
    model: Any = MessageTemplate
    rows = list(
        model.select(model.id, model.language)
        .where((model.name_key == fold(name)) & model.archived_at.is_null()).order_by(model.id).tuples()
    )  # fmt: skip
    if not rows:
        known = [row[0] for row in model.select(model.name).where(model.archived_at.is_null()).distinct().tuples()]
        raise BadInput(_("There is no message template {name}.").format(name=quoted(name)) + nearest(name, known))
    wanted = (language, language.partition("-")[0], "")
    by_language = {written: record for record, written in reversed(rows)}
    return int(next((by_language[one] for one in wanted if one in by_language), rows[0][0]))


def check_for(_actor: Actor, entity: Entity, name: str) -> None:
    """Raise BadInput or ValueError unless a template of the name can be filled in for a record of an entity."""
    _require_about(_template_values(find(name)), entity)


def _require_about(template: Values, entity: Entity) -> None:
    if template["about"] != entity.plural:
        plural = _(find_entity(template["about"]).label_plural)
        raise ValueError(_("{name} is about {plural}").format(name=quoted(template["name"]), plural=plural))


def queue(op: Writer, name: str, entity: Entity, record: int, values: Values, owner: int | None) -> int:
    """Queue the message that a template makes for a record, inside the operation that causes it; return its id. It is
    in the language of whom it is for. Raises CrmError where there is nobody to write to."""
    whom = whom_of(entity, record, values)
    template = _template_values(find(name, _language(whom)))
    _require_about(template, entity)
    named = {name: value for name, value in whom.items() if name in entity.references}
    written = _written(template, entity, {**values, **named}, owner)
    message = {**whom, **written, "template": template["id"], "owner": owner}
    return records.write_new(op, entities["message"], message)


def whom_of(entity: Entity, record: int, values: Values) -> Values:
    """Return the client, the person and the order that a record is of; the point of contact where it names nobody."""
    found: Values = {name: values.get(name) for name in ("client", "contact", "order") if name in entity.references}
    if entity.name in ("client", "contact", "order"):
        found[entity.name] = record
    if found.get("client") is None and found.get("order") is not None:
        found["client"] = Writer.read_all(entities["order"], [found["order"]])[found["order"]]["client"]
    if found.get("contact") is None and found.get("client") is not None:
        people = places.people([found["client"]], primary=True)
        with_address = [person.contact for person in people if _address({"contact": person.contact})]
        found["contact"] = with_address[0] if with_address else None
    return found


def _language(whom: Values) -> str:
    for name in ("contact", "client"):
        record = whom.get(name)
        held = Writer.read_many(entities[name], [record]).get(record) if record else None
        if held and held["language"]:
            return str(held["language"])
    return ""
