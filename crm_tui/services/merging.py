"""Two people changed the same record: what does not collide is kept of both, what does is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_tui.errors import Conflict
from crm_tui.i18n import _
from crm_tui.journal import Values
from crm_tui.models.base import Entity, from_stored
from crm_tui.models.journal import Change, Operation


class EditConflict(Conflict):
    """The same fields were changed by someone else since the record was read; nothing was written."""

    def __init__(self, entity: Entity, record: int, mine: Values, theirs: Values, version: int, who: str) -> None:
        """``mine`` and ``theirs`` are the colliding fields only; ``version`` is the one that holds ``theirs``."""
        labels = ", ".join(entity.fields[name].label for name in theirs)
        super().__init__(
            _("{who} changed {fields} of {label} {id} since you read it; it is at version {version} now.").format(
                who=who, fields=labels, label=_(entity.label), id=record, version=version
            )
        )
        self.entity, self.record, self.version, self.who = entity, record, version, who
        self.mine, self.theirs = mine, theirs


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a record came to: its version now, and the fields others had changed meanwhile (kept)."""

    version: int
    merged: tuple[str, ...] = ()


def merge(entity: Entity, record: int, values: Mapping[str, Any], current: Values, seen: int | None) -> tuple[str, ...]:
    """Return the fields others changed since version ``seen``. Raises EditConflict where they collide with ours."""
    if seen is None or seen >= current["version"]:
        return ()
    theirs, who = changed_since_version(entity, record, seen)
    colliding = [name for name in values if name in theirs and values[name] != current[name]]
    if colliding:
        raise EditConflict(
            entity,
            record,
            {name: values[name] for name in colliding},
            {name: current[name] for name in colliding},
            current["version"],
            who,
        )
    return tuple(name for name in entity.fields if name in theirs and name not in values)


def changed_since_version(entity: Entity, record: int, version: int) -> tuple[set[str], str]:
    """Return the fields of a record changed after a version, and the login that changed it last."""
    query: Any = (
        Change.select(Change.after, Operation.login)
        .join(Operation, on=(Change.operation == Operation.id))
        .where((Change.entity == entity.name) & (Change.record == record) & (Change.version > version))
        .order_by(Change.id)
    )
    names: set[str] = set()
    who = ""
    for after, login in query.tuples():
        names.update(from_stored(entity.model, json.loads(after)))
        who = login
    return names, who
