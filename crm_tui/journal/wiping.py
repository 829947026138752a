"""Taking what the journal tells of a person out of it: the rows stay, with who did what when, without the values.

The one change ever made to what is written in the journal; it is made once, inside the operation that erases.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crm_tui.db import Workspace, among, batches
from crm_tui.journal.rows import KEPT, dump
from crm_tui.models.base import entities
from crm_tui.models.journal import Change, Operation
from crm_tui.personal import fields_of

_BATCH = 1000


def wipe(workspace: Workspace, records: Mapping[str, Iterable[int]], names: Callable[[str], bool]) -> int:
    """Take the fields that go out of every change of these records; return how many changes told any.

    A summary that names somebody (``names``), or that is of nothing but these records, goes too.
    """
    wiped, operations = 0, dict[int, int]()
    for name, ids in records.items():
        kept = entities[name].kinds.keys() - fields_of(entities[name]).keys() - entities[name].custom.keys()
        for batch in batches(sorted(ids), _BATCH):
            wiped += _wipe_changes(workspace, name, batch, {*kept, *KEPT}, operations)
    _wipe_summaries(workspace, operations, names)
    return wiped


def _wipe_changes(
    workspace: Workspace, name: str, ids: Iterable[int], kept: set[str], operations: dict[int, int]
) -> int:
    query: Any = Change.select(Change.id, Change.operation, Change.before, Change.after)
    changed = []
    for record, operation, *sides in query.where((Change.entity == name) & among(Change.record, ids)).tuples():
        operations[operation] = operations.get(operation, 0) + 1
        told = [json.loads(side) for side in sides]
        left = [{field: value for field, value in side.items() if field in kept} for side in told]
        if left != told:
            changed.append((dump(left[0]), dump(left[1]), record))
    workspace.update_rows("change", ["before", "after"], changed)
    return len(changed)


def _wipe_summaries(workspace: Workspace, operations: Mapping[int, int], names: Callable[[str], bool]) -> None:
    query: Any = Operation.select(Operation.id, Operation.summary, Operation.records)
    for batch in batches(sorted(operations), _BATCH):
        rows = [
            ("", operation)
            for operation, summary, records in query.where(among(Operation.id, batch)).tuples()
            if summary and (names(summary) or operations[operation] >= records)
        ]
        workspace.update_rows("operation", ["summary"], rows)
