"""Recurrence rules as RFC 5545 has them: read from text, and the moments they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from crm_tui import clock
from crm_tui.i18n import _
from crm_tui.moments import add_months
from crm_tui.text import quoted
from crm_tui.worktime import USUAL_DAYS, WorkTime

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
"""Those that are taken; nothing an agency does recurs every second."""

_WITHIN_DAYS = ("HOURLY", "MINUTELY")

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING = ",".join(DAYS[:5])
"""How rules name working days, whichever those are where they are carried out."""

MOST_COUNTED = 10_000
SHORTEST = 5
"""Minutes between two, at the least."""

_HORIZON = {
    "YEARLY": 60 * 366, "MONTHLY": 30 * 366, "WEEKLY": 30 * 366, "DAILY": 30 * 366, "HOURLY": 800, "MINUTELY": 60,
}  # fmt: skip
"""Days after which a rule that named no date so far is taken to name none: it bounds what looking for one costs."""

_LAST = datetime(2250, 1, 1)

_RANGES: dict[str, tuple[int, int, bool]] = {
    "BYMONTH": (1, 12, False), "BYMONTHDAY": (1, 31, True), "BYYEARDAY": (1, 366, True), "BYWEEKNO": (1, 53, True),
    "BYHOUR": (0, 23, False), "BYMINUTE": (0, 59, False), "BYSETPOS": (1, 366, True),
}  # fmt: skip
"""Of each list of numbers the least, the most, and whether it counts from the end, too."""

_ORDER = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY",
          "BYHOUR", "BYMINUTE", "BYSETPOS", "X-HOLIDAY", "X-HOURS")  # fmt: skip
_HOLIDAY = ("BEFORE", "AFTER", "SKIP")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?", re.ASCII)
_AFTER = re.compile(r"X-AFTER=(\d{1,4})([DWM])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule that was found to be one. ``parts`` are those of its text, in a fixed order; ``str`` is the text."""

    parts: dict[str, str] = field(default_factory=dict)
    after: tuple[int, str] | None = None
    """How long after completion it recurs: a number of days (D), weeks (W) or months (M)."""

    def __str__(self) -> str:
        text = ";".join(f"{name}={self.parts[name]}" for name in _ORDER if name in self.parts)
        if self.after:
            text = f"X-AFTER={self.after[0]}{self.after[1]}" + (f";{text}" if text else "")
        return text

    @property
    def frequency(self) -> str:
        """YEARLY to MINUTELY."""
        return self.parts.get("FREQ", "DAILY")

    @property
    def interval(self) -> int:
        """Of how many periods it is the first one each."""
        return int(self.parts.get("INTERVAL", "1"))

    @property
    def at(self) -> time | None:
        """The time of day, where it names one."""
        hours, minutes = self.numbers("BYHOUR"), self.numbers("BYMINUTE")
        return time(hours[0], minutes[0] if minutes else 0) if len(hours) == 1 and len(minutes) <= 1 else None

    @property
    def timed(self) -> bool:
        """Whether it names moments of a day, and not only days."""
        return self.at is not None or self.frequency in _WITHIN_DAYS

    def numbers(self, name: str) -> list[int]:
        """Return a list of numbers, none where there is no such part."""
        return [int(number) for number in self.parts[name].split(",")] if name in self.parts else []


@lru_cache(512)
def parse(text: str) -> Recurrence:
    """Return the rule that a text is, with or without ``RRULE:``. Raises ValueError with a plain reason."""
    written = "".join(text.split()).upper().removeprefix("RRULE:").strip(";")
    after, rest = None, written
    if match := _AFTER.match(written):
        after, rest = (int(match[1]), match[2]), written[match.end() :].strip(";")
        if not after[0]:
            raise ValueError(_("it cannot recur at the moment it is completed; write 1 day after completion"))
    parts: dict[str, str] = {}
    for part in rest.split(";") if rest else ():
        name, equals, value = part.partition("=")
        if name not in _ORDER or not equals or not value or name in parts:
            raise ValueError(_("{part} is no part of a recurrence rule").format(part=quoted(part or rest)))
        parts[name] = _checked(name, value)
    found = Recurrence(parts, after)
    _require_sense(found)
    return found


def _checked(name: str, value: str) -> str:
    wrong = ValueError(_("{name} cannot be {value}").format(name=name, value=quoted(value)))
    if name == "FREQ":
        if value not in FREQUENCIES:
            raise ValueError(_("{value} is no frequency; there are {known}").format(
                value=quoted(value), known=", ".join(FREQUENCIES)))  # fmt: skip
    elif name in ("INTERVAL", "COUNT"):
        most = MOST_COUNTED if name == "COUNT" else 1000
        if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or not 1 <= int(value) <= most:
            raise ValueError(_("{name} is from 1 to {most}").format(name=name, most=most))
        return str(int(value))
    elif name == "UNTIL":
        return _until_text(value)
    elif value not in {"WKST": DAYS, "X-HOLIDAY": _HOLIDAY, "X-HOURS": ("WORKING",)}.get(name, (value,)):
        raise wrong
    elif name == "BYDAY":
        for day in value.split(","):
            match = _WEEKDAY.fullmatch(day)
            if match is None or (match[1] and not 1 <= abs(int(match[1])) <= 53):
                raise wrong
    elif name in _RANGES:
        least, most, backwards = _RANGES[name]
        for number in value.split(","):
            if not re.fullmatch(r"[+-]?\d{1,3}", number, re.ASCII):
                raise wrong
            if not least <= (abs(int(number)) if backwards else int(number)) <= most:
                raise wrong
    return value


def _until_text(value: str) -> str:
    match = _UNTIL.fullmatch(value)
    try:
        if match is None:
            raise ValueError(value)
        datetime(*(int(number or 0) for number in match.groups()[:6]))  # type: ignore[arg-type]
    except ValueError as error:
        raise ValueError(_("{text} is no day to end at; write 20271231").format(text=quoted(value))) from error
    return value


def _require_sense(found: Recurrence) -> None:
    parts = found.parts
    if found.after:
        extra = parts.keys() - {"BYHOUR", "BYMINUTE", "UNTIL", "COUNT"}
        if extra:
            raise ValueError(_("after completion, {name} has no place").format(name=min(extra)))
        return
    if "FREQ" not in parts:
        raise ValueError(_("a recurrence rule begins with FREQ, like FREQ=MONTHLY"))
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError(_("it ends on a day or after so many times, not both"))
    if found.frequency == "MINUTELY" and found.interval < SHORTEST:
        raise ValueError(_("more often than every {n} minutes is too often").format(n=SHORTEST))
    if "X-HOURS" in parts and (found.frequency not in _WITHIN_DAYS or "BYHOUR" in parts):
        raise ValueError(_("during working hours is for what recurs every few hours or minutes"))
    ordinal = any(match[1] for day in parts.get("BYDAY", "").split(",") if (match := _WEEKDAY.fullmatch(day)))
    if ordinal and found.frequency not in ("MONTHLY", "YEARLY"):
        raise ValueError(_("the first or last of a weekday is one of a month or a year"))
    if "BYSETPOS" in parts and not any(name != "BYSETPOS" and name.startswith("BY") for name in parts):
        raise ValueError(_("BYSETPOS chooses among days: name them, too"))
    endless = Recurrence({name: value for name, value in parts.items() if name not in ("COUNT", "UNTIL")})
    if next(_naive(endless, datetime(2024, 1, 1)), None) is None:
        raise ValueError(_("there is no such day: it would never recur"))


def occurrences(
    rule: Recurrence, start: datetime, zone: tzinfo | None = None, *, after: datetime | None = None,
    work: WorkTime | None = None,
) -> Iterator[datetime]:  # fmt: skip
    """Yield the moments (naive UTC) that a rule names from ``start`` on (naive, in ``zone``; None is the business's),
    those after ``after`` (naive UTC) only.

    A time that a change of the clocks leaves out comes by as much later; one that comes twice is its first. ``work``
    says when people work, for rules that mean only those days or hours. Of rules after completion there is the start
    alone.
    """
    if rule.after:
        first = _to_utc(_timed(rule, start), zone)
        if after is None or first > after:
            yield first
        return
    floating = rule.frequency not in _WITHIN_DAYS or "BYHOUR" in rule.parts
    begin, local_after = start, None
    if after is not None:
        local_after = _to_local(after, zone) if floating else after
        local_after -= timedelta(days=1 if "X-HOLIDAY" not in rule.parts else 32)
    if not floating:
        begin = _to_utc(start, zone)
    last: datetime | None = None
    for naive in _naive(_on_working_days(rule, work), begin, local_after, zone if floating else None, utc=not floating):
        moved = _off_holidays(rule, naive, work)
        if moved is None or ("X-HOURS" in rule.parts and not (work or WorkTime()).working(_to_local(moved, zone))):
            continue
        moment = _to_utc(moved, zone) if floating else moved
        if (after is None or moment > after) and (last is None or moment > last):
            last = moment
            yield moment


def after_completion(rule: Recurrence, done: date, zone: tzinfo | None = None) -> datetime | None:
    """Return the moment (naive UTC) at which what was completed on a day recurs; None past its end."""
    assert rule.after is not None
    amount, unit = rule.after
    day = add_months(done, amount) if unit == "M" else done + timedelta(days=amount * (7 if unit == "W" else 1))
    moment = datetime.combine(day, rule.at or time())
    end = _end(rule, zone)
    return None if end is not None and moment > end else _to_utc(moment, zone)


def _timed(rule: Recurrence, start: datetime) -> datetime:
    return datetime.combine(start.date(), rule.at) if rule.at else start


def _to_utc(local: datetime, zone: tzinfo | None) -> datetime:
    return clock.to_utc(local.replace(tzinfo=zone) if zone else local)


def _to_local(moment: datetime, zone: tzinfo | None) -> datetime:
    if zone is None:
        return clock.local(moment).replace(tzinfo=None)
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _end(rule: Recurrence, zone: tzinfo | None, utc: bool = False) -> datetime | None:
    """The last local moment at which it may recur: a day that is named is one of its days."""
    if "UNTIL" not in rule.parts:
        return None
    match = _UNTIL.fullmatch(rule.parts["UNTIL"])
    assert match is not None  # it was checked
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return datetime.combine(day, time(23, 59, 59))
    moment = datetime.combine(day, time(int(match[4]), int(match[5]), int(match[6])))
    return _to_local(moment, zone) if match[7] and not utc else moment


def _naive(
    rule: Recurrence, start: datetime, after: datetime | None = None, zone: tzinfo | None = None, *, utc: bool = False
) -> Iterator[datetime]:
    """Yield the dates without a zone, near ``after`` at the earliest.

    dateutil walks from the start; a rule without COUNT begins near ``after`` instead, in step with its start.
    """
    from dateutil.rrule import rrule  # 15 ms that a session which shows clients does not need

    counted = "COUNT" in rule.parts
    begin = start if counted or after is None or after <= start else _in_step(rule, start, after)
    end, options = _end(rule, zone, utc), _options(rule, start)
    if counted:  # that it names a day at all was seen to when it was read
        options["count"] = int(rule.parts["COUNT"])
    else:
        days = min(_HORIZON[rule.frequency] * rule.interval, (_LAST - begin).days)
        stop = begin + timedelta(days=max(0, days))
        options["until"] = stop if end is None else min(stop, end)
    for moment in rrule(dtstart=begin, **options):
        if moment >= start:
            yield moment


def _options(rule: Recurrence, start: datetime) -> dict[str, Any]:
    """The arguments of dateutil's rule, with what it takes from the start said outright."""
    from dateutil import rrule as du

    parts = rule.parts
    options: dict[str, Any] = {"freq": getattr(du, rule.frequency), "interval": rule.interval}
    options["wkst"] = getattr(du, parts.get("WKST", "MO"))
    names = {"BYMONTH": "bymonth", "BYWEEKNO": "byweekno", "BYYEARDAY": "byyearday", "BYMONTHDAY": "bymonthday",
             "BYHOUR": "byhour", "BYMINUTE": "byminute", "BYSETPOS": "bysetpos"}  # fmt: skip
    for name, option in names.items():
        if name in parts:
            options[option] = rule.numbers(name)
    if "BYDAY" in parts:
        days = [match for day in parts["BYDAY"].split(",") if (match := _WEEKDAY.fullmatch(day))]
        options["byweekday"] = [
            getattr(du, match[2])(int(match[1])) if match[1] else getattr(du, match[2]) for match in days
        ]
    chosen = parts.keys() & {"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"}
    if rule.frequency == "YEARLY" and not chosen:
        options.setdefault("bymonth", start.month)
        options["bymonthday"] = start.day
    if rule.frequency == "MONTHLY" and not chosen:
        options["bymonthday"] = start.day
    if rule.frequency == "WEEKLY" and "BYDAY" not in parts:
        options["byweekday"] = start.weekday()
    if rule.frequency not in _WITHIN_DAYS:
        options.setdefault("byhour", start.hour)
        if "BYHOUR" in parts:
            options.setdefault("byminute", 0)
    if rule.frequency != "MINUTELY":
        options.setdefault("byminute", start.minute)
    options["bysecond"] = start.second
    return options


def _in_step(rule: Recurrence, start: datetime, after: datetime) -> datetime:
    """Return the first moment of the last period before ``after`` that the rule's interval, counted from its start,
    comes to."""
    step = rule.interval
    if rule.frequency in ("YEARLY", "MONTHLY"):
        length = step * (12 if rule.frequency == "YEARLY" else 1)
        passed = (after.year - start.year) * 12 + after.month - start.month
        first = add_months(start.date().replace(day=1, month=1 if rule.frequency == "YEARLY" else start.month), 0)
        months = max(0, passed // length - 1) * length
        return datetime.combine(add_months(first, months), time(0, 0, start.second)) if months else start
    length = {"WEEKLY": 7 * 1440, "DAILY": 1440, "HOURLY": 60, "MINUTELY": 1}[rule.frequency] * step
    begin = start
    if rule.frequency == "WEEKLY":
        first_day = DAYS.index(rule.parts.get("WKST", "MO"))
        begin = datetime.combine(
            start.date() - timedelta(days=(start.weekday() - first_day) % 7), time(0, 0, start.second)
        )
    elif rule.frequency == "DAILY":
        begin = datetime.combine(start.date(), time(0, 0, start.second))
    periods = max(0, int((after - begin).total_seconds() // 60 // length) - 1)
    return begin + timedelta(minutes=periods * length) if periods else start


def _off_holidays(rule: Recurrence, moment: datetime, work: WorkTime | None) -> datetime | None:
    way = rule.parts.get("X-HOLIDAY")
    if way is None or work is None or not work.closed(moment.date()):
        return moment
    if way == "SKIP":
        return None
    step = timedelta(days=-1 if way == "BEFORE" else 1)
    for _day in range(31):
        moment += step
        if not work.closed(moment.date()):
            return moment
    return None


def _on_working_days(rule: Recurrence, work: WorkTime | None) -> Recurrence:
    """Working days are those of the place, Monday to Friday where nobody says otherwise."""
    if work is None or work.days == USUAL_DAYS or rule.parts.get("BYDAY") != WORKING or "X-HOLIDAY" not in rule.parts:
        return rule
    return Recurrence({**rule.parts, "BYDAY": ",".join(DAYS[day] for day in sorted(work.days))}, rule.after)
