"""The people in the rows of clients: which contact a row means, and what it changes of them.

A row's contact is the point of contact of its client. It is found among the client's people by its number or
external id, its e-mail or its name; one that is not found is a new person, who becomes the point of contact while the
former one stays a contact. Nobody is renamed into somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_tui import places
from crm_tui.importers.cells import ReadRow
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity
from crm_tui.text import fold

if TYPE_CHECKING:
    from crm_tui.importers.deciding import Intent

_CALLED_BY = ("email", "phone", "title", "external_id", "role")
"""What a new contact without a name is called by: the first of these that there is."""

_THERE = ("role", "title", "primary")
"""What somebody is at the client of the row, and perhaps not at another."""


@dataclass(slots=True)
class PersonIntent:
    """What becomes of the contact in a client's row."""

    values: Values
    """What a new contact gets, or what changes of one that exists."""
    record: int | None = None
    """The contact that exists."""
    affiliation: int | None = None
    """What says that the contact is at this client, where another one is their own."""
    there: Values = field(default_factory=dict)
    """What changes of that."""
    former: tuple[str, int] | None = None
    """The contact or affiliation that says who was the point of contact, and no longer says so."""


@dataclass(slots=True)
class _Known:
    """A contact that exists."""

    id: int
    values: Values
    affiliation: int | None = None

    @property
    def said_by(self) -> tuple[str, int]:
        """The record that says what the person is at the client."""
        return ("contact", self.id) if self.affiliation is None else ("affiliation", self.affiliation)


class Persons:
    """Decides what becomes of the contacts in rows of clients."""

    def __init__(self, people: Entity) -> None:
        self.unnamed = 0
        """New contacts that have no name."""
        self._people = people
        self._names = [name for name in people.entered if name != "client"]

    def decide(self, intents: Sequence[Intent]) -> None:
        """Give each row that has something to say of a contact its intent."""
        clients = [intent.record for intent in intents if intent.record is not None]
        known = self._known(clients) if clients else {}
        for intent in intents:
            row = intent.row
            assert row is not None
            if intent.record is None:
                if row.person:
                    intent.person = self._new(row)
            elif row.person or any(target.person for target in row.cleared):
                intent.person = self._matched(row, known.get(intent.record, []))

    def _known(self, clients: Sequence[int]) -> dict[int, list[_Known]]:
        """Return the live people of clients, the point of contact first."""
        model: Any = self._people.model
        fields = [self._people.fields[name] for name in self._names]
        query = model.select(model.client, model.id, *fields).where(
            model.client.in_(list(clients)) & model.archived_at.is_null()
        )
        found: dict[int, list[_Known]] = {}
        for client, record, *values in query.order_by(model.primary.desc(), model.id).tuples():
            found.setdefault(client, []).append(_Known(record, dict(zip(self._names, values, strict=True))))
        besides = [place for place in places.people(clients) if place.affiliation is not None]
        persons = Writer.read_many(self._people, sorted({place.contact for place in besides}))
        for place in besides:
            as_what = {"role": place.role, "title": place.title, "primary": place.primary}
            person = {name: persons[place.contact][name] for name in self._names} | as_what
            known = found.setdefault(place.client, [])
            known.insert(0 if place.primary else len(known), _Known(place.contact, person, place.affiliation))
        return found

    def _new(self, row: ReadRow, former: tuple[str, int] | None = None) -> PersonIntent:
        values = {**row.person, "primary": True}
        if "name" not in values:
            values["name"] = next((str(values[name]) for name in _CALLED_BY if name in values), "")
            self.unnamed += 1
        return PersonIntent(values, former=former)

    def _matched(self, row: ReadRow, known: Sequence[_Known]) -> PersonIntent | None:
        primary = known[0].said_by if known and known[0].values["primary"] else None
        meant = self._meant(row, known)
        if meant is None:
            return self._new(row, former=primary) if row.person else None
        cleared = {t.field: t.kind.empty for t in row.cleared if t.person and t.kind is not None}
        wanted = {**cleared, **row.person, "primary": True}
        changes = {name: value for name, value in wanted.items() if meant.values[name] != value}
        if not changes:
            return None
        former = primary if primary != meant.said_by else None
        if meant.affiliation is None:
            return PersonIntent(changes, meant.id, former=former)
        there = {name: changes.pop(name) for name in _THERE if name in changes}
        return PersonIntent(changes, meant.id, meant.affiliation, there, former)

    def _meant(self, row: ReadRow, known: Sequence[_Known]) -> _Known | None:
        """Return the contact that a row means; without anything that tells, the point of contact."""
        if row.person_number is not None:
            return next((one for one in known if one.id == row.person_number), None)
        person = row.person
        for name in ("external_id", "email", "name"):
            if name in person:
                wanted = fold(str(person[name]))
                same = next((one for one in known if fold(str(one.values[name] or "")) == wanted), None)
                if same is not None:
                    return same
        if "name" in person or not known:
            return None
        return known[0]
