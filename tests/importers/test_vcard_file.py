"""vCards of telephones, mail programs and ourselves, in terms of clients and their contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.errors import BadInput
from crm_tui.importers import Limits, RowProblem, SourceRow, open_source
from crm_tui.importers.vcard_file import COLUMNS


def read(tmp_path: Path, *cards: str, limits: Limits | None = None) -> list[dict[str, str] | RowProblem]:
    file = tmp_path / "people.vcf"
    file.write_text("".join(cards), encoding="utf-8", newline="")
    rows = open_source(file, limits=limits).rows()
    return [
        {column: cell for column, cell in zip(COLUMNS, row.cells, strict=True) if cell}
        if isinstance(row, SourceRow)
        else row
        for row in rows
    ]


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def test_a_card_with_a_company_is_a_client_and_its_contact(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path,
        card(
            "N:Anders;Maria;;;",
            "FN:Maria Anders",
            "ORG:ACME\\, Inc.;Sales",
            "TITLE:Owner",
            "ROLE:Buyer",
            "EMAIL;TYPE=home:second@example.com",
            "EMAIL;TYPE=INTERNET,PREF:maria@example.com",
            "TEL;TYPE=FAX:+49 30 9",
            "item1.TEL;type=WORK:+49 30 1",
            "ADR;TYPE=work:;Floor 2;Obere Str. 57;Berlin;BE;12209;Germany",
            "URL:https://example.com",
            "NOTE:first\\nsecond\\; line",
            "CATEGORIES:vip,long term",
            "UID:urn:uuid:42",
        ),
    )
    assert found == {
        "name": "ACME, Inc.",
        "contact.name": "Maria Anders",
        "contact.title": "Owner",
        "contact.role": "Buyer",
        "contact.email": "maria@example.com",
        "contact.phone": "+49 30 1",
        "street": "Obere Str. 57, Floor 2",
        "city": "Berlin",
        "region": "BE",
        "postal_code": "12209",
        "country": "Germany",
        "website": "https://example.com",
        "notes": "first\nsecond; line\nAlso: Sales\nAlso: second@example.com",
        "tags": "vip, long term",
        "external_id": "urn:uuid:42",
    }


def test_a_card_without_a_company_is_a_person(tmp_path: Path) -> None:
    (found,) = read(tmp_path, card("FN:Ana Silva", "EMAIL:ana@example.com", "TEL:+351 1"))
    assert found == {"name": "Ana Silva", "email": "ana@example.com", "phone": "+351 1"}


def test_a_card_with_several_companies_is_of_a_person_at_all_of_them(tmp_path: Path) -> None:
    (found,) = read(tmp_path, card("FN:Ana Silva", "ORG:ACME\\, Inc.;Sales", "ORG:Bólido", version="4.0"))
    assert isinstance(found, dict)
    assert found["name"] == "ACME, Inc."
    assert found["clients"] == "ACME, Inc.; Bólido"


def test_a_card_of_a_company_has_no_contact(tmp_path: Path) -> None:
    same, kind = read(
        tmp_path,
        card("FN:ACME", "ORG:ACME", "EMAIL:info@example.com"),
        card("KIND:org", "FN:Beta Ltd", "ORG:Beta", "TEL;VALUE=uri:tel:+1-555-1;ext=22", version="4.0"),
    )
    assert same == {"name": "ACME", "email": "info@example.com"}
    assert kind == {"name": "Beta", "phone": "+1-555-1 ext 22"}


def test_preference_in_version_4_is_a_rank(tmp_path: Path) -> None:
    (found,) = read(tmp_path, card("FN:A", "TEL;PREF=9:1", "TEL:3", "TEL;PREF=1;TYPE=home:2", version="4.0"))
    assert isinstance(found, dict)
    assert found["phone"] == "2"


def test_cards_of_old_outlook_are_read(tmp_path: Path) -> None:
    name = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jan =C5=81uk=\r\nasz"
    (found,) = read(tmp_path, card(name, "TEL;CELL;VOICE:123 456", "TEL;PAGER:9", version="2.1"))
    assert found == {"name": "Jan Łukasz", "phone": "123 456"}


def test_pictures_are_left_out(tmp_path: Path) -> None:
    picture = "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 5000 + "\r\n " + "B" * 5000
    assert read(tmp_path, card("FN:Ana", picture, "TEL:1"), limits=Limits(record=6000)) == [
        {"name": "Ana", "phone": "1"}
    ]


def test_what_is_broken_is_reported_by_the_line_of_its_card(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        card("FN:One"),
        card("FN:Two", "this is no property"),
        card("TEL:1"),
        "junk\r\nmore junk\r\n",
        card("FN:Five"),
        "BEGIN:VCARD\r\nFN:never ended\r\n",
        card("FN:" + "x" * 50),
        "BEGIN:VCARD\r\nFN:cut",
    )
    problems = {item.line: item.reason for item in found if isinstance(item, RowProblem)}
    assert [item["name"] for item in found if isinstance(item, dict)] == ["One", "Five", "x" * 50]
    assert list(problems) == [5, 10, 14, 20, 26]
    assert problems[5].startswith("the card cannot be read (Failed to parse line")
    assert problems[10] == "the card names nobody"
    assert problems[14] == "this stands outside of a card"
    assert problems[20] == problems[26] == "the card has no END:VCARD"


def test_a_card_beyond_the_limit_costs_itself(tmp_path: Path) -> None:
    found = read(tmp_path, card("FN:A", "NOTE:" + "x" * 300), card("FN:B"), limits=Limits(record=200))
    assert found == [RowProblem(1, "the card is longer than 200 characters"), {"name": "B"}]


@pytest.mark.parametrize(
    "line",
    [
        "X" + ";A=B" * 20_000 + ":1",
        "NOTE:" + "\\n" * 100_000,
        "N:" + ";" * 50_000,
        "ADR:" + ";" * 50_000,
        "TEL" + '"' * 50_000 + ":1",
        "a." * 50_000 + "TEL:1",
        "FN;ENCODING=QUOTED-PRINTABLE:" + "=" * 3000,
        "FN;CHARSET=nonsense;ENCODING=QUOTED-PRINTABLE:=C5",
        "N;ENCODING=BASE64:!!!",
        "BDAY:never",
        "ORG:",
        "\0\x1b]0;x\x07",
    ],
    ids=range(12),
)
def test_hostile_lines_break_nothing(tmp_path: Path, line: str) -> None:
    assert len(read(tmp_path, card("FN:Ana", line))) == 1


def test_a_file_without_cards_says_so(tmp_path: Path) -> None:
    file = tmp_path / "people.vcf"
    file.write_text("Ana, 123")
    with pytest.raises(BadInput, match="holds no cards"):
        open_source(file)
