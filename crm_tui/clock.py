"""The one clock. Moments are naive UTC datetimes; days are days in the business's zone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_fixed: datetime | None = None
_zone: tzinfo | None = None
"""None is the machine's own zone."""


def _from_environment() -> datetime | None:
    """CRM_TUI_NOW (ISO 8601) stops the clock: for screenshots and tests of whole processes."""
    text = os.environ.get("CRM_TUI_NOW")
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


_fixed = _from_environment()


def now() -> datetime:
    """Return the present moment: naive, UTC, whole milliseconds (what JSON and both databases keep alike)."""
    moment = _fixed or datetime.now(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today() -> date:
    """Return the day it is in the business's zone."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return a naive UTC moment as an aware one in the business's zone."""
    return moment.replace(tzinfo=UTC).astimezone(_zone)


def to_utc(moment: datetime) -> datetime:
    """Return a moment typed in the business's zone (naive) or aware as naive UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=_zone) if _zone else moment.astimezone()
    return aware.astimezone(UTC).replace(tzinfo=None)


def use_zone(name: str) -> None:
    """Set the business's zone by its IANA name; "" is the machine's. Raises ValueError for an unknown name."""
    global _zone
    if not name:
        _zone = None
        return
    try:
        _zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(name) from error


@contextmanager
def use(moment: datetime, zone: str = "UTC") -> Iterator[None]:
    """Stop the clock at a naive UTC moment (tests)."""
    global _fixed, _zone
    before = (_fixed, _zone)
    _fixed = moment
    use_zone(zone)
    try:
        yield
    finally:
        _fixed, _zone = before
