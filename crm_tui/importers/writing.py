"""Writing what was decided of a batch of rows, inside one operation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.fields import Kind, Money
from crm_tui.importers import last_contacts
from crm_tui.importers.deciding import Intent, Outcome
from crm_tui.importers.mapping import people_of
from crm_tui.importers.points_of_contact import PointsOfContact
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities
from crm_tui.services import people, records, rules
from crm_tui.services.typed import currency_of
from crm_tui.text import fold

_RULED_IN_BULK = frozenset({"contact"})
"""Entities whose rule ``points_of_contact`` keeps for many records at once."""


def has_rule_of_its_own(entity: Entity) -> bool:
    """Whether each record of an entity must be written by itself, because a rule looks at those before it."""
    return rules.has(entity.name) and entity.name not in _RULED_IN_BULK


class BatchWriter:
    """Writes batches of rows; remembers the tags that are there."""

    def __init__(self, writer: Writer, entity: Entity, file: str) -> None:
        self._writer, self._entity, self._file = writer, entity, file
        self._tags: set[str] = set()

    def write(self, intents: Sequence[Intent]) -> None:
        """Write the rows of a batch that are not rejected. A rule may reject more of them."""
        if has_rule_of_its_own(self._entity):
            for intent in intents:
                self._write_alone(intent)
            return
        creates = [intent for intent in intents if intent.outcome is Outcome.CREATE]
        updates = [intent for intent in intents if intent.outcome is Outcome.UPDATE]
        changes = {intent.record: intent.values for intent in updates if intent.record and intent.values}
        if self._entity.name in _RULED_IN_BULK:
            kept = [intent for intent in intents if intent.outcome is not Outcome.REJECTED]
            points = PointsOfContact(kept)
            for intent in kept:  # also a row that changes nothing says who is the point of contact
                points.settle(intent)
            changes |= {intent.record: intent.values for intent in kept if intent.record and intent.values}
            for record, demotion in points.demoted.items():
                changes[record] = {**(changes.get(record) or {}), **demotion}
            self._writer.update_many(entities["affiliation"], dict.fromkeys(points.demoted_besides, {"primary": False}))
        self._ensure_tags(intent.values for intent in (*creates, *updates) if intent.values)
        self._writer.update_many(self._entity, changes)
        if self._entity.name in _RULED_IN_BULK:
            people.end_doubles(
                self._writer, [record for record, values in changes.items() if values and values.get("client")]
            )
        ids = self._writer.create_many(self._entity, [intent.values or {} for intent in creates])
        for intent, record in zip(creates, ids, strict=True):
            intent.record = record
        written = [intent for intent in intents if intent.outcome is not Outcome.REJECTED]
        people.join_many(self._writer, [(one.record or 0, client) for one in written for client in one.further])
        contact = people_of(self._entity)
        if contact is not None:
            self._write_people(contact, written)
            last_contacts.write(self._writer, self._file, written)

    def _write_alone(self, intent: Intent) -> None:
        values = intent.values or {}
        try:
            if intent.outcome is Outcome.CREATE:
                records.write_new(self._writer, self._entity, self._of_currency(values, {}))
            elif intent.outcome is Outcome.UPDATE and intent.record is not None:
                before = self._writer.read(self._entity, intent.record)
                full = before | self._of_currency(values, before)
                rules.apply(self._writer, self._entity.name, intent.record, full)
                self._writer.update(self._entity, intent.record, {name: full[name] for name in self._entity.entered})
        except CrmError as error:
            intent.reject(str(error))

    def _of_currency(self, values: Values, before: Values) -> Values:
        """Return values in which amounts, read as hundredths, are of the currency that their record has or gets."""
        found = dict(values)
        for name, value in values.items():
            kind = self._entity.fields[name]
            code = kind.beside(self._entity.fields) if isinstance(kind, Money) else ""
            if code and value is not None:
                currency = values.get(code) or before.get(code) or currency_of(self._entity, before | values)
                found[name] = _checked(kind, value, str(currency))
        return found

    def _write_people(self, contact: Entity, intents: Sequence[Intent]) -> None:
        new: list[Values] = []
        changes: dict[str, dict[int, Values]] = {"contact": {}, "affiliation": {}}
        for intent in intents:
            person = intent.person
            if person is None:
                continue
            if person.former is not None:
                entity, former = person.former
                changes[entity][former] = {"primary": False}
            if person.record is None:
                new.append({**person.values, "client": intent.record})
                continue
            for entity, record, values in (
                ("contact", person.record, person.values),
                ("affiliation", person.affiliation, person.there),
            ):
                if record is not None and values:
                    changes[entity][record] = {**values, **changes[entity].get(record, {})}
        for entity, changed in changes.items():
            self._writer.update_many(entities[entity], changed)
        self._writer.create_many(contact, new)

    def _ensure_tags(self, rows: Iterable[Values]) -> None:
        new: dict[str, str] = {}  # of several spellings the first is what the tag is called
        for values in rows:
            for tag in values.get("tags", ()):
                key = fold(tag)
                if key not in self._tags:
                    new.setdefault(key, tag)
        if new:
            rules.ensure_tags(self._writer, tuple(new.values()))
            self._tags |= new.keys()


def _checked(kind: Kind, hundredths: int, currency: str) -> int:
    assert isinstance(kind, Money)
    try:
        return int(kind.check(Decimal(hundredths).scaleb(-2), currency))
    except ValueError as error:
        raise InvalidRecord({kind.name: str(error)}) from error
