"""The countries of the demo: how companies, people, streets and numbers look in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from crm_tui.asset_files import asset
from crm_tui.demo.sheets import Sheet
from crm_tui.demo.words import (
    GENTLE,
    Phrase,
    Template,
    Word,
    name_phrase,
    number_template,
    read_word,
    text_template,
    weighted,
)
from crm_tui.errors import BadInput
from crm_tui.i18n import _

Lists = Mapping[str, tuple[Word, ...]]
"""Words by the name patterns call them by: ``family`` for the list ``families``."""

HOUSES = 180
"""The highest house number."""

PATTERNS = ("people", "companies", "long_companies", "addresses", "mailboxes", "mobiles", "tax_ids")
"""Lists that are not words to draw from but what words are put into."""

UNSPELT = "forms"
"""The one list of words that no e-mail or web address is made from: they need no Latin spelling."""

OWN_SCRIPT = ("share", "people", "companies", "long_companies", "addresses")
"""What the table of records in the country's own script may have; all but the share may be left out."""


class City(NamedTuple):
    """A city: its name, region (or ""), and how its postal codes and telephone numbers look."""

    word: Word
    region: str
    postal_code: Template
    phone: Template


@dataclass(frozen=True, slots=True)
class Country:
    """A country, writing in one script; tables hold what is usual more often."""

    name: str
    currency: str
    language: str
    people: tuple[Phrase, ...]
    """Addresses are made from given and family name."""
    companies: tuple[Phrase, ...]
    """Web domains are made from one or two of the words."""
    long_companies: tuple[Phrase, ...]
    cities: tuple[City, ...]
    addresses: tuple[Template, ...]
    mobiles: tuple[Template, ...]
    tax_ids: tuple[Template, ...]
    mailboxes: tuple[str, ...]


def countries() -> tuple[Country, ...]:
    """Return the table of countries, each as often as its share of the clients asks for.

    Raises BadInput, naming the file, when one was edited and cannot be understood.
    """
    common = _common_lists()
    folder = asset("demo", "countries")
    table = [country for path in sorted(folder.glob("*.toml")) for country in read_country(path, common)]
    if not table:
        raise BadInput(_("{where}: there is no country in it.").format(where=folder))
    return tuple(table)


def read_country(path: Path, common: Lists) -> list[Country]:
    """Return one country as often as its share asks for: ten times, in one script or the other, per unit of share.

    ``common`` are the word lists every country may use.
    """
    sheet = Sheet.read(path)
    times = round(sheet.number("share", most=1000) * 10)
    table = [_country(sheet, sheet, common, native=False)] * times
    if sheet.has("native"):
        own = sheet.tables("native")[0]
        own.allow(OWN_SCRIPT)
        native = round(times * own.number("share", most=1))
        table[:native] = [_country(sheet, own, common, native=True)] * native
    return table


def _country(sheet: Sheet, patterns: Sheet, common: Lists, *, native: bool) -> Country:
    """Return the country of a sheet; what ``patterns`` lacks is taken from the sheet itself."""
    lists = {**common, **_lists(sheet, native=native)}
    where = sheet.where

    def lines(name: str) -> list[str]:
        return (patterns if patterns.has(name) else sheet).texts(name)

    def companies(name: str) -> tuple[Phrase, ...]:
        return weighted([name_phrase(line, lists, where, unwanted=("form",)) for line in lines(name)])

    return Country(
        name=sheet.text("name"),
        currency=sheet.text("currency"),
        language=sheet.text("language"),
        people=weighted(_people(sheet, lines("people"), lists, native=native)),
        companies=companies("companies"),
        long_companies=companies("long_companies"),
        cities=weighted([_city(row, native=native) for row in sheet.rows("cities", 4)], fall=GENTLE),
        addresses=weighted([text_template(line, lists, where) for line in lines("addresses")]),
        mobiles=tuple(number_template(line) for line in sheet.texts("mobiles")),
        tax_ids=weighted([number_template(line) for line in sheet.texts("tax_ids")]),
        mailboxes=weighted(sheet.texts("mailboxes")),
    )


def _lists(sheet: Sheet, *, native: bool) -> Lists:
    """Return a sheet's word lists; a line of ``families`` is drawn for ``{family}``, of ``trades`` for ``{trade}``.

    Where women bear families' names of their own, ``{given}`` beside ``{family}`` in a company's name is a man's.
    """
    lists = {
        name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s"): _words(sheet, name, native)
        for name in sheet.names()
        if name not in PATTERNS
    }
    men = _words(sheet, "men", native)
    lists["given"] = men if sheet.has("families_women") else _words(sheet, "women", native) + men
    return lists


def _words(sheet: Sheet, name: str, native: bool) -> tuple[Word, ...]:
    words = tuple(read_word(line, native=native) for line in sheet.texts(name))
    unspelt = next((word for word in words if not word.slug), None)
    if unspelt and name != UNSPELT:
        message = _('{where}: "{word}" in "{list}" needs its Latin spelling after a bar, like "東京|Tokyo".')
        raise BadInput(message.format(where=sheet.where, word=unspelt.shown, list=name))
    return words


def _people(sheet: Sheet, patterns: Sequence[str], lists: Lists, *, native: bool) -> list[Phrase]:
    """Return the phrases of women's and men's names in turn, so that both are drawn as often."""
    families = "families_women" if sheet.has("families_women") else "families"
    women = {**lists, "given": _words(sheet, "women", native), "family": _words(sheet, families, native)}
    men = {**lists, "given": _words(sheet, "men", native)}
    wanted = ("given", "family")
    return [name_phrase(line, both, sheet.where, wanted=wanted) for line in patterns for both in (women, men)]


def _city(row: list[str], *, native: bool) -> City:
    name, region, postal_code, phone = row
    return City(
        read_word(name, native=native),
        read_word(region, native=native).shown,
        number_template(postal_code),
        number_template(phone),
    )


def _common_lists() -> Lists:
    """Return the lists every country may use: ``{coined}`` names, house numbers ``{number}`` and a ``{digit}``."""
    sheet = Sheet.read(asset("demo", "coined.toml"))
    coined = [f"{start}{end}" for start in sheet.texts("starts") for end in sheet.texts("ends")]
    return {
        "coined": tuple(read_word(name) for name in coined),
        "number": tuple(read_word(str(number)) for number in range(1, HOUSES + 1)),
        "digit": tuple(read_word(str(number)) for number in range(1, 10)),
    }
