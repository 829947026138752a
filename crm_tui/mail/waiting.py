"""What waits in the outbox, and when it is to be sent: asked by every session, and nearly free where nothing waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.models.outbox import Message, queued

CLAIM = timedelta(minutes=30)
"""After which who claimed a message is taken to be gone: more than a server may take over all it is given at once."""

RETRIES = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720, 1440, 1440, 1440, 1440))
"""How long is waited after each time a message was not taken; after the last it has failed (RFC 5321, 4.5.4.1: 4-5
days)."""

SERVER_PAUSES = tuple(timedelta(seconds=one) for one in (30, 60, 120, 300, 900))
"""How long is waited after the server took nothing at all."""


def free(now: datetime) -> Any:
    """Return the condition of messages that nobody sends now. A claim of the future is of a clock that was wrong."""
    model: Any = Message
    return (model.claimed_by == "") | (model.claimed_at < now - CLAIM) | (model.claimed_at > now + CLAIM)


def ripe(now: datetime) -> Any:
    """Return the condition of messages that may be tried now; no retry is further off than the last."""
    model: Any = Message
    return model.try_at.is_null() | (model.try_at <= now) | (model.try_at > now + RETRIES[-1])


def held_back(workspace: Workspace) -> int:
    """Return how many messages wait because nobody said that mail goes out from here, as in a restored backup."""
    if not _any_queued():
        return 0
    from crm_tui.services import mail_settings, outbox  # where nothing waits, no session needs them

    return outbox.waiting() if mail_settings.configured() and outbox.is_held(workspace) else 0


def _any_queued() -> bool:
    model: Any = Message
    return bool(model.select(model.id).where(queued()).limit(1).tuples().first())


def next_due(workspace: Workspace) -> datetime | None:
    """Return when there is a message to send from here, None where there is none or nothing may be sent."""
    if not _any_queued():
        return None
    from crm_tui.services import mail_settings, outbox

    model: Any = Message
    if not mail_settings.can_send() or outbox.is_held(workspace):
        return None
    now = clock.now()
    if model.select().where(queued() & free(now) & ripe(now)).exists():
        found = [now]
    else:
        later = model.select(pw.fn.MIN(model.try_at)).where(queued() & free(now)).scalar()
        claimed = model.select(pw.fn.MIN(model.claimed_at)).where(queued() & ~free(now)).scalar()
        found = [moment for moment in (_moment(later), _end(_moment(claimed))) if moment is not None]
    if not found:
        return None
    pause = outbox.state().try_at
    earliest = min(found)
    return max(earliest, pause) if pause is not None and pause <= now + SERVER_PAUSES[-1] else earliest


def _moment(value: Any) -> datetime | None:
    found: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found


def _end(claimed_at: datetime | None) -> datetime | None:
    return None if claimed_at is None else claimed_at + CLAIM + timedelta(milliseconds=1)


def is_due(workspace: Workspace) -> bool:
    """Whether there is something to send now."""
    moment = next_due(workspace)
    return moment is not None and moment <= clock.now()
