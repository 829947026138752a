"""The one clock. Moments are naive UTC datetimes; days are days in the business's zone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from functools import cache

from crm_tui.errors import BadInput
from crm_tui.i18n import _

_fixed: datetime | None = None
_zone: tzinfo | None = None
"""None is the machine's own zone."""


@cache
def _from_environment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError) as error:
        raise BadInput(_("CRM_TUI_NOW must be a moment like 2026-11-22T14:02, in UTC.")) from error


def now() -> datetime:
    """Return the present moment: naive, UTC, whole milliseconds (what JSON and both databases keep alike).

    CRM_TUI_NOW (ISO 8601, UTC) stops the clock, for screenshots and tests of whole processes; raises BadInput when it
    is no moment.
    """
    if _fixed is not None:
        return whole_milliseconds(_fixed)
    stopped = os.environ.get("CRM_TUI_NOW")
    return whole_milliseconds(_from_environment(stopped) if stopped else datetime.now(UTC).replace(tzinfo=None))


def whole_milliseconds(moment: datetime) -> datetime:
    """Return a moment without what is finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today() -> date:
    """Return the day it is in the business's zone."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return a naive UTC moment as an aware one in the business's zone (in UTC at the very ends of the calendar)."""
    aware = moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(_zone)
    except (OverflowError, ValueError, OSError):
        return aware


def to_utc(moment: datetime) -> datetime:
    """Return a moment typed in the business's zone (naive) or aware as naive UTC.

    Raises ValueError, with a plain reason, where that leaves the years 1 to 9999.
    """
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=_zone) if _zone else moment.astimezone()
        return aware.astimezone(UTC).replace(tzinfo=None)
    except (OverflowError, ValueError, OSError) as error:
        raise ValueError(_("that is outside the years 1 to 9999")) from error


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its IANA name. Raises ValueError for an unknown one."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # only who set a zone needs it

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(name) from error


def use_zone(name: str) -> None:
    """Set the business's zone by its IANA name; "" is the machine's. Raises ValueError for an unknown name."""
    global _zone
    _zone = zone_named(name) if name else None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be a naive UTC moment, in the zone there is: what comes due is done as if its time had come."""
    global _fixed
    before, _fixed = _fixed, moment
    try:
        yield
    finally:
        _fixed = before


@contextmanager
def use(moment: datetime, zone: str = "UTC") -> Iterator[None]:
    """Stop the clock at a naive UTC moment (tests)."""
    global _zone
    before = _zone
    use_zone(zone)
    try:
        with at(moment):
            yield
    finally:
        _zone = before
