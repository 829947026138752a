"""Days and moments as people write them; the tests' day is Sunday, 22 November 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm_tui import clock
from crm_tui.moments import PERIODS, add_months, period, read_day, read_moment, read_span
from tests.conftest import NOW

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)).map(clock.whole_milliseconds)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-22"),
        ("Yesterday", "2026-11-21"),
        (" tomorrow ", "2026-11-23"),
        ("monday", "2026-11-23"),
        ("sunday", "2026-11-29"),
        ("+3d", "2026-11-25"),
        ("-2w", "2026-11-08"),
        ("+1m", "2026-12-22"),
        ("-1q", "2026-08-22"),
        ("+1y", "2027-11-22"),
        ("+10 d", "2026-12-02"),
        ("end-of-month", "2026-11-30"),
        ("start of quarter", "2026-10-01"),
        ("end_of_year", "2026-12-31"),
        ("start-of-week", "2026-11-16"),
        ("2026-11-22", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("22/11/2026", "2026-11-22"),
        ("22 nov 2026", "2026-11-22"),
        ("22 de novembro de 2026", "2026-11-22"),
        ("22 listopada 2026", "2026-11-22"),
        ("20261122", "2026-11-22"),
    ],
)
def test_a_day(text: str, day: str) -> None:
    assert read_day(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("this-week", "2026-11-16", "2026-11-22"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("next-quarter", "2027-01-01", "2027-03-31"),
        ("this-year", "2026-01-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_stretch_of_days(text: str, first: str, last: str) -> None:
    covered = read_span(text)
    assert covered is not None
    assert (covered.first, covered.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-31", "there is no day 2026-02-31"),
        ("2027-02-29", "there is no day 2027-02-29"),
        ("2026-13", "there is no month 2026-13"),
        ("0000-05", "there is no month 0000-05"),
        ("31.04.2026", "there is no day 31.04.2026"),
        ("soon", '"soon" is not a day; write 2026-11-22, today, tomorrow, friday or +3d'),
        ("this-week", '"this-week" is more than one day; write the day itself'),
        ("+99999y", "that is outside the years 1 to 9999"),
        ("-99999m", "that is outside the years 1 to 9999"),
        ("1/2/3/4", '"1/2/3/4" is not a day; write it like 2026-11-22'),
        ("\x1b[2J\x07", '"[2J" is not a day; write it like 2026-11-22'),
    ],
)
def test_what_is_no_day_is_told_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as told:
        read_day(text)
    assert str(told.value) == reason


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-11-22 14:02"),
        ("-2h", "2026-11-22 12:02"),
        ("15:30", "2026-11-22 14:30"),
        ("9h", "2026-11-22 08:00"),
        ("9h15", "2026-11-22 08:15"),
        ("3 pm", "2026-11-22 14:00"),
        ("12:05 a.m.", "2026-11-21 23:05"),
        ("yesterday 15:30", "2026-11-21 14:30"),
        ("22.11.2026 15:30:20", "2026-11-22 14:30:20"),
        ("22 nov 2026, 3:30 pm", "2026-11-22 14:30"),
        ("2026-11-22", "2026-11-21 23:00"),
        ("today", "2026-11-21 23:00"),
        ("2026-11-22 15:30", "2026-11-22 14:30"),
        ("2026-11-22T15:30:20.123456Z", "2026-11-22 15:30:20.123"),
        ("2026-11-22 15:30+05:30", "2026-11-22 10:00"),
        ("2026-11-22 15:30 UTC", "2026-11-22 15:30"),
        ("2026-03-29 02:30", "2026-03-29 01:30"),
        ("2026-10-25 02:30", "2026-10-25 00:30"),
        ("2026-10-25 02:30+01:00", "2026-10-25 01:30"),
    ],
)
def test_a_moment_is_one_of_the_business(text: str, moment: str) -> None:
    with clock.use(NOW, "Europe/Berlin"):
        assert read_moment(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("25:00", "there is no time 25:00"),
        ("yesterday 12:60", "there is no time 12:60"),
        ("2026-11-22T25:00", "there is no time 25:00"),
        ("2026-02-31 10:00", "there is no day 2026-02-31"),
        ("this-month", '"this-month" is more than one day; write the day itself'),
        ("soonish", '"soonish" is not a day; write 2026-11-22, today, tomorrow, friday or +3d'),
        ("0001-01-01T00:00+14:00", 'the year of "0001-01-01T00:00+14:00" is outside 1900 to 2199'),
    ],
)
def test_what_is_no_moment_is_told_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as told:
        read_moment(text)
    assert str(told.value) == reason


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_day, read_moment, read_span):
        try:
            read(text)
        except ValueError as error:
            assert str(error)  # in words, whatever it was


@pytest.mark.parametrize("text", ["9" * 100_000, "-" * 100_000, "1:" * 50_000, "22 " * 40_000, "\u0661" * 10_000])
def test_a_megabyte_is_refused_in_no_time(text: str) -> None:
    for read in (read_day, read_moment):
        with pytest.raises(ValueError):
            read(text)


@given(DAYS)
def test_every_day_reads_back(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day:%d.%m.%Y}") == day


@given(MOMENTS)
def test_every_moment_reads_back(moment: datetime) -> None:
    assert read_moment(moment.isoformat() + "Z") == moment


@given(DAYS, st.integers(-5000, 5000))
def test_months_later_is_the_same_day_or_the_last(day: date, months: int) -> None:
    try:
        later = add_months(day, months)
    except ValueError:
        assert not 1 <= (day.year * 12 + day.month - 1 + months) // 12 <= 9999
        return
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(st.dates(), st.sampled_from(PERIODS), st.integers(-40, 40))
def test_periods_follow_each_other_without_a_gap(day: date, name: str, offset: int) -> None:
    try:
        this, following = period(name, day, offset), period(name, day, offset + 1)
    except ValueError as error:
        assert str(error) == "that is outside the years 1 to 9999"
        return
    assert this.last + timedelta(days=1) == following.first
    assert this.first <= this.last
    if offset == 0:
        assert this.first <= day <= this.last


@given(DAYS, ZONES)
def test_a_day_covers_what_the_clocks_show_of_it(day: date, zone: str) -> None:
    with clock.use(NOW, zone):
        covered = read_span(day.isoformat())
        assert covered is not None
        assert covered.end - covered.start in {timedelta(hours=hours) for hours in (23, 23.5, 24, 24.5, 25)}
        assert clock.local(covered.start).date() == day
        assume(day < date(2199, 12, 31))
        following = read_span((day + timedelta(days=1)).isoformat())
        assert following is not None
        assert following.start == covered.end


def test_the_last_day_there_is_has_an_end() -> None:
    covered = read_span("9999-12-31")
    assert covered is not None
    assert covered.end == datetime.max
