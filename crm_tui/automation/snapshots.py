"""Records as the query language asks of them one by one: as they are, and as they were before and after a change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from crm_tui.fields import Stored
from crm_tui.journal import Writer
from crm_tui.models.base import BOOKKEEPING, Entity, stored
from crm_tui.models.journal import Change
from crm_tui.query import Snapshot


def present(entity: Entity, ids: Sequence[int]) -> dict[int, dict[str, Stored]]:
    """Return the stored values of records by id, archived ones too."""
    found: dict[int, dict[str, Stored]] = {}
    for record, values in Writer.read_many(entity, ids).items():
        kept = {name: entity.fields[name].to_stored(values[name]) for name in BOOKKEEPING if name in entity.fields}
        found[record] = {**stored(entity.model, values), **kept, "id": record}
    return found


class Records:
    """Where the snapshots of related records come from: the database, as it is now."""

    def one(self, entity: Entity, id: int) -> Snapshot | None:
        """Return a record's snapshot, archived or not, or None when there is none."""
        return present(entity, [id]).get(id)

    def many(self, entity: Entity, field: str, id: int, *, archived: bool = False) -> Sequence[Snapshot]:
        """Return the records whose reference ``field`` leads to ``id``."""
        model: Any = entity.model
        where = entity.fields[field] == id
        if not archived:
            where &= model.archived_at.is_null()
        ids = [row[0] for row in model.select(model.id).where(where).order_by(model.id).tuples()]
        found = present(entity, ids)
        return [found[record] for record in ids]


Sides = tuple[dict[str, Stored] | None, dict[str, Stored]]
"""A record before a change, None where that made it, and after it."""


class Histories:
    """Records that were changed, as they were before and after each of their changes; each record is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[dict[str, Stored], list[tuple[int, str]]]] = {}
        """What a record is now, and what its changes since the first that was asked about took away, newest first."""

    def around(self, entity: Entity, change: Any) -> Sides:
        """Return a record as it was before a change, None where that made it, and after it: as it is now, with what was
        changed later taken back. Of one record the changes are asked about in their order."""
        known = self._known.get((entity.name, change.record))
        if known is None:
            now = present(entity, [change.record]).get(change.record, {"id": change.record})
            known = self._known[entity.name, change.record] = (now, _changes_since(entity, change))
        after = dict(known[0])
        for at, before in known[1]:
            if at > change.id:
                after.update(json.loads(before))
        after.update(json.loads(change.after))
        if change.action == "create":
            return None, after
        return {**after, **json.loads(change.before)}, after


def _changes_since(entity: Entity, change: Any) -> list[tuple[int, str]]:
    model: Any = Change
    later = model.select(model.id, model.before).where(
        (model.entity == entity.name) & (model.record == change.record) & (model.id > change.id)
    )
    return list(later.order_by(model.id.desc()).tuples())
