"""Cells as they are written in other countries: read exactly, or refused with the reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from crm_tui import clock
from crm_tui.values import DayOrder, NumberStyle, is_empty, parse_day, parse_moment, parse_number

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("text", ["", "  ", "NULL", "null", "N/A", "NA", "n/a", "-", " – ", "—", "none", "nil", "#N/A"])
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize("text", ["0", "Nilsson", "--", "no", "nullus", "A"])
def test_other_words_are_something(text: str) -> None:
    assert not is_empty(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        " 2026-11-22 ",
        "2026/11/22",
        "2026.11.22",
        "20261122",
        "2026-11-22 00:00:00.000",
        "2026-11-22T10:30:00Z",
        "22/11/2026",
        "22.11.2026",
        "22. 11. 2026",
        "22-11-2026 10:30",
        "22.11.26",
        "22 Nov 2026",
        "22-Nov-2026",
        "22-nov-26",
        "November 22, 2026",
        "Nov. 22nd 2026",
        "Sun, 22 Nov 2026 10:00:00 +0000",
        "2026 Nov 22",
        "22 de novembro de 2026",
        "22 de noviembre de 2026",
        "22 nov. 2026",
        "22 novembre 2026",
        "22 listopada 2026 r.",
    ],
)
def test_days_as_people_write_them(text: str) -> None:
    assert parse_day(text) == DAY


def test_months_in_the_languages_of_headings() -> None:
    for month, words in enumerate(
        ("janeiro", "février", "marzec", "abr", "maja", "juin", "lipca", "août", "wrz", "październik", "lis", "dic"), 1
    ):
        assert parse_day(f"5 {words} 2025") == date(2025, month, 5)
    with pytest.raises(ValueError, match="not a day"):
        parse_day("5 jui 2025")  # June or July


def test_the_order_of_the_column_decides_what_one_day_cannot() -> None:
    assert parse_day("03/04/2025", DayOrder.DMY) == date(2025, 4, 3)
    assert parse_day("03/04/2025", DayOrder.MDY) == date(2025, 3, 4)
    assert parse_day("03/04/05", DayOrder.YMD) == date(2003, 4, 5)
    assert parse_day("2025-04-03", DayOrder.MDY) == date(2025, 4, 3)
    with pytest.raises(ValueError, match='there is no month 22 in "22/11/2026"'):
        parse_day("22/11/2026", DayOrder.MDY)


def test_serial_numbers_are_days_only_where_the_column_has_them() -> None:
    assert parse_day("45000", DayOrder.SERIAL) == date(2023, 3, 15)
    assert parse_day("45000.75", DayOrder.SERIAL) == date(2023, 3, 15)
    assert parse_day("2026-11-22", DayOrder.SERIAL) == DAY
    with pytest.raises(ValueError, match="is not a day"):
        parse_day("45000")
    with pytest.raises(ValueError, match="outside the days"):
        parse_day("999999", DayOrder.SERIAL)


def test_years_of_two_digits_reach_ten_years_ahead() -> None:
    with clock.use(datetime(2026, 11, 22)):
        assert parse_day("01/02/36") == date(2036, 2, 1)
        assert parse_day("01/02/37") == date(1937, 2, 1)
        assert parse_day("01/02/68") == date(1968, 2, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2025", "there is no day 31/02/2025"),
        ("2025-02-29", "there is no day 2025-02-29"),
        ("0202-01-01", "outside 1900 to 2199"),
        ("01/02/0202", "outside 1900 to 2199"),
        ("22/13/2026", "there is no month 13"),
        ("2026-00-10", "there is no month 0"),
        ("Nov 2026", "is not a day"),
        ("22/11", "is not a day"),
        ("22-11/2026", "is not a day"),
        ("1 2 3", "is not a day"),
        ("12 foo 2026", "is not a day"),
        ("Marble 3 2026", "is not a day"),
        ("tomorrow", "is not a day"),
        ("22 Nov 20266", "is not a day"),
        ("\x1b[31m" + "9" * 100_000, "is not a day"),
    ],
    ids=range(15),
)
def test_what_is_no_day_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        parse_day(text)
    assert "\x1b" not in str(raised.value)
    assert len(str(raised.value)) < 120


def test_moments_are_kept_in_utc() -> None:
    with clock.use(datetime(2026, 11, 22), zone="Europe/Warsaw"):
        assert parse_moment("2026-11-22T10:11:12Z") == datetime(2026, 11, 22, 10, 11, 12)
        assert parse_moment("2026-11-22 10:11+03:00") == datetime(2026, 11, 22, 7, 11)
        assert parse_moment("22/11/2026 3:30 PM") == datetime(2026, 11, 22, 14, 30)
        assert parse_moment("11/22/2026 12:05 am", DayOrder.MDY) == datetime(2026, 11, 21, 23, 5)
        assert parse_moment("22.07.2026") == datetime(2026, 7, 21, 22)
    with pytest.raises(ValueError, match="there is no time 25:00"):
        parse_moment("22/11/2026 25:00")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", "7"),
        ("-5", "-5"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u202f567,8", "1234567.8"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("(1,200.00)", "-1200.00"),
        ("1.200,00-", "-1200.00"),
        ("\u22125", "-5"),
        ("-€1,200.50", "-1200.50"),
        ("€ -1.200,50", "-1200.50"),
        ("R$ 1.200,00", "1200.00"),
        ("1 200,00 PLN", "1200.00"),
        ("12,50 zł", "12.50"),
        ("US$5", "5"),
        ("12 %", "12"),
        ("12.5%", "12.5"),
        ("1,5", "1.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (".5", "0.5"),
        ("+3", "3"),
    ],
)
@pytest.mark.parametrize("style", list(NumberStyle))
def test_numbers_that_tell_their_style(text: str, number: str, style: NumberStyle) -> None:
    assert parse_number(text, style) == Decimal(number)


def test_the_style_of_the_column_decides_what_one_number_cannot() -> None:
    assert parse_number("1.234", NumberStyle.POINT) == Decimal("1.234")
    assert parse_number("1.234", NumberStyle.COMMA) == 1234
    assert parse_number("1,234", NumberStyle.POINT) == 1234
    assert parse_number("-1,234 €", NumberStyle.COMMA) == Decimal("-1.234")


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "",
        "-",
        "$",
        "12 34",
        "1,23,456",
        "1.2.3",
        "--5",
        "(-5)",
        "1e5",
        "0x10",
        "1/2",
        "5 apples",
        "NaN",
        "9" * 99,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)
