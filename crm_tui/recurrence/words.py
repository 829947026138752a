"""Recurrence in words: ``every last working day at 17:00``, ``first monday of the quarter``, ``3 days after
completion``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crm_tui import moments
from crm_tui.i18n import _
from crm_tui.recurrence.rule import DAYS, WORKING, Recurrence, parse
from crm_tui.text import quoted

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "penultimate": -2}
UNITS = {"minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY",
         "quarter": "MONTHLY", "year": "YEARLY"}  # fmt: skip
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12, "other": 2, "second": 2}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
WEEKEND = ",".join(DAYS[5:])

_ADVERBS = {
    "daily": "every day", "weekly": "every week", "monthly": "every month", "quarterly": "every quarter",
    "yearly": "every year", "annually": "every year", "hourly": "every hour", "fortnightly": "every 2 weeks",
    "biweekly": "every 2 weeks", "weekdays": "every weekday", "weekends": "every weekend day",
}  # fmt: skip
_HOURS = re.compile(r"\s+(?:during|in|within)\s+(?:the\s+)?(?:working|office|business)\s+hours\b")
_AT = re.compile(r"\s+at\s+(.{1,10})$")
_UNTIL = re.compile(r",?\s+until\s+(.{1,30})$")
_TIMES = re.compile(r",?\s+(\d{1,5})\s+times$|,?\s+(once|twice)$")
_AFTER = re.compile(r"(\d{1,4}|a|one)\s+(day|week|month)s?\s+after\s+(?:completion|it is (?:done|completed)|done)")
_FILLERS = frozenset({"the", "of", "on", "in", "and", "each", "a"})
_NUMBER = re.compile(r"(\d{1,4})(st|nd|rd|th)?")
_LONGEST = 200


@dataclass
class _Said:
    """What was understood so far."""

    interval: int = 1
    every: bool = False
    unit: str = ""
    """The period: day, week, month, quarter or year."""
    ordinals: list[int] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    """Weekdays, as RFC 5545 has them."""
    set_of_days: str = ""
    """Weekdays of which one is meant: those on which people work, or those on which they do not."""
    holidays: bool = False
    """Whether days on which nobody works are avoided."""
    months: list[int] = field(default_factory=list)
    number: int = 0


def read(text: str) -> Recurrence:
    """Return the recurrence that a person typed, in words or as an RRULE. Raises ValueError with a plain reason."""
    if "FREQ=" in text.upper() or "X-AFTER=" in text.upper():
        return parse(text)
    rest = " ".join(text.lower().replace(",", " , ").split()).strip(" ,.")
    if not rest or len(rest) > _LONGEST:
        raise ValueError(_("{text} is no recurrence; {help}").format(text=quoted(text, 60), help=_help()))
    parts: dict[str, str] = {}
    ends: dict[str, str] = {}
    for _round in range(3):  # how often, until when and at what time may come in any order
        if (match := _AT.search(rest)) and "BYHOUR" not in parts:
            at = moments.read_time(f"{match[1]}:00" if match[1].isdecimal() else match[1])
            parts |= {"BYHOUR": str(at.hour), "BYMINUTE": str(at.minute)}
        elif match := _UNTIL.search(rest):
            ends["UNTIL"] = f"{moments.read_day(match[1]):%Y%m%d}"
        elif match := _TIMES.search(rest):
            ends["COUNT"] = match[1] or ("1" if match[2] == "once" else "2")
        else:
            break
        rest = rest[: match.start()].strip(" ,")
    if match := _HOURS.search(rest):
        parts["X-HOURS"] = "WORKING"
        rest = rest[: match.start()] + rest[match.end() :]
    if match := _AFTER.fullmatch(rest):
        amount = int(match[1]) if match[1].isdecimal() else 1
        return parse(";".join([f"X-AFTER={amount}{match[2][0].upper()}", *_joined(ends | parts)]))
    said = _understood(_ADVERBS.get(rest, rest), text)
    return parse(";".join(_joined(_rule(said, text) | ends | parts)))


def _joined(parts: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in parts.items()]


def _help() -> str:
    return _("write every monday at 9:00, last working day of the month, or 3 days after completion")


def _understood(rest: str, text: str) -> _Said:
    said = _Said()
    words = [word for word in rest.split() if word != ","]
    at = 0
    while at < len(words):
        at += _take(said, words, at) or _refuse(words[at], text)
    return said


def _refuse(word: str, text: str) -> int:
    raise ValueError(
        _("{word} in {text} is not understood; {help}").format(word=quoted(word), text=quoted(text, 60), help=_help())
    )


def _take(said: _Said, words: list[str], at: int) -> int:
    """Take in the word at a place; return how many words were used, 0 where it says nothing known."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    single = word.removesuffix("s") if len(word) > 3 else word
    if word == "every" or word == "each":
        said.every = True
    elif word in _FILLERS:
        pass
    elif said.every and word in NUMBERS and following.removesuffix("s") in UNITS | _weekdays():
        said.interval = NUMBERS[word]
    elif word in ORDINALS:
        if following == "to" or (word == "second" and words[at + 1 : at + 3] == ["to", "last"]):
            said.ordinals.append(-ORDINALS[word])
            return 3
        if following == "last":
            said.ordinals.append(-ORDINALS[word])
            return 2
        said.ordinals.append(ORDINALS[word])
    elif single in ("working", "work", "business") and following.removesuffix("s") == "day":
        said.set_of_days, said.holidays = WORKING, True
        return 2
    elif single in ("workday", "weekday"):
        said.set_of_days, said.holidays = WORKING, single == "workday"
    elif single == "weekend":
        said.set_of_days = WEEKEND
        return 2 if following.removesuffix("s") == "day" else 1
    elif single in UNITS:
        if single != "day" or not (said.ordinals and not said.unit):
            said.unit = single
    elif single in _weekdays():
        said.days.append(_weekdays()[single])
    elif single in _month_numbers() or word in _month_numbers():
        said.months.append(_month_numbers().get(word) or _month_numbers()[single])
    elif match := _NUMBER.fullmatch(word):
        return _take_number(said, int(match[1]), bool(match[2]), following)
    else:
        return 0
    return 1


def _take_number(said: _Said, number: int, ordinal: bool, following: str) -> int:
    if ordinal and following == "last":
        said.ordinals.append(-number)
        return 2
    if ordinal:
        said.ordinals.append(number)
    elif said.every and following.removesuffix("s") in UNITS:
        said.interval = number
    else:
        said.number = number
    return 1


def _weekdays() -> dict[str, str]:
    names = dict(zip(moments.WEEKDAYS, DAYS, strict=True))
    return names | {name[:3]: day for name, day in names.items()} | {"tues": "TU", "thur": "TH", "thurs": "TH"}


def _month_numbers() -> dict[str, int]:
    return {name: at for at, month in enumerate(MONTHS, 1) for name in (month, month[:3])}


def _rule(said: _Said, text: str) -> dict[str, str]:
    if said.interval < 1:
        raise ValueError(_("every 0 is no recurrence; the least is every 1"))
    if said.number and not said.ordinals:
        said.ordinals = [said.number]
    rule = _of_a_period(said, text) if said.ordinals else _regular(said, text)
    if said.holidays:
        of_period = bool(said.ordinals)
        rule["X-HOLIDAY"] = ("BEFORE" if said.ordinals[0] < 0 else "AFTER") if of_period else "SKIP"
    return rule


def _regular(said: _Said, text: str) -> dict[str, str]:
    """What recurs with the periods, or on days of the week."""
    days = ",".join(said.days) or said.set_of_days
    if days:
        if said.unit not in ("", "week", "month", "year"):
            _refuse(said.unit, text)
        rule = {"FREQ": "WEEKLY", "INTERVAL": str(said.interval), "BYDAY": days}
    elif said.unit:
        interval = said.interval * (3 if said.unit == "quarter" else 1)
        rule = {"FREQ": UNITS[said.unit], "INTERVAL": str(interval)}
    else:
        raise ValueError(_("{text} is no recurrence; {help}").format(text=quoted(text, 60), help=_help()))
    if said.months:
        rule["BYMONTH"] = ",".join(map(str, said.months))
    return {name: value for name, value in rule.items() if (name, value) != ("INTERVAL", "1")}


def _of_a_period(said: _Said, text: str) -> dict[str, str]:
    """What is the first, the last or the 15th of a month, a quarter or a year."""
    numbers = ",".join(map(str, said.ordinals))
    unit = said.unit if said.unit in ("quarter", "year") and not said.months else "month"
    rule: dict[str, str] = {"FREQ": "YEARLY" if unit == "year" or said.months else "MONTHLY"}
    if unit == "month" and said.interval > 1:
        rule["INTERVAL"] = str(said.interval)
    if unit == "quarter":
        if len({number > 0 for number in said.ordinals}) > 1 or max(map(abs, said.ordinals)) > (4 if said.days else 20):
            raise ValueError(_("of a quarter, name the first or the last few days"))
        rule["BYMONTH"] = "1,4,7,10" if said.ordinals[0] > 0 else "3,6,9,12"
    if said.months:
        rule["BYMONTH"] = ",".join(map(str, said.months))
    if said.set_of_days:
        rule |= {"BYDAY": said.set_of_days, "BYSETPOS": numbers}
    elif said.days:
        rule["BYDAY"] = ",".join(f"{number}{day}" for number in said.ordinals for day in said.days)
    elif unit == "year":
        rule["BYYEARDAY"] = numbers
    else:
        if any(abs(number) > 31 for number in said.ordinals):
            _refuse(str(max(said.ordinals)), text)
        rule["BYMONTHDAY"] = numbers
    return rule
