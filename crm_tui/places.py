"""Who is at which client, and what they are there: at the client of their own, which a contact says itself, and at
every further one, for which there is an affiliation.

Whoever asks for the people of a client, or the clients of a person, asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from crm_tui import db
from crm_tui.models.base import entities


class Place(NamedTuple):
    """What a person is at one client."""

    contact: int
    client: int
    role: str
    title: str
    primary: bool
    """Whether this is the client's point of contact."""
    affiliation: int | None = None
    """The affiliation that says so; None where it is the person's own client."""


def people(clients: Sequence[int], *, primary: bool = False) -> list[Place]:
    """Return the live people of clients; with ``primary`` only their points of contact. Of each client those whose own
    client it is come first, each sort in the order it was made."""
    contact, affiliation = entities["contact"].model, entities["affiliation"].model
    found: list[Place] = []
    for batch in db.batches(list(clients)):
        found += _own(_chosen(contact, db.among(_of(contact, "client"), batch), primary))
        found += _further(_chosen(affiliation, db.among(_of(affiliation, "client"), batch), primary))
    archived = _archived([place.contact for place in found if place.affiliation])
    return [place for place in found if place.contact not in archived] if archived else found


def clients(contacts: Sequence[int]) -> list[Place]:
    """Return where people are, archived or not: for each first at their own client, then at further ones in the order
    they were added."""
    contact: Any = entities["contact"].model
    found: dict[int, list[Place]] = {record: [] for record in contacts}
    for batch in db.batches(list(contacts)):
        for place in _own(db.among(contact.id, batch) & contact.client.is_null(False)):
            found[place.contact].append(place)
    for place in further(contacts):
        found[place.contact].append(place)
    return [place for those in found.values() for place in those]


def further(contacts: Sequence[int]) -> list[Place]:
    """Return where people are besides their own client, in the order it was added."""
    affiliation: Any = entities["affiliation"].model
    return [
        place
        for batch in db.batches(list(contacts))
        for place in _further(db.among(affiliation.contact, batch) & affiliation.archived_at.is_null())
    ]


def clients_of(contacts: Sequence[int]) -> set[int]:
    """Return the clients that people are at, also those that these people are archived at."""
    contact, affiliation = entities["contact"].model, entities["affiliation"].model
    found: set[int | None] = set()
    for batch in db.batches(list(contacts)):
        for model, person in ((contact, _of(contact, "id")), (affiliation, _of(affiliation, "contact"))):
            query: Any = model.select(_of(model, "client")).where(db.among(person, batch))
            found.update(row[0] for row in query.tuples())
    return {client for client in found if client is not None}


class Person(NamedTuple):
    """Somebody at a client, as lists and the search tell of them."""

    name: str
    email: str
    primary: bool
    """Whether this is the client's point of contact."""
    do_not_contact: bool


def by_client(clients: Sequence[int]) -> dict[int, list[Person]]:
    """Return the live people of each client, in the order of ``people``."""
    contact: Any = entities["contact"].model
    one: Any = entities["affiliation"].model

    def own() -> Any:
        read = contact.select(contact.client, contact.name, contact.email, contact.primary, contact.do_not_contact)
        return read.where(db.among_those(contact.client) & contact.archived_at.is_null()).order_by(contact.id)

    def besides() -> Any:
        read = one.select(one.client, contact.name, contact.email, one.primary, contact.do_not_contact)
        read = read.join(contact, on=(one.contact == contact.id)).where(one.archived_at.is_null())
        return read.where(db.among_those(one.client) & contact.archived_at.is_null()).order_by(one.id)

    found: dict[int, list[Person]] = {}
    for key, query in (("people of clients", own), ("people of clients besides", besides)):
        for client, name, email, primary, flag in db.ask(key, query, clients):
            found.setdefault(client, []).append(Person(name, email, primary, flag))
    return found


def _of(model: Any, name: str) -> Any:
    return getattr(model, name)


def _chosen(model: Any, condition: Any, primary: bool) -> Any:
    condition &= model.archived_at.is_null()
    return condition & model.primary if primary else condition


def _own(condition: Any) -> Iterable[Place]:
    contact: Any = entities["contact"].model
    query = contact.select(contact.id, contact.client, contact.role, contact.title, contact.primary)
    return (Place(*row) for row in query.where(condition).order_by(contact.id).tuples())


def _further(condition: Any) -> Iterable[Place]:
    one: Any = entities["affiliation"].model
    query = one.select(one.contact, one.client, one.role, one.title, one.primary, one.id)
    both = one.contact.is_null(False) & one.client.is_null(False)
    return (Place(*row) for row in query.where(condition & both).order_by(one.id).tuples())


def _archived(contacts: Sequence[int]) -> set[int]:
    """Return which of these people are archived: they are nowhere."""
    contact: Any = entities["contact"].model
    found: set[int] = set()
    for batch in db.batches(sorted(set(contacts))):
        query = contact.select(contact.id).where(db.among(contact.id, batch) & contact.archived_at.is_null(False))
        found.update(row[0] for row in query.tuples())
    return found
