"""What automations did: the log of their runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_tui.models.automations import Automation, AutomationRun


@dataclass(frozen=True, slots=True)
class RunTold:
    """One run."""

    at: datetime
    automation: str
    entity: str
    record: int
    outcome: str
    told: str
    """What each step did, a line each; or why it failed."""
    operation: int | None
    """What undoes it: ``undo operation=N``."""


def runs(automation: int | None = None, count: int = 50) -> list[RunTold]:
    """Return the last runs of an automation, or of all, the newest first."""
    run: Any = AutomationRun
    name: Any = Automation.name
    query = run.select(run.at, name, run.entity, run.record, run.outcome, run.told, run.operation)
    query = query.join(Automation, on=(run.automation == Automation.id))
    if automation is not None:
        query = query.where(run.automation == automation)
    return [RunTold(*row) for row in query.order_by(run.id.desc()).limit(count).tuples()]
