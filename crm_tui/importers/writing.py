"""Writing what was decided of a batch of rows, inside one operation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm_tui.errors import CrmError
from crm_tui.importers import last_contacts
from crm_tui.importers.deciding import Intent, Outcome
from crm_tui.importers.mapping import people_of
from crm_tui.importers.points_of_contact import PointsOfContact
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity
from crm_tui.services import records, rules
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
            points = PointsOfContact(self._entity, kept)
            for intent in kept:  # also a row that changes nothing says who is the point of contact
                points.settle(intent)
            changes |= {intent.record: intent.values for intent in kept if intent.record and intent.values}
            for record, demotion in points.demoted.items():
                changes[record] = {**(changes.get(record) or {}), **demotion}
        self._ensure_tags(intent.values for intent in (*creates, *updates) if intent.values)
        self._writer.update_many(self._entity, changes)
        ids = self._writer.create_many(self._entity, [intent.values or {} for intent in creates])
        people = people_of(self._entity)
        if people is not None:
            for intent, record in zip(creates, ids, strict=True):
                intent.record = record
            kept = [intent for intent in intents if intent.outcome is not Outcome.REJECTED]
            self._write_people(people, kept)
            last_contacts.write(self._writer, self._file, kept)

    def _write_alone(self, intent: Intent) -> None:
        values = intent.values or {}
        try:
            if intent.outcome is Outcome.CREATE:
                records.write_new(self._writer, self._entity, values)
            elif intent.outcome is Outcome.UPDATE and intent.record is not None:
                full = self._writer.read(self._entity, intent.record) | values
                rules.apply(self._writer, self._entity.name, intent.record, full)
                self._writer.update(self._entity, intent.record, {name: full[name] for name in self._entity.entered})
        except CrmError as error:
            intent.reject(str(error))

    def _write_people(self, people: Entity, intents: Sequence[Intent]) -> None:
        new: list[Values] = []
        changes: dict[int, Values] = {}
        for intent in intents:
            person = intent.person
            if person is None:
                continue
            if person.former is not None:
                changes[person.former] = {"primary": False}
            if person.record is None:
                new.append({**person.values, "client": intent.record})
            else:
                changes[person.record] = {**person.values, **changes.get(person.record, {})}
        self._writer.update_many(people, changes)
        self._writer.create_many(people, new)

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
