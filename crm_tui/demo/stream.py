"""One demo client after another: where it sits, how things stand, who works there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import NamedTuple

from crm_tui.demo.companies import MISSING, NameBook, seat, website
from crm_tui.demo.conversations import Conversations
from crm_tui.demo.countries import City, Country, countries
from crm_tui.demo.notes import Notes
from crm_tui.demo.people import People, external_id
from crm_tui.demo.relationship import Relationships
from crm_tui.demo.teams import Service
from crm_tui.demo.words import pick

SOLE_TRADERS = 0.18
"""Share of customers who are a person, not a company."""


Named = tuple[dict[str, object], list[dict[str, object]]]
"""``name``, ``email`` and ``website`` of a client, and its contacts."""


class DemoClient(NamedTuple):
    """A client with the people there."""

    values: dict[str, object]
    """By the names of the client's fields: days as dates, ``tags`` a tuple, ``owner`` the index of one of
    ``operators()``, ``team`` of one of ``teams()``; empty is "" for texts and None for everything else."""
    contacts: list[dict[str, object]]
    """At least one, by the names of the contact's fields; the first is the primary one."""
    conversations: list[dict[str, object]]
    """The newest first, by the names of the interaction's fields; moments in naive UTC. None with most leads."""


def clients(n: int, seed: int, today: date) -> Iterator[DemoClient]:
    """Yield ``n`` clients as they stand on ``today``.

    The same seed and day give the same clients, and the first of many are those of a few. Raises BadInput when a file
    of ``assets/demo`` was edited and cannot be understood.
    """
    draw = _Draw(seed, today)
    for serial in range(1, n + 1):
        yield draw.client(serial)


class _Draw:
    """What is drawn from, and what was given out so far."""

    def __init__(self, seed: int, today: date) -> None:
        self._roll = Random(seed).random
        self._countries = countries()
        self._names = NameBook(self._roll)
        self._people = People(self._roll)
        self._relationships = Relationships(self._roll, today)
        self._service = Service(seed)
        self._notes = Notes(self._roll)
        self._conversations = Conversations(self._roll)

    def client(self, serial: int) -> DemoClient:
        """Return the client with that number."""
        roll = self._roll
        country = pick(roll, self._countries)
        city = pick(roll, country.cities)
        standing = self._relationships.draw()
        kind = str(standing["kind"])
        place = seat(roll, country, city, kind)
        if kind == "customer" and roll() < SOLE_TRADERS:
            named, contacts = self._sole_trader(country, city, str(place["phone"]), serial)
        else:
            named, contacts = self._company(country, city, kind, serial)
        last = standing.pop("last_contact")
        said = self._conversations.draw(last) if isinstance(last, datetime) else []
        known = {"notes": self._notes.draw(), "external_id": external_id(serial)}
        served = self._service.draw(kind, str(standing["stage"]), standing["owner"])
        return DemoClient({**named, **place, **standing, **served, **known}, contacts, said)

    def _sole_trader(self, country: Country, city: City, phone: str, serial: int) -> Named:
        """Return name and addresses of a customer who is a person, and that person as the contact."""
        owner = self._people.person(country, city)
        email = self._people.private_address(owner, serial * 10) if self._roll() >= MISSING["email"] else ""
        return {"name": owner.name, "email": email, "website": ""}, [self._people.owner(owner, email, phone, serial)]

    def _company(self, country: Country, city: City, kind: str, serial: int) -> Named:
        """Return name and addresses of a company, and the people there."""
        roll = self._roll
        name, domain = self._names.company(country, city)
        email = ""
        if roll() >= MISSING["email"]:
            mailbox = pick(roll, country.mailboxes)
            email = f"{mailbox}@{domain}" if domain else f"{mailbox}.{serial}@example.com"
        named: dict[str, object] = {"name": name, "email": email, "website": website(roll, domain)}
        return named, self._people.contacts(country, city, kind, domain, serial)
