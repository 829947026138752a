"""Who is here: each open session says so now and then; one that stopped saying so is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.models.workspace import Presence
from crm_tui.scope import Actor

EVERY = 20.0
"""Seconds between two signs of life."""

FIRST = 1.5
"""Seconds after which a session that has just opened gives its first: opening comes before greeting."""

GONE_AFTER = timedelta(seconds=60)


def here(workspace: Workspace, actor: Actor, session: str, screen: str) -> list[str]:
    """Say that a session is open at a screen, and return the logins present, each once, this one first.

    A session that only reads leaves no sign of itself.
    """
    if not (actor.readonly or workspace.readonly):
        with workspace.write():
            Presence.delete().where(Presence.seen_at < clock.now() - GONE_AFTER).execute()
            seen = {Presence.login: actor.login, Presence.screen: screen, Presence.seen_at: clock.now()}
            if not Presence.update(seen).where(Presence.session == session).execute():
                Presence.insert({Presence.session: session, **seen}).execute()
    return [actor.login, *(login for login in others(session) if login != actor.login)]


def others(session: str) -> list[str]:
    """Return the logins of the other open sessions, each once."""
    query: Any = Presence.select(Presence.login).where(
        (Presence.session != session) & (Presence.seen_at >= clock.now() - GONE_AFTER)
    )
    return sorted({row[0] for row in query.tuples()})


def leave(workspace: Workspace, actor: Actor, session: str) -> None:
    """Say that a session closes."""
    if not (actor.readonly or workspace.readonly):
        with workspace.write():
            Presence.delete().where(Presence.session == session).execute()
