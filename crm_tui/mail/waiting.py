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

    meant = mail_settings.configured() or outbox.decided()
    return outbox.waiting() if meant and outbox.is_held(workspace) else 0


def _any_queued() -> bool:
    model: Any = Message
    return bool(model.select(model.id).where(queued()).limit(1).tuples().first())


def next_due(workspace: Workspace) -> datetime | None:
    """Return when there is a message to send from here, None where there is none or nothing may be sent."""
    if not _any_queued():
        return None
    from crm_tui.services import outbox

    if outbox.is_held(workspace):
        return None
    now = clock.now()
    first = _next(sendable(), now)
    pause = _pause()
    if pause is None or first == now:
        return first
    mail = _next(queued(), now)
    return min((moment for moment in (first, mail and max(mail, pause)) if moment is not None), default=None)


def sendable() -> Any:
    """Return the condition of messages that go out from here as things are: none by mail while its server is not
    known, or takes nothing."""
    from crm_tui.services import mail_settings

    calls = queued() & (Message.url != "")
    return queued() if mail_settings.can_send() and _pause() is None else calls


def _pause() -> datetime | None:
    """Return until when the mail server is left alone, None where it is not; no pause is longer than the last."""
    from crm_tui.services import mail_settings, outbox

    until: datetime | None = outbox.state().try_at if mail_settings.can_send() else None
    now = clock.now()
    return until if until is not None and now < until <= now + SERVER_PAUSES[-1] else None


def _next(wanted: Any, now: datetime) -> datetime | None:
    """Return when the first of some messages may be tried, None where there is none."""
    model: Any = Message
    if model.select().where(wanted & free(now) & ripe(now)).exists():
        return now
    later = model.select(pw.fn.MIN(model.try_at)).where(wanted & free(now)).scalar()
    claimed = model.select(pw.fn.MIN(model.claimed_at)).where(wanted & ~free(now)).scalar()
    return min((one for one in (_moment(later), _end(_moment(claimed))) if one is not None), default=None)


def _moment(value: Any) -> datetime | None:
    found: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found


def _end(claimed_at: datetime | None) -> datetime | None:
    return None if claimed_at is None else claimed_at + CLAIM + timedelta(milliseconds=1)


def is_due(workspace: Workspace) -> bool:
    """Whether there is something to send now."""
    moment = next_due(workspace)
    return moment is not None and moment <= clock.now()
