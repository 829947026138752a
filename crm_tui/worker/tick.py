"""One look at what is due: it is done, and it is said when to look again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm_tui import clock, recurring
from crm_tui.automation.pending import pending
from crm_tui.db import Workspace
from crm_tui.worker import lease

MOST = 100
"""Rules carried out in one tick: whoever works beside comes in between."""

CHANGES = 50
"""Changes looked at in one tick, at the least."""

LOOK_AGAIN = timedelta(seconds=5)
"""After which it is looked whether another worker, which had the lease, did what was due."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What one look found."""

    done: list[str] = field(default_factory=list)
    """What was made, in words."""
    next_at: datetime | None = None
    """When there is something to do again; None is not before something changes."""


def tick(workspace: Workspace, holder: str, most: int = MOST) -> Tick:
    """Do what is due, if no other worker does. Where nothing is due that costs one query. Raises StorageFailed."""
    coming = next_work()
    now = clock.now()  # after that was asked: what is to be done at once is due now
    if coming is None or coming > now:
        return Tick(next_at=coming)
    from crm_tui.automation import engine  # a session where nothing is due needs none of it
    from crm_tui.services import recurring as rules

    done: list[str] = []
    with lease.lease(workspace, holder) as mine:
        if not mine:
            return Tick(next_at=now + LOOK_AGAIN)
        for at, rule in enumerate(recurring.due(now, most)):
            if at and not at % 20 and not lease.renew(workspace, holder):
                break  # it took too long, and another one went on
            if said := rules.carry_out(workspace, rule):
                done.append(said)
        done += engine.process(workspace, max(most, CHANGES))
    return Tick(done, next_work())


def next_work() -> datetime | None:
    """Return when there is something to do, None when there is nothing until something changes."""
    found = [moment for moment in (recurring.next_due(), pending()) if moment is not None]
    return min(found, default=None)
