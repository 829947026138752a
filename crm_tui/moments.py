"""Days and moments as people write them: ``today``, ``-30d``, ``next-quarter``, ``yesterday 15:30``, ``22.11.2026``.

One reader for the query language, the forms and the command line, so that a word means the same everywhere.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm_tui import clock
from crm_tui.i18n import _

UNITS = {"h": "hours", "d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}
PERIODS = ("week", "month", "quarter", "year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_RELATIVE = re.compile(r"^([+-])(\d{1,5})\s*([hdwmqy])$")
_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ISO_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
_TIME = re.compile(r"^(\d{1,2})[:h](\d{2})?$")


@dataclass(frozen=True, slots=True)
class Span:
    """What a time word covers: ``first`` to ``last`` inclusive, or one ``instant`` (naive UTC) inside them."""

    first: date
    last: date
    instant: datetime | None = None

    @property
    def start(self) -> datetime:
        """The first moment covered, naive UTC."""
        return self.instant or clock.to_utc(datetime.combine(self.first, time()))

    @property
    def end(self) -> datetime:
        """The first moment no longer covered, naive UTC (for an instant: the instant)."""
        if self.instant:
            return self.instant
        if self.last == date.max:
            return datetime.max
        return clock.to_utc(datetime.combine(self.last + timedelta(days=1), time()))


def add_months(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or that month's last day. Raises ValueError past year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(_("that is outside the years 1 to 9999"))
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period(name: str, day: date, offset: int = 0) -> Span:
    """Return the week (from Monday), month, quarter or year ``offset`` periods from the one ``day`` is in."""
    if name == "week":
        first = day - timedelta(days=day.weekday()) + timedelta(weeks=offset)
        return Span(first, first + timedelta(days=6))
    length = {"month": 1, "quarter": 3, "year": 12}[name]
    month = (day.month - 1) // length * length + 1
    first = add_months(day.replace(month=month, day=1), offset * length)
    return Span(first, add_months(first, length) - timedelta(days=1))


def _relative(match: re.Match[str], today: date) -> Span:
    sign, digits, unit = match.groups()
    amount = int(digits) * (1 if sign == "+" else -1)
    try:
        if unit == "h":
            instant = clock.now() + timedelta(hours=amount)
            day = clock.local(instant).date()
            return Span(day, day, instant)
        if unit in "dw":
            day = today + timedelta(days=amount * (7 if unit == "w" else 1))
        else:
            day = add_months(today, amount * {"m": 1, "q": 3, "y": 12}[unit])
    except OverflowError as error:
        raise ValueError(_("that is outside the years 1 to 9999")) from error
    return Span(day, day)


def read_span(text: str) -> Span | None:
    """Return what a time word or a written day covers, or None when it is neither.

    Raises ValueError, with a plain reason, for what is meant as a day but cannot be (``2026-02-31``).
    """
    word = text.strip().lower().replace("_", "-").replace(" ", "-")
    today = clock.today()
    if word in ("today", "yesterday", "tomorrow"):
        day = today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
        return Span(day, day)
    if word == "now":
        return Span(today, today, clock.now())
    if match := _RELATIVE.match(word):
        return _relative(match, today)
    if word in WEEKDAYS:
        day = today + timedelta(days=(WEEKDAYS.index(word) - today.weekday() - 1) % 7 + 1)
        return Span(day, day)
    which, _dash, name = word.partition("-")
    if name in PERIODS and which in ("last", "this", "next"):
        return period(name, today, ("last", "this", "next").index(which) - 1)
    if word.startswith(("end-of-", "start-of-")):
        name = word.split("-of-")[1]
        if name in PERIODS:
            covered = period(name, today)
            day = covered.last if which == "end" else covered.first
            return Span(day, day)
        return None
    return _written(text.strip())


def _written(text: str) -> Span | None:
    if _ISO_DAY.match(text):
        day = read_day(text)
        return Span(day, day)
    if match := _ISO_MONTH.match(text):
        if not 1 <= int(match[2]) <= 12 or not int(match[1]):
            raise ValueError(_("there is no month {month}").format(month=text))
        return period("month", date(int(match[1]), int(match[2]), 1))
    if _YEAR.match(text):
        return Span(date(int(text), 1, 1), date(int(text), 12, 31))
    if not any(char.isdigit() for char in text):
        return None
    from crm_tui.values import parse_day

    day = parse_day(text)
    return Span(day, day)


def read_day(text: str) -> date:
    """Return the one day that ``text`` names. Raises ValueError with a plain reason."""
    if _ISO_DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(_("there is no day {day}").format(day=text)) from error
    covered = read_span(text)
    if covered is None:
        raise ValueError(_('"{text}" is not a day; write 2026-11-22, today, tomorrow, friday or +3d').format(text=text))
    if covered.first != covered.last:
        raise ValueError(_('"{text}" is more than one day; write the day itself').format(text=text))
    return covered.first


def read_moment(text: str) -> datetime:
    """Return the naive UTC moment that ``text`` names in the business's zone. Raises ValueError with a plain reason.

    A day alone is its midnight; ISO 8601 with a zone, ``yesterday 15:30`` and ``-2h`` are read too.
    """
    text = text.strip()
    if len(text) > 10 and text[4:5] == "-" and text[10] in "T ":
        try:
            return clock.to_utc(datetime.fromisoformat(text)).replace(tzinfo=None)
        except (ValueError, OverflowError) as error:
            raise ValueError(_("there is no moment {moment}").format(moment=text)) from error
    day_text, _space, time_text = text.rpartition(" ")
    if match := _TIME.match(time_text if day_text else text):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour > 23 or minute > 59:
            raise ValueError(_("there is no time {time}").format(time=match[0]))
        day = read_day(day_text) if day_text else clock.today()
        return clock.to_utc(datetime.combine(day, time(hour, minute)))
    covered = read_span(text)
    if covered is not None and covered.instant:
        return covered.instant
    return clock.to_utc(datetime.combine(read_day(text), time()))
