"""Which tasks wait for others: how many of those that a task needs are still to be done.

The number follows from the tasks and their dependencies, so nobody types it and the journal does not tell it: undoing
that a task was done makes those that need it wait again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import peewee as pw

from crm_tui import db
from crm_tui.models.base import entities
from crm_tui.models.tasks import task_statuses

_BATCH = 1000


def refresh(
    workspace: db.Workspace, touched: Mapping[str, set[int]], former: Iterable[int], *, everyone: bool = False
) -> set[int]:
    """Bring up to date how many tasks those wait for that changed, or that need one that did; ``former`` are tasks that
    changed dependencies were of before. Return those that differ now. Inside ``Workspace.write`` only."""
    task: Any = entities["task"].model
    dependency: Any = entities["dependency"].model
    changed_tasks, links = touched.get("task", set()), touched.get("dependency", set())
    if not (changed_tasks or links or former or everyone):
        return set()
    wanted = {*former}
    wanted |= _tasks(dependency.id, links) | _tasks(dependency.needs, changed_tasks)
    if everyone:
        wanted |= {row[0] for row in dependency.select(dependency.task).distinct().tuples()}
    changed: set[int] = set()
    for batch in db.batches(sorted(wanted), _BATCH):
        open_needs = needs(batch)
        held = task.select(task.id, task.waits_for).where(db.among(task.id, batch)).tuples()
        differing = [(now, record) for record, was in held if (now := open_needs.get(record)) != was]
        if differing:
            workspace.update_rows("task", ["waits_for"], differing)
            changed |= {record for _now, record in differing}
    return changed


def needs(tasks: Iterable[int]) -> dict[int, int]:
    """Return how many tasks those wait for that wait for any: live ones, still to be done."""
    dependency: Any = entities["dependency"].model
    needed: Any = entities["task"].model
    is_open = list(task_statuses().meant("open"))
    query = (
        dependency.select(dependency.task, pw.fn.COUNT(dependency.id))
        .join(needed, on=(dependency.needs == needed.id))
        .where(
            db.among(dependency.task, list(tasks)) & dependency.archived_at.is_null() & needed.archived_at.is_null()
            & needed.status.in_(is_open)
        )
        .group_by(dependency.task)
    )  # fmt: skip
    return dict(query.tuples())


def _tasks(field: Any, ids: Iterable[int]) -> set[int]:
    """The tasks of the dependencies that these ids are of, or that they are needed by."""
    dependency: Any = entities["dependency"].model
    found: set[int] = set()
    for batch in db.batches(sorted(ids)):
        found.update(row[0] for row in dependency.select(dependency.task).where(db.among(field, batch)).tuples())
    return found
