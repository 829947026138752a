"""Days and moments as people write them: ``today``, ``-30d``, ``next-quarter``, ``yesterday 15:30``, ``22.11.2026``.

One reader for the query language, the forms and the command line, so that a word means the same everywhere.
"""

from __future__ import annotations

import contextlib
import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from crm_tui import clock
from crm_tui.i18n import _
from crm_tui.text import quoted

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that days and moments of records lie in; what is outside is a slip of the finger."""

UNITS = {"h": "hours", "d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}
PERIODS = ("week", "month", "quarter", "year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_RELATIVE = re.compile(r"([+-])(\d{1,5})-?([hdwmqy])")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_YEAR = re.compile(r"(?:19|20|21)\d{2}", re.ASCII)
_TIME_ALONE = re.compile(r"\d{1,2}(?:[:h]|:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?|h\d{2}| ?[ap]\.?m\.?)", re.I | re.ASCII)
_TIME = re.compile(rf"(?:(?P<day>.*\S)[ ,T]+)?(?P<time>{_TIME_ALONE.pattern})", re.I | re.ASCII | re.DOTALL)
_TIME_PARTS = re.compile(r"(\d{1,2})[:h]?(\d{2})?(?::(\d{2}))?(?: ?([ap])\.?m\.?)?", re.I | re.ASCII)


class Span(NamedTuple):
    """What a time word covers: ``first`` to ``last`` inclusive, or one ``instant`` (naive UTC) inside them."""

    first: date
    last: date
    instant: datetime | None = None

    @property
    def start(self) -> datetime:
        """The first moment covered, naive UTC. Raises ValueError before year 1."""
        return self.instant or clock.to_utc(datetime.combine(self.first, time()))

    @property
    def end(self) -> datetime:
        """The first moment no longer covered, naive UTC (for an instant: the instant)."""
        if self.instant:
            return self.instant
        if self.last == date.max:
            return datetime.max
        return clock.to_utc(datetime.combine(self.last + timedelta(days=1), time()))


def _outside() -> ValueError:
    return ValueError(_("that is outside the years 1 to 9999"))


def add_months(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or that month's last day. Raises ValueError past year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise _outside()
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period(name: str, day: date, offset: int = 0) -> Span:
    """Return the week (from Monday), month, quarter or year ``offset`` periods from the one ``day`` is in.

    Raises ValueError where that leaves the years 1 to 9999.
    """
    if name == "week":
        try:
            first = day - timedelta(days=day.weekday()) + timedelta(weeks=offset)
            return Span(first, first + timedelta(days=6))
        except OverflowError as error:
            raise _outside() from error
    length = {"month": 1, "quarter": 3, "year": 12}[name]
    month = (day.month - 1) // length * length + 1
    first = add_months(day.replace(month=month, day=1), offset * length)
    last = add_months(first, length - 1)
    return Span(first, last.replace(day=monthrange(last.year, last.month)[1]))


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
        raise _outside() from error
    return Span(day, day)


def read_span(text: str, today: date | None = None) -> Span | None:
    """Return what a time word, as of ``today``, or a written day covers, or None when it is neither.

    Raises ValueError, with a plain reason, for what is meant as a day but cannot be (``2026-02-31``).
    """
    word = "-".join(text.lower().replace("_", " ").split())
    today = today or clock.today()
    if word in ("today", "yesterday", "tomorrow"):
        day = today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
        return Span(day, day)
    if word == "now":
        return Span(today, today, clock.now())
    if match := _RELATIVE.fullmatch(word):
        return _relative(match, today)
    if word in WEEKDAYS:
        day = today + timedelta(days=(WEEKDAYS.index(word) - today.weekday() - 1) % 7 + 1)
        return Span(day, day)
    which, _dash, name = word.partition("-")
    if name in PERIODS and which in ("last", "this", "next"):
        return period(name, today, ("last", "this", "next").index(which) - 1)
    which, _of, name = word.partition("-of-")
    if name in PERIODS and which in ("end", "start"):
        covered = period(name, today)
        day = covered.last if which == "end" else covered.first
        return Span(day, day)
    return _written(text.strip())


def _written(text: str) -> Span | None:
    if _ISO_DAY.fullmatch(text):
        day = _iso_day(text)
        return Span(day, day)
    if match := _ISO_MONTH.fullmatch(text):
        if not 1 <= int(match[2]) <= 12 or not int(match[1]):
            raise ValueError(_("there is no month {month}").format(month=text))
        return period("month", date(int(match[1]), int(match[2]), 1))
    if _YEAR.fullmatch(text):
        return Span(date(int(text), 1, 1), date(int(text), 12, 31))
    if not any(char.isdigit() for char in text):
        return None
    from crm_tui.values import parse_day

    day = parse_day(text)
    return Span(day, day)


def _iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("there is no day {day}").format(day=text)) from error


def read_day(text: str) -> date:
    """Return the one day that ``text`` names. Raises ValueError with a plain reason."""
    text = text.strip()
    if _ISO_DAY.fullmatch(text):
        return _iso_day(text)
    covered = read_span(text)
    if covered is None:
        raise ValueError(
            _("{text} is not a day; write 2026-11-22, today, tomorrow, friday or +3d").format(text=quoted(text))
        )
    if covered.first != covered.last:
        raise ValueError(_("{text} is more than one day; write the day itself").format(text=quoted(text)))
    return covered.first


def read_moment(text: str) -> datetime:
    """Return the naive UTC moment that ``text`` names, in whole milliseconds. Raises ValueError with a plain reason.

    A day alone is its midnight in the business's zone; ISO 8601 with a zone, ``yesterday 15:30``, ``22.11.2026 3 pm``,
    a time alone (today's) and ``-2h`` are read too.
    """
    text = text.strip()
    if _ISO_MOMENT.match(text):
        with contextlib.suppress(ValueError):  # said below in plain words
            return clock.whole_milliseconds(clock.to_utc(datetime.fromisoformat(text)))
    if len(text) <= 100 and (match := _TIME.fullmatch(text)):
        day = read_day(match["day"]) if match["day"] else clock.today()
        return clock.to_utc(datetime.combine(day, _time_of_day(match["time"])))
    covered = read_span(text)
    if covered is not None and covered.instant:
        return covered.instant
    if covered is None or covered.first != covered.last:
        return clock.to_utc(datetime.combine(read_day(text), time()))  # which says what is wrong with it
    if _ISO_DAY.fullmatch(text) or not any(char.isdigit() for char in text):
        return covered.start
    if _RELATIVE.fullmatch("-".join(text.lower().split())):
        return covered.start
    from crm_tui.values import parse_moment

    return clock.whole_milliseconds(parse_moment(text))


def _time_of_day(text: str) -> time:
    match = _TIME_PARTS.fullmatch(text)
    assert match is not None  # the pattern that found it is narrower
    hour, half = int(match[1]), (match[4] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(match[2] or 0), int(match[3] or 0))
    except ValueError as error:
        raise ValueError(_("there is no time {time}").format(time=text)) from error


def read_time(text: str) -> time:
    """Return the time of day that ``text`` names: ``9:30``, ``15h``, ``3 pm``. Raises ValueError, with a reason."""
    if not _TIME_ALONE.fullmatch(text.strip()):
        raise ValueError(_("{text} is no time; write 9:30 or 3 pm").format(text=quoted(text)))
    return _time_of_day(text.strip())


_HOURS_MINUTES = re.compile(r"(?:(\d{1,7})\s*(?:h|:)\s*)?(\d{1,7})?\s*(?:m|min|mins|minutes)?", re.I | re.ASCII)
_HOURS = re.compile(r"(\d{1,5})[.,](\d{1,4})\s*h(?:ours?)?", re.I | re.ASCII)


def read_minutes(text: str) -> int:
    """Return how many minutes ``text`` says: ``1h30``, ``1:30``, ``1.5h``, ``2h``, ``45m``, ``90``. Raises ValueError
    with a plain reason."""
    written = text.strip()
    if match := _HOURS.fullmatch(written):
        return int(match[1]) * 60 + round(int(match[2]) * 60 / 10.0 ** len(match[2]))
    match = _HOURS_MINUTES.fullmatch(written)
    if match is None or not (match[1] or match[2]) or (match[1] and match[2] and int(match[2]) > 59):
        raise ValueError(_("{text} is no duration; write 1h30, 45m or 1.5h").format(text=quoted(text)))
    return int(match[1] or 0) * 60 + int(match[2] or 0)
