"""Text, and text of a certain form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_tui.fields import Currency, Email, Link, Markdown, Phone, Text


def refusal(kind: Text, value: object) -> str:
    with pytest.raises(ValueError) as told:
        kind.check(value)
    return str(told.value)


def test_text_is_cleaned_where_it_enters() -> None:
    assert Text().parse("  ACME\x1b[31m\n Studio\u202e ") == "ACME[31m  Studio"
    assert Markdown().parse("# Notes\r\n\r\n- a\tb \x07\n") == "# Notes\n\n- a\tb"


def test_text_has_an_end() -> None:
    assert refusal(Text(longest=5), "abcdef") == "6 characters are too many; 5 fit"
    assert Text(longest=5).parse(" abcde ") == "abcde"


def test_a_script_may_give_numbers_for_text() -> None:
    assert [Text().check(value) for value in (10115, 10115.0, 1.5, Decimal("2.50"))] == [
        "10115",
        "10115",
        "1.5",
        "2.50",
    ]
    for value in (True, ["a"], {"a": 1}, b"a"):
        assert refusal(Text(), value).endswith("is not text")


@pytest.mark.parametrize(
    "text",
    ["ana@acme.example", "ANA@ACME.example", "a.b+c@x-y.co", "josé@acme.com", "ana@münchen.de", "o'neil@acme.com"],
)
def test_an_address_is_kept_as_it_is_written(text: str) -> None:
    assert Email().parse(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "ana", "ana@", "@acme.com", "ana@acme", "a@b@c.com", "ana @acme.com", "ana@acme..com", ".ana@acme.com",
        "ana@-acme.com", "Ana <ana@acme.com>", "a@x.com, b@x.com", f"{'x' * 65}@acme.com", f"a@{'x' * 250}.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    assert refusal(Email(), text).endswith("is not an e-mail address; write one, like ana@example.com")


def test_addresses_compare_without_case() -> None:
    assert Email().key("Ana@ACME.Example") == "ana@acme.example"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+49 30 0074321", "49300074321"),
        ("(5) 555-4729", "55554729"),
        ("0621-08460", "062108460"),
        ("030/1234567 ext. 12", "030123456712"),
        ("+55 11 91234-5678 ramal 9", "55119123456789"),
        ("٠٣٠١٢٣٤", "0301234"),
    ],
)
def test_phones_compare_by_their_digits(text: str, digits: str) -> None:
    assert Phone().parse(text) == text
    assert Phone().key(text) == digits


@pytest.mark.parametrize("text", ["call me", "12", "+49 30 1234567890123456789012345", "030-123 (office)", "1;DROP"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    assert refusal(Phone(), text).endswith("is not a phone number; write it like +49 30 1234567")


@pytest.mark.parametrize(
    "text", ["acme.com", "https://acme.com/a?b#c", "www.acme.co.uk:8080/x", "münchen.de", "a.b.cd?x"]
)
def test_an_address_of_the_web_is_kept(text: str) -> None:
    assert Link().parse(text) == text


@pytest.mark.parametrize(
    "text",
    ["acme", "javascript:alert(1).x", "data:text/html,a.b", "ftp://acme.com", "a b.com", "http://ana@acme.com", "x."],
)
def test_what_is_no_address_of_the_web_is_refused(text: str) -> None:
    assert refusal(Link(), text).endswith("is not a web address; write it like example.com")


def test_a_currency_is_a_code() -> None:
    assert Currency().parse(" eur ") == "EUR"
    assert refusal(Currency(), "euro").startswith('"EURO" is not a currency')
