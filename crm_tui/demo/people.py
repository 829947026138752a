"""The people at a client: names, roles, and addresses as their company writes them."""

from __future__ import annotations

from typing import NamedTuple

from crm_tui.asset_files import asset
from crm_tui.demo.countries import City, Country
from crm_tui.demo.sheets import Sheet
from crm_tui.demo.words import Roll, pick

COUNTS = {"client": (1, 2, 2, 2, 3, 3, 3, 4, 4, 5), "customer": (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)}
"""How many contacts a client has, by kind."""

FIRST_ROLES = (*["decision maker"] * 8, "influencer", "user")
"""What the point of contact is."""

OTHER_ROLES = (*["influencer"] * 3, *["user"] * 4, *["billing"] * 2, "decision maker")
"""What the other contacts are."""

MAIL_HOSTS = ("example.com", "example.com", "example.com", "example.org", "example.net")
"""Where people without a domain of their own have their mail; all reserved (RFC 2606)."""

STYLES = ("given.family", "given.family", "given.family", "initial.family", "initialfamily", "given")
"""How companies make addresses of names."""

MISSING_EMAIL = 0.08
UNWILLING = 61
"""One of so many contacts does not want to be contacted."""

ENGLISH_SPEAKING = 23
"""One of so many contacts is written to in English, whatever the language of the client."""

SHARED = 17
"""The point of contact of one of so many clients is at another one of the same country, too."""

MISSING_TITLE = 0.15
PHONES = ("mobile", "mobile", "mobile", "mobile", "office", "", "", "")
"""Which number of a contact is known, if any."""


class Person(NamedTuple):
    """A person's name, and its parts as addresses spell them."""

    name: str
    given: str
    family: str

    def address(self, style: str) -> str:
        """Return what stands before the @ where addresses are made in that style."""
        if style == "given.family":
            return f"{self.given}.{self.family}"
        if style == "given":
            return self.given
        return f"{self.given[0]}.{self.family}" if style == "initial.family" else f"{self.given[0]}{self.family}"


class People:
    """Draws persons, and the contacts of one client after another."""

    def __init__(self, roll: Roll) -> None:
        """Raises BadInput when the file of titles was edited and cannot be understood."""
        self._roll = roll
        sheet = Sheet.read(asset("demo", "titles.toml"))
        self._titles = {role: tuple(sheet.texts(role)) for role in {*FIRST_ROLES, *OTHER_ROLES}}

    def person(self, country: Country, city: City) -> Person:
        """Return somebody who lives in a country."""
        roll = self._roll
        phrase = country.people[int(roll() * len(country.people))]
        name, slugs = phrase.draw(roll, city.word)
        given, family = phrase.spelt
        return Person(name, slugs[given], slugs[family])

    def private_address(self, person: Person, serial: int) -> str:
        """Return the e-mail address of somebody without a domain; ``serial`` keeps it apart from everybody else's."""
        return f"{person.given}.{person.family}{serial}@{MAIL_HOSTS[serial % len(MAIL_HOSTS)]}"

    def owner(self, person: Person, email: str, phone: str, serial: int) -> dict[str, object]:
        """Return the one contact of a customer who is that person."""
        return _contact(person, "decision maker", "", email, phone, serial, 1)

    def contacts(self, country: Country, city: City, kind: str, domain: str, serial: int) -> list[dict[str, object]]:
        """Return the contacts of a company, the primary one first; without a ``domain`` they have private addresses."""
        roll = self._roll
        style = pick(roll, STYLES)
        known: set[str] = set()
        contacts = []
        for place in range(1, pick(roll, COUNTS[kind]) + 1):
            role = pick(roll, FIRST_ROLES if place == 1 else OTHER_ROLES)
            person = self.person(country, city)
            local = person.address(style)
            if local in known:
                local = f"{local}{place}"
            known.add(local)
            if roll() < MISSING_EMAIL:
                email = ""
            else:
                email = f"{local}@{domain}" if domain else self.private_address(person, serial * 10 + place)
            title = "" if roll() < MISSING_TITLE else pick(roll, self._titles[role])
            phone = self._phone(country, city)
            contacts.append(_contact(person, role, title, email, phone, serial, place))
        return contacts

    def _phone(self, country: Country, city: City) -> str:
        sort = pick(self._roll, PHONES)
        if not sort:
            return ""
        return (pick(self._roll, country.mobiles) if sort == "mobile" else city.phone).draw(self._roll)


def besides(place: int) -> str:
    """Return the role that the point of contact of the client at a place in the demo has at another client; "" for
    somebody who is at their own only."""
    return OTHER_ROLES[place // SHARED % len(OTHER_ROLES)] if place % SHARED == SHARED - 1 else ""


def external_id(serial: int) -> str:
    """Return the id by which the agency's former system knew a client: ``C-000001``."""
    return f"C-{serial:06}"


def _contact(
    person: Person, role: str, title: str, email: str, phone: str, serial: int, place: int
) -> dict[str, object]:
    return {
        "name": person.name,
        "role": role,
        "title": title,
        "email": email,
        "phone": phone,
        "primary": place == 1,
        "do_not_contact": (serial + place) % UNWILLING == 0,
        "language": "en" if (serial + place) % ENGLISH_SPEAKING == 3 else "",
        "external_id": f"{external_id(serial)}-{place}",
    }
