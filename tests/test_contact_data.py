"""Contact data in the one form by which it is compared."""

from __future__ import annotations

import pytest

from crm_tui import contact_data
from crm_tui.models.base import entities


def alike(one: str, other: str) -> float:
    return contact_data.likeness(contact_data.name_words(one), contact_data.name_words(other))


PHONE = entities["client"].fields["phone"]


@pytest.mark.parametrize(
    ("text", "country", "full"),
    [
        ("+49 30 1234567", "", "+49301234567"),
        ("0049 30 1234567", "", "+49301234567"),
        ("030-1234567", "Germany", "+49301234567"),
        ("030-1234567", "Deutschland", "+49301234567"),
        ("(171) 555-7788 x 12", "usa", "+11715557788"),
        ("030-0074321", "", ""),
        ("12", "Germany", ""),
        ("", "Germany", ""),
    ],
)
def test_a_number_in_full(text: str, country: str, full: str) -> None:
    assert contact_data.e164(text, country) == full


@pytest.mark.parametrize(
    ("one", "other", "countries", "same"),
    [
        ("+49 30 1234567", "030-1234567", ("", "Germany"), True),
        ("+49 30 1234567", "030 / 123 45 67", ("", ""), True),
        ("+49 30 1234567", "030-1234567", ("", "France"), False),
        ("030-0074321", "(030) 007 43 21", ("", ""), True),
        ("(5) 555-4729", "(5) 555-3932", ("", ""), False),
        ("110", "110", ("", ""), False),
    ],
)
def test_the_same_line_however_it_is_written(one: str, other: str, countries: tuple[str, str], same: bool) -> None:
    first, second = contact_data.Line.of(one, countries[0]), contact_data.Line.of(other, countries[1])
    assert first.same_as(second) is second.same_as(first) is same
    if same:
        assert contact_data.phone_tail(one) == contact_data.phone_tail(other)


@pytest.mark.parametrize("text", ["030-0074321", "(5) 555-4729", "+49 30 1234567", "(171) 555-7788", "0621-08460"])
def test_numbers_that_people_have_are_taken_as_they_are(text: str) -> None:
    assert PHONE.check(text) == text


def test_a_number_of_no_country_is_refused_in_plain_words() -> None:
    with pytest.raises(ValueError, match="phone number of no country; write it like"):
        PHONE.check("+999 123456")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("ana@acme.com", "acme.com"),
        ("ana@mail.acme.co.uk", "acme.co.uk"),
        ("https://www.acme.com/about?x=1", "acme.com"),
        ("shop.acme.com.br", "acme.com.br"),
        ("ACME.com", "acme.com"),
        ("ana@gmail.com", ""),
        ("https://user@acme.com:8080/", "acme.com"),
        ("10.0.0.1", ""),
        ("co.uk.", "co.uk"),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_the_domain_that_somebody_registered(text: str, domain: str) -> None:
    assert contact_data.domain_of(text) == domain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME Studio GmbH", "Acme Studio"),
        ("Acme, S.A.", "ACME SA"),
        ("Łódź Design Sp. z o.o.", "lodz design"),
        ("Alfred's Futterkiste", "Alfreds Futterkiste Ltd."),
        ("Anders, Maria", "Maria Anders"),
        ("Société Générale SAS", "Societe generale"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert alike(one, other) == 1
    assert contact_data.name_block(one) == contact_data.name_block(other)


def test_names_that_are_similar_and_names_that_are_not() -> None:
    assert 1 > alike("Acme Studio", "Acme Studios") >= contact_data.SIMILAR
    assert contact_data.name_block("Acme Studio") == contact_data.name_block("Acme Studios")
    assert alike("Acme Studio", "Acne Clinic") < contact_data.SIMILAR
    assert alike("GmbH", "Ltd") < contact_data.SIMILAR, "a legal form alone is a name of its own"
    assert alike("", "") == 0


def test_an_address_whatever_its_case() -> None:
    assert contact_data.email_of(" Ana@ACME.com ") == "ana@acme.com"
    assert contact_data.email_of("ana@BÜCHER.example") == contact_data.email_of("ana@bücher.example")
    assert contact_data.email_of("no address") == "no address"
