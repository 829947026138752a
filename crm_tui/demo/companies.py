"""What a client is called and where it sits."""

from __future__ import annotations

from crm_tui.demo.countries import City, Country
from crm_tui.demo.words import Roll, pick

LONG = 0.015
"""Share of companies with a name too long for most lists."""

TRIES = 4
"""Names drawn before one that is taken is kept and told apart by its city."""

TOP_LEVELS = ("example", "example", "example", "example", "example.com", "example.org")
"""What web domains end in; all reserved (RFC 2606)."""

SITES = ("https://www.{}", "https://www.{}", "https://{}", "https://{}/", "www.{}")
"""How web addresses are written."""

LONGEST_LABEL = 48
"""Characters of the part of a domain before its first dot; DNS allows 63, some are left for a number."""

DOMAINLESS = 0.08
SITELESS = 0.1
MISSING = {"email": 0.04, "phone": 0.08, "address": 0.06}
"""Shares of clients of whom these are not known."""

TAX_ID_KNOWN = {"client": 0.8, "customer": 0.45}

ABROAD = 0.04
"""Share of clients who are billed in one of ``FOREIGN`` instead of their own currency."""

FOREIGN = ("EUR", "EUR", "USD")


class NameBook:
    """The names and web domains given out so far: no domain is given twice, hardly any name."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll
        self._names: set[str] = set()
        self._domains: dict[str, int] = {}

    def company(self, country: Country, city: City) -> tuple[str, str]:
        """Return a new company's name and its web domain; the domain is "" for those that have none."""
        roll = self._roll
        phrases = country.long_companies if roll() < LONG else country.companies
        for _try in range(TRIES):
            phrase = phrases[int(roll() * len(phrases))]
            name, slugs = phrase.draw(roll, city.word)
            if name not in self._names:
                break
        else:
            name = f"{name} ({city.word.shown})"
        self._names.add(name)
        return name, self._domain([slugs[place] for place in phrase.spelt]) if roll() >= DOMAINLESS else ""

    def _domain(self, slugs: list[str]) -> str:
        """Return a domain nobody has: ``nova-design.example``, the next one ``nova-design-2.example``."""
        label = "-".join(slugs)
        if len(label) > LONGEST_LABEL:
            label = slugs[0][:LONGEST_LABEL]
        times = self._domains.get(label, 0) + 1
        self._domains[label] = times
        return f"{label}.{pick(self._roll, TOP_LEVELS)}" if times == 1 else f"{label}-{times}.example"


def seat(roll: Roll, country: Country, city: City, kind: str) -> dict[str, object]:
    """Return ``phone``, ``street``, ``city``, ``region``, ``postal_code``, ``country``, ``language``, ``tax_id`` and
    ``currency`` of
    a client in that city; what is not known is ""."""
    addressed = roll() >= MISSING["address"]
    currency = country.currency if roll() >= ABROAD else pick(roll, FOREIGN)
    return {
        "phone": city.phone.draw(roll) if roll() >= MISSING["phone"] else "",
        "street": pick(roll, country.addresses).draw(roll) if addressed else "",
        "city": city.word.shown,
        "region": city.region,
        "postal_code": city.postal_code.draw(roll) if addressed else "",
        "country": country.name,
        "language": country.language,
        "tax_id": pick(roll, country.tax_ids).draw(roll) if roll() < TAX_ID_KNOWN[kind] else "",
        "currency": currency,
    }


def website(roll: Roll, domain: str) -> str:
    """Return the web address of a domain, or "" for a company that has none."""
    return pick(roll, SITES).format(domain) if domain and roll() >= SITELESS else ""
