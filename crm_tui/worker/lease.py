"""Who does the background work at present."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.models.recurring import Lease

NAME = "worker"
HELD_FOR = timedelta(seconds=30)
"""After which a worker that says nothing is taken to be gone."""


@contextmanager
def lease(workspace: Workspace, holder: str) -> Iterator[bool]:
    """Take the background work for as long as the block lasts; False where another one does it."""
    taken = renew(workspace, holder)
    try:
        yield taken
    finally:
        if taken:
            with workspace.write():
                Lease.delete().where((Lease.name == NAME) & (Lease.holder == holder)).execute()


def renew(workspace: Workspace, holder: str) -> bool:
    """Take the background work, or keep it; False where another one does it."""
    now = clock.now()
    with workspace.write():
        row: Any = Lease.select(Lease.holder, Lease.until).where(Lease.name == NAME).tuples().first()
        # A lease that lasts longer than any is given was taken before the clock was set back.
        if row is not None and row[0] != holder and now < row[1] <= now + HELD_FOR:
            return False
        Lease.delete().where(Lease.name == NAME).execute()
        Lease.insert(name=NAME, holder=holder, until=now + HELD_FOR).execute()
    return True


def holder() -> str:
    """Return who does the background work now, "" for nobody."""
    row: Any = Lease.select(Lease.holder).where((Lease.name == NAME) & (Lease.until > clock.now())).tuples().first()
    return str(row[0]) if row else ""
