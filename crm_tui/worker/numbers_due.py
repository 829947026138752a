"""When the numbers that are kept by the day are to be looked after; asked by every session, so it reads next to
nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import peewee as pw

from crm_tui import clock
from crm_tui.models.base import entities
from crm_tui.models.journal import Change
from crm_tui.models.rollups import RollupQuestion

WORTH = 5_000
"""Records of an entity from which on it is worth keeping its numbers."""

QUIET = timedelta(seconds=20)
"""After a change the numbers are brought up to date when so much time has passed: until then answers count the days
that were touched."""

BEHIND = 200
"""Changes after which that is done at once."""


def many(entity: str) -> bool:
    """Whether an entity has so many records that its numbers are worth keeping."""
    model: Any = entities[entity].model
    return (model.select(pw.fn.MAX(model.id)).scalar() or 0) >= WORTH


def last_change() -> int:
    """Return the last change of the journal."""
    change: Any = Change
    return change.select(pw.fn.MAX(change.id)).scalar() or 0


def next_due() -> datetime | None:
    """Return when there is something to do, None where not before something changes."""
    question: Any = RollupQuestion
    position, built, count = (
        question.select(pw.fn.MIN(question.position), pw.fn.MAX(question.built_from), pw.fn.COUNT(question.id))
        .tuples()
        .first()
    )
    if not count:
        return clock.now() if any(map(many, ("order", "task", "client", "time_entry"))) else None
    unbuilt = question.select().where(question.built_from.is_null() | (question.built_from > date.min)).exists()
    if unbuilt:
        return clock.now()
    behind = last_change() - (position or 0)
    if not behind:
        return None
    return clock.now() if behind >= BEHIND else clock.now() + QUIET
