"""Whether automations have something to do: asked often, so it costs a query or two and imports next to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from crm_tui import clock
from crm_tui.models.automations import Automation, AutomationState, AutomationWait
from crm_tui.models.journal import Change


def pending() -> datetime | None:
    """Return when there is something to do: now, later, or None. A query or two where nothing is."""
    if not _any():
        return None
    position, day = state()
    newest: Any = Change.select(pw.fn.MAX(Change.id)).scalar() or 0
    if newest > position or day != clock.today():
        return clock.now()
    waits: Any = AutomationWait.select(pw.fn.MIN(AutomationWait.due_at)).scalar()
    if isinstance(waits, str):
        waits = datetime.fromisoformat(waits)
    tomorrow = clock.to_utc(datetime.combine(clock.today() + timedelta(days=1), datetime.min.time()))
    return min(waits, tomorrow) if waits else tomorrow


def _any() -> bool:
    model: Any = Automation
    return bool(model.select().where(model.enabled & model.archived_at.is_null()).exists())


def state() -> tuple[int, Any]:
    """Return the last change that was looked at, and the day on which the days were."""
    row: Any = AutomationState.select(AutomationState.position, AutomationState.day).tuples().first()
    return row or (0, None)
