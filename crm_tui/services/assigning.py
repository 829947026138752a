"""Whose something becomes that is made or assigned by itself: among the members of a team, in turn or by their load."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.models.people import Membership, Operator
from crm_tui.models.tasks import Task, still_open

UNESTIMATED = 60
"""Minutes that a task without an estimate counts as."""


def members(team: int) -> list[int]:
    """Return the operators who are in a team and work here, by their ids."""
    model: Any = Membership
    query = model.select(model.operator).join(Operator, on=(model.operator == Operator.id))
    query = query.where((model.team == team) & model.archived_at.is_null() & Operator.active)
    return sorted(row[0] for row in query.where(Operator.archived_at.is_null()).tuples())


def in_turn(team: int, times: int) -> int | None:
    """Return the member whose turn it is after so many times, None in a team of nobody."""
    found = members(team)
    return found[times % len(found)] if found else None


def least_loaded(team: int) -> int | None:
    """Return the member with the fewest minutes of tasks still to be done, None in a team of nobody."""
    found = members(team)
    if not found:
        return None
    task: Any = Task
    minutes = pw.fn.SUM(pw.fn.COALESCE(task.estimate, UNESTIMATED))
    load = task.select(task.assignee, minutes).where(still_open() & task.assignee.in_(found)).group_by(task.assignee)
    loads = {record: int(total) for record, total in load.tuples()}
    return min(found, key=lambda record: (loads.get(record, 0), record))
