"""Kinds of field that are days or moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import peewee as pw

from crm_tui import clock, formats, moments
from crm_tui.fields.kind import Kind, Stored
from crm_tui.fields.texts import Text
from crm_tui.i18n import _
from crm_tui.text import quoted

if TYPE_CHECKING:
    _DateField = pw.DateField[Any]
    _DateTimeField = pw.DateTimeField[Any]
    _BigIntegerField = pw.BigIntegerField[Any]
else:
    _DateField, _DateTimeField, _BigIntegerField = pw.DateField, pw.DateTimeField, pw.BigIntegerField


def _require_usual(day: date) -> None:
    """Raise ValueError for a year that no business means: 0026 and 20226 are slips of the finger."""
    if not moments.FIRST_YEAR <= day.year <= moments.LAST_YEAR:
        raise ValueError(
            _("the year {year} is outside {first} to {last}").format(
                year=day.year, first=moments.FIRST_YEAR, last=moments.LAST_YEAR
            )
        )


DATED = ("day", "moment")
"""The families of fields that have a day in the calendar."""


class Day(Kind, _DateField):
    """A day, without time or zone."""

    family = "day"

    def check(self, value: Any) -> Any:
        if isinstance(value, datetime):
            day = value.date()
        else:
            day = value if isinstance(value, date) else moments.read_day(str(value))
        _require_usual(day)
        return day

    def show(self, value: Any) -> str:
        return "" if value is None else formats.near_day(value)

    def edit(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def to_stored(self, value: Any) -> Stored:
        return None if value is None else value.isoformat()

    def from_stored(self, stored: Any) -> Any:
        return None if stored is None else date.fromisoformat(stored)


class Due(Day):
    """A day by which something is to be done: shown as how late it is, or how far off."""

    def show(self, value: Any) -> str:
        return "" if value is None else formats.due_day(value)


class Moment(Kind, _DateTimeField):
    """A moment, kept as naive UTC in whole milliseconds."""

    family = "moment"

    def check(self, value: Any) -> Any:
        if isinstance(value, datetime):
            moment = clock.whole_milliseconds(clock.to_utc(value) if value.tzinfo else value)
        else:
            moment = moments.read_moment(value.isoformat() if isinstance(value, date) else str(value))
        _require_usual(moment)
        return moment

    def show(self, value: Any) -> str:
        return "" if value is None else formats.near_moment(value)

    def edit(self, value: Any) -> str:
        """Return the moment in the business's zone, as exact as it is; with its offset in the hour that comes twice."""
        if value is None:
            return ""
        local = clock.local(value)
        written = local.replace(tzinfo=None, fold=0)
        exact = "milliseconds" if written.microsecond else "seconds" if written.second else "minutes"
        once = clock.to_utc(written) == value
        return (written if once else local).isoformat(" ", exact)

    def to_stored(self, value: Any) -> Stored:
        return None if value is None else formats.iso_moment(value)

    def from_stored(self, stored: Any) -> Any:
        return None if stored is None else datetime.fromisoformat(stored.rstrip("Z"))


class TimeOfDay(Text):
    """A time of a day, kept as ``09:30``: as text it sorts as it should."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, longest=5, **options)

    def check(self, value: Any) -> Any:
        text = str(super().check(value))
        if not text:
            return ""
        try:
            return f"{moments.read_time(text):%H:%M}"
        except ValueError as error:
            raise ValueError(_("{text} is no time; write 9:30 or 3 pm").format(text=quoted(text))) from error


class Minutes(Kind, _BigIntegerField):
    """How long something takes or took, in whole minutes: typed and shown like ``1h30``."""

    family = "duration"
    align = "right"
    most: ClassVar[int] = 60 * 24 * 365
    """A year."""

    def check(self, value: Any) -> Any:
        """Return minutes: a number is minutes already; text is ``1h30``, ``90``, ``45m``, ``1:30`` or ``1.5h``."""
        if isinstance(value, bool):
            raise ValueError(_("a yes or no is no duration"))
        minutes = value if isinstance(value, int) else moments.read_minutes(str(value))
        if not 0 <= minutes <= self.most:
            raise ValueError(_("{text} is longer than a year").format(text=quoted(value)))
        return minutes

    def show(self, value: Any) -> str:
        return "" if value is None else formats.duration(value)

    def edit(self, value: Any) -> str:
        return self.show(value)
