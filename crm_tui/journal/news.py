"""What was changed, as other parts of this process and other sessions hear of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from crm_tui.models import custom, words
from crm_tui.models.journal import Change, Operation
from crm_tui.models.workspace import load_currency

DEFINING = frozenset({"word", "custom_field"})
"""Entities whose records say what the fields of others are."""

MANY = 2000
"""More changed records than this are announced as "many of this entity" and not one by one."""


class Changed(NamedTuple):
    """What a committed operation changed: ids by entity name; an empty set means many of that entity."""

    operation: int
    records: Mapping[str, frozenset[int]]


listeners: list[Callable[[Changed], None]] = []
"""Called after commit, on the thread that committed, with what this process changed."""


def announce(changed: Changed) -> None:
    """Tell this process's listeners what was changed. It is committed: what a listener raises goes to the log."""
    for listener in list(listeners):
        try:
            listener(changed)
        except Exception:
            logging.getLogger("crm_tui").exception("told of operation %s, a listener failed", changed.operation)


def summed_up(touched: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    """Return ids by entity name as they are announced."""
    return {name: frozenset(ids) if len(ids) <= MANY else frozenset() for name, ids in touched.items()}


def changed_since(operation_id: int) -> Changed | None:
    """Return what operations after ``operation_id`` changed, whoever did them, or None."""
    later: Any = Operation.id > operation_id
    query: Any = Operation.select(Operation.id, Operation.records, Operation.touched).where(later)
    found = list(query.order_by(Operation.id).tuples())
    if not found:
        return None
    newest = found[-1][0]
    if any("custom_field" in touched for *_rest, touched in found):
        custom.load()
    if any('"word"' in touched for *_rest, touched in found):
        words.load()
    if any('"setting"' in touched for *_rest, touched in found):
        load_currency()
    if sum(records for _id, records, _touched in found) > MANY:
        return Changed(newest, {name: frozenset() for *_rest, touched in found for name in json.loads(touched)})
    changes: Any = Change.select(Change.entity, Change.record).where(
        (Change.operation > operation_id) & (Change.operation <= newest)
    )
    grouped: dict[str, set[int]] = {}
    for name, record in changes.tuples():
        grouped.setdefault(name, set()).add(record)
    return Changed(newest, summed_up(grouped))


def last_operation() -> int:
    """Return the id of the newest operation, 0 when there is none."""
    query: Any = Operation.select(Operation.id).order_by(Operation.id.desc()).limit(1)
    row = query.tuples().first()
    return int(row[0]) if row else 0
