"""Cells as people and programs of other countries write them: nothing, days and numbers.

What one cell cannot tell (is 03/04 a day in April or in March, is 1.234 more than a thousand) is decided per column
by ``column_formats`` and passed in. Nothing is ever guessed loosely: what cannot be is refused with its reason.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from crm_tui import clock
from crm_tui.i18n import _
from crm_tui.moments import FIRST_YEAR as FIRST_YEAR
from crm_tui.moments import LAST_YEAR as LAST_YEAR
from crm_tui.text import clean_line, fold

EMPTY = frozenset({"", "null", "(null)", "n/a", "#n/a", "na", "-", "–", "—", "none", "nil"})
"""What programs and people write where there is nothing, in lower case."""

YEARS_AHEAD = 10
"""A year of two digits is read as one of this century up to so many years from now, else as 19xx."""

LAST_SERIAL = (date(LAST_YEAR, 12, 31) - date(1899, 12, 30)).days
_SERIAL_ZERO = date(1899, 12, 30)


class DayOrder(StrEnum):
    """How a column writes its days. ISO days (``2026-11-22``) are read in any order."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    SERIAL = "serial"
    """As a spreadsheet counts them: days since 30 December 1899."""


class NumberStyle(StrEnum):
    """What stands before the decimals; it decides only what one number alone cannot tell."""

    POINT = "point"
    COMMA = "comma"


def is_empty(text: str) -> bool:
    """Whether a cell says that there is nothing: ``NULL``, ``N/A``, ``-`` and their like, as well as blank ones."""
    return text.strip().lower() in EMPTY


_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
NUMERIC_DAY = re.compile(r"(\d{1,4})([-/.]) ?(\d{1,2})\2 ?(\d{1,4})\.?" + _TIME, re.IGNORECASE)
_COMPACT_DAY = re.compile(r"(19\d\d|20\d\d)(\d\d)(\d\d)")
_SERIAL_DAY = re.compile(r"(\d{1,6})(?:[.,]\d+)?")
_TIME_AT_END = re.compile(r"(?<=\d)" + _TIME.removesuffix("?") + "$", re.IGNORECASE)
_CLOCK_TIME = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?: ?([ap])\.?m\.?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[^\W\d_]+|\d+")


def parse_day(text: str, order: DayOrder = DayOrder.DMY) -> date:
    """Return the day that a cell names, a time after it left aside.

    Read are ``2026-11-22``, ``22/11/2026``, ``22.11.26``, ``22 Nov 2026``, ``November 22, 2026``, ``22 de noviembre
    de 2026``, ``20261122`` and, in a column of them, a spreadsheet's serial numbers. Raises ValueError with a plain
    reason for anything else and for days that there are not.
    """
    text = text.strip()
    if len(text) == 10 and text[4] == "-":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass  # not this form; the patterns below say what is wrong with it
        else:
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    if order is DayOrder.SERIAL and (match := _SERIAL_DAY.fullmatch(text)):
        return _from_serial(int(match[1]), text)
    if match := NUMERIC_DAY.fullmatch(text):
        return _numeric_day(match, text, order)
    if match := _COMPACT_DAY.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    return _worded_day(text)


def parse_moment(text: str, order: DayOrder = DayOrder.DMY) -> datetime:
    """Return the moment that a cell names, naive UTC: the day as ``parse_day`` reads it, and the time after it.

    A time without a zone is one of the business's zone; a day alone is its midnight there. Raises ValueError with a
    plain reason.
    """
    text = text.strip()
    day = parse_day(text, order)
    match = _CLOCK_TIME.search(text)
    if match is None:
        return clock.to_utc(datetime.combine(day, time()))
    hour, half = int(match[1]), (match[4] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        at = time(hour, int(match[2]), int(match[3] or 0))
    except ValueError as error:
        raise ValueError(_("there is no time {time}").format(time=match[0])) from error
    moment = datetime.combine(day, at)
    zone = (match[5] or "").replace(":", "")
    if zone[:1] in ("+", "-"):
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        return moment - offset if zone[0] == "+" else moment + offset
    return moment if zone else clock.to_utc(moment)


def _from_serial(number: int, text: str) -> date:
    if not 1 <= number <= LAST_SERIAL:
        raise ValueError(_('"{text}" is outside the days a spreadsheet counts').format(text=clean_line(text)))
    return _SERIAL_ZERO + timedelta(days=number)


def _numeric_day(match: re.Match[str], text: str, order: DayOrder) -> date:
    first, second, third = match[1], match[3], match[4]
    if len(first) > 2 or order is DayOrder.YMD and len(third) <= 2:
        if len(third) > 2:
            raise _no_day(text)
        return _day(year_of(first), int(second), int(third), text)
    if order is DayOrder.MDY:
        return _day(year_of(third), int(first), int(second), text)
    return _day(year_of(third), int(second), int(first), text)


def year_of(digits: str) -> int:
    """Return the year that two or four digits name."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if 2000 + year <= clock.today().year + YEARS_AHEAD else 1900 + year


def _day(year: int, month: int, day: int, text: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            _('the year of "{text}" is outside {first} to {last}').format(
                text=clean_line(text), first=FIRST_YEAR, last=LAST_YEAR
            )
        )
    if not 1 <= month <= 12:
        raise ValueError(_('there is no month {month} in "{text}"').format(month=month, text=clean_line(text)))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(_("there is no day {day}").format(day=clean_line(text))) from error


def _no_day(text: str) -> ValueError:
    shown = clean_line(text)
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    return ValueError(_('"{text}" is not a day; write it like 2026-11-22').format(text=shown))


_MONTHS = (
    "january janeiro enero janvier stycznia styczen",
    "february fevereiro febrero fevrier lutego luty",
    "march marco marzo mars marca marzec",
    "april abril avril kwietnia kwiecien",
    "may maio mayo mai maja maj",
    "june junho junio juin czerwca czerwiec",
    "july julho julio juillet lipca lipiec",
    "august agosto aout sierpnia sierpien",
    "september setembro septiembre setiembre septembre wrzesnia wrzesien",
    "october outubro octubre octobre pazdziernika pazdziernik",
    "november novembro noviembre novembre listopada listopad",
    "december dezembro diciembre decembre grudnia grudzien",
)
"""Folded names of the months in English, Portuguese, Spanish, French and Polish; three letters of one suffice."""

_FILLERS = {"de", "do", "da", "del", "of", "the", "st", "nd", "rd", "th", "o", "a", "er", "r", "roku"} | {
    *("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}


def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for month, names in enumerate(_MONTHS, start=1):
        for name in names.split():
            for length in range(3, len(name) + 1):
                if found.setdefault(name[:length], month) != month:
                    doubtful.add(name[:length])
    return {name: month for name, month in found.items() if name not in doubtful}


_MONTH_OF = _months()


def _worded_day(text: str) -> date:
    """Read a day with its month in words; exactly a day, a month and a year, in an order that leaves no doubt."""
    if len(text) > 60:
        raise _no_day(text)
    pieces = [piece for piece in _PIECE.findall(fold(_TIME_AT_END.sub("", text))) if piece not in _FILLERS]
    numbers = [piece for piece in pieces if piece.isdigit()]
    if len(pieces) != 3 or len(numbers) != 2 or pieces[2] not in numbers:
        raise _no_day(text)
    word = next(piece for piece in pieces if piece not in numbers)
    month = _MONTH_OF.get(word)
    if month is None or max(map(len, numbers)) > 4 or 3 in map(len, numbers):
        raise _no_day(text)
    year, day = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
    if len(day) > 2:
        raise _no_day(text)
    return _day(year_of(year), month, int(day), text)


_PLAIN = re.compile(r"-?\d{1,18}(?:\.\d{1,2})?")
_SYMBOL = r"(?:[A-Z]{3}|[A-Z]{0,2}\$|zł|kr\.?|[€£¥₹₽₺₩₴₫₪₱])"
_AMOUNT = re.compile(rf"([-+])? ?{_SYMBOL}? ?([-+])? ?([.,]?\d[\d., ]*)(?:(?<=[\d.,]) ?(-))?(?: ?(?:{_SYMBOL}|%))?")
_SPACES = re.compile("[\\s'’]+")
_EITHER = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")


def parse_number(text: str, style: NumberStyle = NumberStyle.POINT) -> Decimal:
    """Return the number that a cell holds, without its currency or percent sign (``12 %`` is 12).

    Read are ``1,234.56``, ``1.234,56``, ``1 234,56``, ``1'234.56``, ``(1,200.00)`` and ``1.200-`` for negative ones,
    ``€1,200`` and ``1 200,00 PLN``. Digits must be grouped by threes. Raises ValueError with a plain reason.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    found = _body_of(text)
    if found is None:
        raise _no_number(text)
    negative, body = found
    mark = decimal_mark(body)
    if mark == "?":
        mark = "." if style is NumberStyle.POINT else ","
        if mark not in body:
            mark = ""
    whole, _mark, decimals = body.rpartition(mark) if mark else (body, "", "")
    digits = _ungrouped(whole)
    if digits is None or not decimals.isdigit() and decimals:
        raise _no_number(text)
    number = Decimal(f"{digits or 0}.{decimals or 0}") if decimals else Decimal(digits or 0)
    return -number if negative else number


def _body_of(text: str) -> tuple[bool, str] | None:
    """Return whether the number is negative, and its digits with their separators; None when it is no number."""
    if len(text) > 60:
        return None
    bare = _SPACES.sub(" ", text.replace("\u2212", "-"))
    bracketed = bare.startswith("(") and bare.endswith(")")
    match = _AMOUNT.fullmatch(bare[1:-1].strip() if bracketed else bare)
    if match is None:
        return None
    signs = [sign for sign in (match[1], match[2], match[4]) if sign]
    if len(signs) + bracketed > 1:
        return None
    return bracketed or signs == ["-"], match[3].rstrip()


def number_mark(text: str) -> str | None:
    """Return the decimal mark of a number as ``decimal_mark`` does; None when the text is no number."""
    found = _body_of(text.strip())
    return None if found is None else decimal_mark(found[1])


def decimal_mark(body: str) -> str:
    """Return what stands before the decimals of a number: ``.``, ``,``, nothing, or ``?`` when it may be either.

    ``?`` is for ``1.234`` and ``1,234``: a thousand and more, or one and a bit.
    """
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    if points + commas != 1:
        return ""
    return "?" if _EITHER.fullmatch(body) else "." if points else ","


def _ungrouped(whole: str) -> str | None:
    """Return the digits of the whole part; None unless one mark groups them all by threes."""
    if not whole or whole.isdigit():
        return whole
    marks = {char for char in whole if not char.isdigit()}
    first, *groups = whole.split(next(iter(marks)))
    if len(marks) > 1 or not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
        return None
    return first + "".join(groups)


def _no_number(text: str) -> ValueError:
    shown = clean_line(text)
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    return ValueError(_('"{text}" is not a number').format(text=shown))
