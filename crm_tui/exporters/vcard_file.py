"""vCard 4 (RFC 6350): a card per client with its point of contact, or per contact with its client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from crm_tui.exporters.cells import plain
from crm_tui.exporters.content_lines import ESCAPES, folded, line
from crm_tui.exporters.target import ExportColumn, Format

_OFFICE = "office."
"""Before what is the company's own on the card of a person; importing knows it again."""


class VcardWriter:
    """Writes records as cards, of the columns that a card has a place for.

    With a column ``client`` a record is a contact, who may be at several ``clients``, else a client whose contact is in
    the columns ``contact.*``.
    """

    def __init__(self, stream: BinaryIO, columns: Sequence[ExportColumn]) -> None:
        self._stream = stream
        self._names = [column.name for column in columns]
        self._of_contact = "client" in self._names

    def write(self, row: Sequence[object]) -> None:
        record = dict(zip(self._names, row, strict=True))
        lines = _contact_lines(record) if self._of_contact else _client_lines(record)
        card = ["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"]
        self._stream.write("".join(map(folded, card)).encode("utf-8", "replace"))

    def finish(self) -> None:
        """Cards need no end."""

    def abandon(self) -> None:
        """Nothing was taken besides the stream."""


def _client_lines(record: Mapping[str, object]) -> Iterator[str]:
    name, person = plain(record.get("name")), plain(record.get("contact.name"))
    yield from line("UID;VALUE=text", record.get("external_id"))
    if person:
        if person == name:  # only this tells a person who is the client from a company's card
            yield "KIND:individual"
        yield from line("FN", person)
        yield from line("ORG", name)
        yield from line("TITLE", record.get("contact.title"))
        yield from line("ROLE", record.get("contact.role"))
        yield from line("EMAIL", record.get("contact.email"))
        yield from line("TEL;VALUE=text", record.get("contact.phone"))
    else:
        yield "KIND:org"
        yield from line("FN", name)
        yield from line("ORG", name)
    group = _OFFICE if person else ""
    yield from line(f"{group}EMAIL", record.get("email"))
    yield from line(f"{group}TEL;VALUE=text", record.get("phone"))
    yield from _common_lines(record)


def _contact_lines(record: Mapping[str, object]) -> Iterator[str]:
    yield from line("UID;VALUE=text", record.get("external_id"))
    yield from line("FN", record.get("name"))
    own = plain(record.get("client"))
    for client in dict.fromkeys((own, *plain(record.get("clients")).split("; "))):
        yield from line("ORG", client)
    yield from line("TITLE", record.get("title"))
    yield from line("ROLE", record.get("role"))
    yield from line("EMAIL", record.get("email"))
    yield from line("TEL;VALUE=text", record.get("phone"))
    yield from _common_lines(record)


def _common_lines(record: Mapping[str, object]) -> Iterator[str]:
    address = [plain(record.get(name)).translate(ESCAPES) for name in _ADDRESS]
    if any(address):
        yield f"ADR:;;{';'.join(address)}"
    yield from line("URL", record.get("website"))
    tags = record.get("tags")
    if isinstance(tags, list | tuple) and tags:
        yield f"CATEGORIES:{','.join(plain(tag).translate(ESCAPES) for tag in tags)}"
    yield from line("NOTE", record.get("notes"))


_ADDRESS = ("street", "city", "region", "postal_code", "country")


FORMAT = Format("vCard", (".vcf",), VcardWriter)
