"""The time that numbers are about: a week, a month, a quarter, a year, or any days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from crm_tui import clock, formats, moments
from crm_tui.errors import BadInput
from crm_tui.i18n import _

UNITS = ("day", "week", "month", "quarter", "year")
"""From the narrowest to the widest; days of one's own choice are ``""``."""

PARTS = {"day": "day", "week": "day", "month": "day", "quarter": "week", "year": "month"}
"""In what a period of a unit is drawn."""

_QUARTER = re.compile(r"(\d{4})-?q([1-4])", re.I | re.ASCII)
_LONG = 190, 31
"""Days of one's own are drawn by months from so many on, by weeks from so many on."""


class Period(NamedTuple):
    """The days ``first`` to ``last``, both of them in it."""

    first: date
    last: date
    unit: str = ""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def written(self) -> str:
        """The period as the query language has it."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def title(self) -> str:
        """The period in words: ``Q4 2026``."""
        if self.unit == "year":
            return str(self.first.year)
        if self.unit == "quarter":
            return _("Q{n} {year}").format(n=_quarter(self.first), year=self.first.year)
        if self.unit == "month":
            return formats.month(self.first)
        if self.unit == "day":
            return formats.long_day(self.first)
        if self.unit == "week":
            return _("week of {day}").format(day=formats.long_day(self.first))
        return _("{first} to {last}").format(first=formats.long_day(self.first), last=formats.long_day(self.last))

    def step(self, count: int) -> Period:
        """Return the period so many later. Raises BadInput past the years there are."""
        try:
            if self.unit in ("", "day"):
                moved = timedelta(days=self.days * count)
                return Period(self.first + moved, self.last + moved, self.unit)
            return of(self.unit, self.first, count)
        except (ValueError, OverflowError) as error:
            raise BadInput(_("There are no numbers beyond the years 1 to 9999."), field="period") from error

    def year_before(self) -> Period:
        """Return the same time a year earlier. Raises BadInput."""
        try:
            first = moments.add_months(self.first, -12)
            if self.unit in ("month", "quarter", "year"):
                return of(self.unit, first)
            return Period(first, first + timedelta(days=self.days - 1), self.unit if self.unit == "day" else "")
        except ValueError as error:
            raise BadInput(str(error), field="period") from error

    def resized(self, steps: int) -> Period:
        """Return the period of a wider or narrower unit round the last day that is not in the future."""
        at = UNITS.index(self.unit) if self.unit else UNITS.index("quarter")
        unit = UNITS[max(0, min(len(UNITS) - 1, at + steps))]
        day = min(max(clock.today(), self.first), self.last)
        return of(unit, day)

    def parts(self, unit: str = "") -> list[Period]:
        """Return the days, weeks or months it is drawn in, the first and last cut off where it begins and ends."""
        return list(self._parts(unit or PARTS.get(self.unit) or self._fitting()))

    def _fitting(self) -> str:
        return "month" if self.days > _LONG[0] else "week" if self.days > _LONG[1] else "day"

    def _parts(self, unit: str) -> Iterator[Period]:
        at = self.first
        while at <= self.last:
            whole = of(unit, at)
            yield Period(max(whole.first, self.first), min(whole.last, self.last), unit)
            if whole.last >= self.last:
                return
            at = whole.last + timedelta(days=1)


def quarter_named(day: date) -> str:
    """Return the quarter a day is in as people write it: ``2026-Q4``."""
    return f"{day.year}-Q{_quarter(day)}"


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def of(unit: str, day: date, offset: int = 0) -> Period:
    """Return the period of a unit that a day is in, or one so many later. Raises ValueError past year 9999."""
    if unit == "day":
        return Period(day + timedelta(days=offset), day + timedelta(days=offset), unit)
    span = moments.period(unit, day, offset)
    return Period(span.first, span.last, unit)


def read(text: str, today: date | None = None) -> Period:
    """Return the period that words mean, as of a day: ``this-quarter``, ``last month``, ``2026-10``, ``2026-Q3``,
    ``1997``, ``2026-10-01..2026-10-15``. Raises BadInput."""
    word = text.strip()
    try:
        if match := _QUARTER.fullmatch(word):
            return of("quarter", date(int(match[1]), int(match[2]) * 3, 1))
        first, dots, last = word.partition("..")
        if dots:
            begin, end = (moments.read_span(side, today) for side in (first, last))
            if begin is None or end is None or end.last < begin.first:
                raise ValueError(_("that is no time from one day to a later one"))
            return _named(begin.first, end.last)
        span = moments.read_span(word, today)
    except ValueError as error:
        raise BadInput(_("{text} is no period: {why}.").format(text=text, why=error), field="period") from error
    if span is None:
        raise BadInput(
            _(
                "{text} is no period; there are this-quarter, last-month, 2026, 2026-Q3 and 2026-10-01..2026-10-15."
            ).format(text=text),
            field="period",
        )
    return _named(span.first, span.last)


def _named(first: date, last: date) -> Period:
    """The period of a unit if the days are just that, else days of one's own."""
    return next((one for unit in UNITS if (one := of(unit, first)).first == first and one.last == last),
                Period(first, last))  # fmt: skip
