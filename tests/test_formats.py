"""Amounts, days and moments as the reader's locale writes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.numbers import format_currency, list_currencies

from crm_tui import clock, formats
from tests.conftest import NOW

TODAY = NOW.date()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (-1, "yesterday"),
        (1, "tomorrow"),
        (-3, "3 days ago"),
        (2, "in 2 days"),
        (14, "in 14 days"),
        (15, "7 Dec 2026"),
        (-60, "60 days ago"),
        (-61, "22 Sep 2026"),
    ],
)
def test_days_are_in_words_while_they_are_near(days: int, words: str) -> None:
    assert formats.near_day(TODAY + timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "just now"),
        (-12, "12 min ago"),
        (-60, "today 13:02"),
        (30, "today 14:32"),
        (-24 * 60, "yesterday 14:02"),
        (-3 * 24 * 60, "3 days ago"),
        (-90 * 24 * 60, "24 Aug 2026"),
    ],
)
def test_moments_are_in_words_while_they_are_near(minutes: int, words: str) -> None:
    assert formats.near_moment(NOW + timedelta(minutes=minutes)) == words


def test_moments_are_shown_in_the_zone_of_the_business() -> None:
    with clock.use(NOW, "Asia/Tokyo"):
        assert formats.full_moment(datetime(2026, 11, 22, 20, 30)) == "23 Nov 2026 05:30"
        assert formats.near_moment(datetime(2026, 11, 22, 12, 30)) == "today 21:30"


@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_the_ends_of_the_calendar_are_shown_too(moment: datetime) -> None:
    assert str(moment.year) in formats.near_moment(moment)
    assert str(moment.year) in formats.full_moment(moment)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (120_000, "EUR", "€1,200.00"),
        (-5, "USD", "-$0.05"),
        (1200, "JPY", "¥1,200"),
        (1_234_567, "BHD", "BHD1,234.567"),
        (123_456, "RSD", "RSD1,234.56"),
        (99, "", "€0.99"),
    ],
)
def test_amounts(minor: int, currency: str, text: str) -> None:
    assert formats.amount(minor, currency) == text


def test_english_amounts_are_as_babel_writes_them() -> None:
    # The code of no currency stands for itself here, and not as a sign nobody knows.
    for currency in sorted(list_currencies() - {"X" * 3}):
        digits = formats.minor_digits(currency)
        pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
        for minor in (0, 1, -1, 99, -100, 123_456, -123_456_789, 2**62):
            expected = format_currency(formats.decimal_amount(minor, currency), currency, pattern, "en", False)
            assert formats.amount(minor, currency) == expected


def test_nothing_is_rounded_away_where_a_minor_unit_is_out_of_use() -> None:
    formats.use_locale("de")
    assert formats.amount(1_234_567, "IQD") == "1.234,567\xa0IQD"
    assert formats.amount(123_456, "RSD") == "1.234,56\xa0RSD"
    formats.use_locale("en")
    assert formats.amount(1_234_567, "IQD") == "IQD1,234.567"


def test_amounts_are_exact() -> None:
    assert formats.decimal_amount(2**62 - 1, "EUR") == Decimal("46116860184273879.03")
    assert formats.decimal_amount(1, "JPY") == 1


def test_every_locale_writes_its_own_way() -> None:
    assert formats.whole(1_234_567) == "1,234,567"
    formats.use_locale("pl")
    assert formats.whole(1_234_567) == "1\xa0234\xa0567"
    assert formats.amount(120_000, "PLN") == "1\xa0200,00\xa0zł"
    assert formats.long_day(date(2026, 11, 22)) == "22 lis 2026"
    assert formats.month(date(2026, 11, 22)) == "lis 2026"
    formats.use_locale("pt_BR")
    assert formats.amount(120_055, "BRL") == "R$\xa01.200,55"
    assert formats.number(Decimal("1.50")) == "1,5"
    formats.use_locale("en")
    assert formats.whole(1_234_567) == "1,234,567"
    assert formats.month(date(2026, 11, 22)) == "Nov 2026"


@pytest.mark.parametrize("name", ["", "C", "C.UTF-8", "POSIX", "xx_YY", "../../x", "tlh"])
def test_an_unknown_locale_is_english(name: str) -> None:
    formats.use_locale("de")
    formats.use_locale(name)
    assert formats.whole(1000) == "1,000"


def test_moments_for_programs_are_utc() -> None:
    assert formats.iso_moment(NOW) == "2026-11-22T14:02:00Z"
    assert formats.iso_moment(NOW + timedelta(milliseconds=5)) == "2026-11-22T14:02:00.005Z"


def test_a_day_that_something_is_due_on_is_told_by_how_late_it_is() -> None:
    today = date(2026, 11, 22)
    for days, said in (
        (0, "today"), (1, "tomorrow"), (2, "in 2 days"), (30, "in 30 days"), (120, "22 Mar 2027"), (-1, "1 day late"),
        (-89, "89 days late"), (-100, "3 months late"), (-365, "12 months late"), (-800, "2 years late"),
    ):  # fmt: skip
        assert formats.due_day(today + timedelta(days=days), today) == said
