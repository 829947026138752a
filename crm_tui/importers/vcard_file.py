"""vCard 2.1, 3 and 4: each card is a client, or a client with the person who is its contact."""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_tui.errors import BadInput
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.importers import sniff
from crm_tui.importers.source import Format, Limits, Options, RowProblem, Source, SourceRow, bytes_read
from crm_tui.text import clean_line

COLUMNS = (
    "name", "email", "phone", "website", "street", "city", "region", "postal_code", "country", "tags", "notes",
    "external_id", "contact.name", "contact.title", "contact.role", "contact.email", "contact.phone",
    "clients",
)  # fmt: skip

COMPANY_GROUP = "office"
"""The group of properties that are the company's own on the card of a person: ``office.EMAIL:info@example.com``."""

_PICTURES = ("PHOTO", "LOGO", "SOUND", "KEY")
_NOT_FOR_CALLS = {"FAX", "PAGER", "MODEM", "TEXTPHONE"}
_TICK = 64
_PLACE = re.compile(r"^At line \d+: ")
"""What vobject says of the place counts from the card's own beginning."""


class VcardSource(Source):
    """Cards in our terms. ``ORG`` names the client and ``FN`` its contact; without ``ORG`` the person is the client. A
    card with several of them is of a person at several clients."""

    columns = COLUMNS

    def __init__(self, path: Path, options: Options, limits: Limits) -> None:
        """Raises BadInput when there is no card."""
        super().__init__(path, limits)
        self._charset = sniff.charset_of(path, options.encoding)
        with self._open() as text:
            self._count = sum(1 for _line, read in _lines(text, limits) if _is(read, "BEGIN"))
        if not self._count:
            raise BadInput(_("{file} holds no cards; a card begins with BEGIN:VCARD").format(file=self.name))

    def describe(self) -> str:
        return ngettext("vCard, {encoding}, {n} card", "vCard, {encoding}, {n} cards", self._count).format(
            encoding=self._charset.label, n=whole(self._count)
        )

    def _open(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self._charset.codec, errors="replace", newline="")

    def _read(self) -> Iterator[SourceRow | RowProblem]:
        with self._open() as text:
            for number, card in enumerate(_cards(text, self.limits)):
                if not number % _TICK:
                    self._position = bytes_read(text)
                yield card if isinstance(card, RowProblem) else _row(*card, self.limits)


def _lines(text: io.TextIOWrapper, limits: Limits) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, none longer than a record may be."""
    number = 0
    while line := text.readline(limits.record):
        number += 1
        yield number, line


def _is(line: str, word: str) -> bool:
    return line[:20].strip().upper() == f"{word}:VCARD"


def _cards(text: io.TextIOWrapper, limits: Limits) -> Iterator[tuple[int, str] | RowProblem]:
    """Yield each card, pictures left out, with the line of its BEGIN."""
    begun, kept, size, dropping, stray = 0, list[str](), 0, False, 0
    for number, line in _lines(text, limits):
        if _is(line, "BEGIN"):
            if begun:
                yield RowProblem(begun, _("the card has no END:VCARD"))
            begun, kept, size, dropping, stray = number, [], 0, False, 0
        elif not begun:
            if line.strip() and not stray:
                stray = number
                yield RowProblem(number, _("this stands outside of a card"))
            continue
        dropping = _begins_picture(line) or (dropping and line[:1] in " \t")
        if not dropping:
            size += len(line)
            if size <= limits.record:
                kept.append(line)
        if _is(line, "END"):
            if size > limits.record:
                yield RowProblem(begun, _("the card is longer than {n} characters").format(n=whole(limits.record)))
            else:
                yield begun, "".join(kept)
            begun = 0
    if begun:
        yield RowProblem(begun, _("the card has no END:VCARD"))


def _begins_picture(line: str) -> bool:
    name = line[:40].split(":")[0].split(";")[0].rpartition(".")[2].strip().upper()
    return name in _PICTURES


def _row(line: int, block: str, limits: Limits) -> SourceRow | RowProblem:
    import vobject

    try:
        card = next(vobject.readComponents(block, validate=False, allowQP=True), None)
        if card is None:
            return RowProblem(line, _("the card is empty"))
        found = _in_our_terms(_Card(card.contents))
    except (
        vobject.base.VObjectError, ValueError, LookupError, TypeError, AttributeError, binascii.Error, RecursionError,
    ) as error:  # fmt: skip  # what vobject raises on lines that are none
        reason = _PLACE.sub("", clean_line(str(error)[:300]))[:120]
        return RowProblem(line, _("the card cannot be read ({reason})").format(reason=reason))
    if not found["name"]:
        return RowProblem(line, _("the card names nobody"))
    cells = tuple(found.get(column, "") for column in COLUMNS)
    if max(map(len, cells)) > limits.cell:
        return RowProblem(line, _("a value is longer than {n} characters").format(n=whole(limits.cell)))
    return SourceRow(line, cells)


class _Card:
    """The properties of one card by name, the preferred value of each first."""

    def __init__(self, contents: dict[str, list[Any]]) -> None:
        self._contents = contents

    def lines(self, name: str, group: str | None = None) -> list[Any]:
        """Return the properties of that name, of one group or outside of ``office``."""
        return [
            line
            for line in sorted(self._contents.get(name, ()), key=_preference)
            if ((line.group or "").lower() == COMPANY_GROUP) == (group == COMPANY_GROUP)
        ]

    def texts(self, name: str, group: str | None = None) -> list[str]:
        """Return the values of that name as text, those for calls only of telephones."""
        lines = self.lines(name, group)
        if name == "tel":
            lines = [line for line in lines if not _types(line) & _NOT_FOR_CALLS]
        return [text for line in lines if (text := _text(line.value))]

    def first(self, name: str, group: str | None = None) -> str:
        """Return the preferred value, or ""."""
        return next(iter(self.texts(name, group)), "")


def _types(line: Any) -> set[str]:
    types = [word for value in line.params.get("TYPE", ()) for word in value.split(",")]
    return {word.strip().upper() for word in (*types, *getattr(line, "singletonparams", ()))}


def _preference(line: Any) -> int:
    """Rank by PREF: 1 to 100 in vCard 4, a type in the others; the rest after them, in their order."""
    rank = "".join(line.params.get("PREF", ("",))[:1])
    return int(rank) if rank.isdecimal() else 50 if "PREF" in _types(line) else 101


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_text, value)))
    text = str(value).strip()
    lower = text.lower()
    if lower.startswith("tel:"):
        number, _semicolon, rest = text[4:].partition(";")
        extension = rest.partition("ext=")[2].partition(";")[0]
        return f"{number} ext {extension}" if extension else number
    return text[7:] if lower.startswith("mailto:") else text


def _in_our_terms(card: _Card) -> dict[str, str]:
    organisation = [_text(part) for line in card.lines("org")[:1] for part in _as_list(line.value)]
    company = organisation[0] if organisation else ""
    firms = [_text(_as_list(line.value)[0]) for line in card.lines("org")]
    person = card.first("fn") or _name_of(card)
    kind = card.first("kind").lower()
    alone = not company or not person or kind in ("org", "organization") or person == company and kind != "individual"
    emails, phones = card.texts("email"), card.texts("tel")
    found = {
        "name": company or person,
        "website": card.first("url"),
        "tags": card.first("categories"),
        "external_id": card.first("uid"),
        "clients": "; ".join(firms) if len(firms) > 1 else "",
        **_address(card),
    }
    own = "" if alone else "contact."
    found[f"{own}email"] = next(iter(emails), "")
    found[f"{own}phone"] = next(iter(phones), "")
    if not alone:
        found["email"], found["phone"] = card.first("email", COMPANY_GROUP), card.first("tel", COMPANY_GROUP)
        found["contact.name"] = person
        found["contact.title"], found["contact.role"] = card.first("title"), card.first("role")
    found["name"] = found["name"] or found["email"]
    also = [*organisation[1:], *emails[1:], *phones[1:]]
    if alone:
        also += [card.first("title"), card.first("role")]
    notes = [*card.texts("note"), *(_("Also: {value}").format(value=value) for value in also if value)]
    found["notes"] = "\n".join(notes)
    return found


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _name_of(card: _Card) -> str:
    for line in card.lines("n")[:1]:
        name = line.value
        parts = (name.prefix, name.given, name.additional, name.family, name.suffix)
        return " ".join(filter(None, map(_text, parts)))
    return ""


def _address(card: _Card) -> dict[str, str]:
    for line in (*card.lines("adr"), *card.lines("adr", COMPANY_GROUP))[:1]:
        address = line.value
        street = ", ".join(filter(None, map(_text, (address.street, address.extended, address.box))))
        return {
            "street": ", ".join(part.strip() for part in street.splitlines() if part.strip()),
            "city": _text(address.city),
            "region": _text(address.region),
            "postal_code": _text(address.code),
            "country": _text(address.country),
        }
    return {}


def _sniff(head: bytes) -> int:
    begins = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:11]
    return 95 if begins.upper() == b"BEGIN:VCARD" else 0


FORMAT = Format("vCard", (".vcf", ".vcard"), _sniff, VcardSource)
