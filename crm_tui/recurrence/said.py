"""A recurrence as a person reads it; ``words.read`` reads it back."""

from __future__ import annotations

import re
from datetime import date

from crm_tui.i18n import _, ngettext
from crm_tui.moments import WEEKDAYS
from crm_tui.recurrence.rule import DAYS, WORKING, Recurrence
from crm_tui.recurrence.words import MONTHS, ORDINALS, WEEKEND

_NAMES = {number: name for name, number in ORDINALS.items() if abs(number) < 5 and number != -2}
_QUARTER = {"1,4,7,10": 1, "3,6,9,12": -1}
_PLAIN = frozenset(
    [
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYMONTH",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYDAY",
        "BYHOUR",
        "BYMINUTE",
        "BYSETPOS",
        "X-HOLIDAY",
        "X-HOURS",
    ]
)


def said(rule: Recurrence) -> str:
    """Return a recurrence in words; one that there are no words for as its RRULE."""
    if rule.after:
        amount, unit = rule.after
        one, many = {"D": (_("{n} day after completion"), _("{n} days after completion")),
                     "W": (_("{n} week after completion"), _("{n} weeks after completion")),
                     "M": (_("{n} month after completion"), _("{n} months after completion"))}[unit]  # fmt: skip
        return (one if amount == 1 else many).format(n=amount) + _ending(rule)
    words = _core(rule) if rule.parts.keys() <= _PLAIN else ""
    hours = rule.numbers("BYHOUR")
    if not words or len(hours) > 1 or (rule.at is None and "BYMINUTE" in rule.parts):
        return str(rule)
    return words + _ending(rule)


def _ending(rule: Recurrence) -> str:
    text = _(" at {time}").format(time=f"{rule.at:%H:%M}") if rule.at else ""
    if "X-HOURS" in rule.parts:
        text += _(" during working hours")
    if count := rule.parts.get("COUNT"):
        text += _(", {n} times").format(n=count)
    if until := rule.parts.get("UNTIL"):
        if "T" in until:
            return text + ";UNTIL=" + until
        text += _(" until {day}").format(day=date(int(until[:4]), int(until[4:6]), int(until[6:])).isoformat())
    return text


def _core(rule: Recurrence) -> str:
    """The words without the time and the end, "" where there are none."""
    parts = rule.parts
    if "T" in parts.get("UNTIL", "") or ("X-HOLIDAY" in parts and parts.get("BYDAY") != WORKING):
        return ""
    ordinals = parts.get("BYSETPOS") or parts.get("BYMONTHDAY") or parts.get("BYYEARDAY")
    days = parts.get("BYDAY", "")
    if sum(name in parts for name in ("BYMONTHDAY", "BYYEARDAY", "BYDAY")) > 1:
        return ""
    if ordinals or re.search(r"\d", days):
        return _of_a_period(rule, ordinals or "", days)
    return _regular(rule, days)


def _regular(rule: Recurrence, days: str) -> str:
    n = rule.interval
    months = _months(rule.parts.get("BYMONTH", ""))
    if days:
        if rule.frequency != "WEEKLY":
            return ""
        if days == WORKING:
            skips = rule.parts.get("X-HOLIDAY")
            if n > 1 or skips not in (None, "SKIP"):
                return ""
            named = _("working day") if skips else _("weekday")
        else:
            named = _("weekend day") if days == WEEKEND and n == 1 else _listed([_day(day) for day in days.split(",")])
        words = (
            _("every {days}").format(days=named) if n == 1 else _("every {n} weeks on {days}").format(n=n, days=named)
        )
    elif rule.frequency == "MONTHLY" and n % 3 == 0:
        words = ngettext("every quarter", "every {n} quarters", n // 3).format(n=n // 3)
    else:
        one, many = {
            "MINUTELY": ("", _("every {n} minutes")), "HOURLY": (_("every hour"), _("every {n} hours")),
            "DAILY": (_("every day"), _("every {n} days")), "WEEKLY": (_("every week"), _("every {n} weeks")),
            "MONTHLY": (_("every month"), _("every {n} months")), "YEARLY": (_("every year"), _("every {n} years")),
        }[rule.frequency]  # fmt: skip
        words = (one if n == 1 else many).format(n=n)
    return _("{words} in {months}").format(words=words, months=months) if months else words


def _of_a_period(rule: Recurrence, ordinals: str, days: str) -> str:
    parts = rule.parts
    holiday = parts.get("X-HOLIDAY")
    if days in (WORKING, WEEKEND):
        if not ordinals or holiday not in (None, "BEFORE" if ordinals.startswith("-") else "AFTER"):
            return ""
        named = (_("working day") if holiday else _("weekday")) if days == WORKING else _("weekend day")
    elif days:
        found = [re.fullmatch(r"([+-]?\d+)([A-Z]{2})", day) for day in days.split(",")]
        if ordinals or not all(found):
            return ""
        pairs = [(match[1], match[2]) for match in found if match]
        if len({day for _number, day in pairs}) > 1 and len({number for number, _day in pairs}) > 1:
            return ""
        ordinals = ",".join(dict.fromkeys(number for number, _day in pairs))
        named = _listed([_day(day) for day in dict.fromkeys(day for _number, day in pairs)])
    else:
        named = _("day")
    numbers = _listed([_ordinal(int(number)) for number in ordinals.split(",")])
    period = _period(rule, ordinals, named)
    return _("{ordinals} {day} {period}").format(ordinals=numbers, day=named, period=period) if period else ""


def _period(rule: Recurrence, ordinals: str, named: str) -> str:
    months = rule.parts.get("BYMONTH", "")
    if rule.frequency == "MONTHLY" and _QUARTER.get(months) == (-1 if ordinals.startswith("-") else 1):
        return _("of the quarter") if rule.interval == 1 else ""
    if rule.frequency == "MONTHLY" and not months:
        return _("of the month") if rule.interval == 1 else _("every {n} months").format(n=rule.interval)
    if rule.frequency == "YEARLY" and rule.interval == 1:
        if months:
            return "" if "BYYEARDAY" in rule.parts else _("of {months}").format(months=_months(months))
        return _("of the year") if "BYMONTHDAY" not in rule.parts else ""
    return ""


def _ordinal(number: int) -> str:
    if number in _NAMES:
        return _(_NAMES[number])
    size = abs(number)
    suffix = "th" if size % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(size % 10, "th")
    return f"{size}{suffix}" + (_(" last") if number < 0 else "")


def _day(day: str) -> str:
    return _(WEEKDAYS[DAYS.index(day)].capitalize())


def _months(numbers: str) -> str:
    return _listed([_(MONTHS[int(number) - 1].capitalize()) for number in numbers.split(",")]) if numbers else ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])
