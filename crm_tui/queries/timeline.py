"""The journal read back: what was done to one record, or by everyone, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_tui.fields import Reference
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change, Operation
from crm_tui.models.people import Contact
from crm_tui.scope import Actor

ACTIONS = {
    "create": N_("added"),
    "update": N_("changed"),
    "archive": N_("archived"),
    "restore": N_("brought back"),
    "delete": N_("deleted"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as the journal has it. ``before`` and ``after`` are stored values by field name."""

    id: int
    operation: int
    at: datetime
    login: str
    command: str
    summary: str
    kind: str
    entity: str
    record: int
    action: str
    version: int
    before: dict[str, Any]
    after: dict[str, Any]

    def text(self) -> str:
        """Return what happened, in words: ``changed city: Berlin -> Porto``."""
        entity = entities[self.entity]
        verb = _(ACTIONS[self.action])
        if self.kind in ("undo", "redo"):
            verb = (_("undo: {verb}") if self.kind == "undo" else _("redo: {verb}")).format(verb=verb)
        if self.action in ("create", "delete"):
            values = self.after or self.before
            return f"{verb} {_(entity.label)} {values.get(entity.title, '')}".strip()
        if self.action != "update":
            return f"{verb} {_(entity.label)}"
        return f"{verb} " + ", ".join(_one(entity, name, self.before, self.after) for name in self.after)


def _one(entity: Entity, name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    kind = entity.fields.get(name)
    if kind is None:
        return name
    if isinstance(kind, Reference):
        target = entity.references[name]
        return f"{kind.label.lower()}: {_title(target, before.get(name))} → {_title(target, after.get(name))}"
    old, new = (_short(kind.show(kind.from_stored(side.get(name)))) for side in (before, after))
    return f"{kind.label.lower()}: {old} → {new}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return (text if len(text) <= 60 else text[:59] + "…") or "–"


def _title(target: Entity, record: int | None) -> str:
    if record is None:
        return "–"
    model: Any = target.model
    found = model.select(target.fields[target.title]).where(model.id == record).tuples().first()
    return str(found[0]) if found else f"#{record}"


def journal(
    actor: Actor,
    entity: Entity | None = None,
    record: int | None = None,
    *,
    since: datetime | None = None,
    limit: int | None = 200,
    before: int | None = None,
) -> list[Entry]:
    """Return journal entries, newest first: of one record, one entity, or all; ``before`` a change's id to page on.

    A client's entries include those of its contacts.
    """
    query = _entries().order_by(Change.id.desc())
    if entity is not None and record is not None:
        query = query.where(_about(entity, record))
    elif entity is not None:
        query = query.where(Change.entity == entity.name)
    if since is not None:
        query = query.where(Operation.at >= since)
    if before is not None:
        query = query.where(Change.id < before)
    return list(_read(query.limit(limit) if limit else query))


def _about(entity: Entity, record: int) -> Any:
    about: Any = (Change.entity == entity.name) & (Change.record == record)
    if entity.name == "client":
        people: Sequence[int] = [row[0] for row in Contact.select(Contact.id).where(Contact.client == record).tuples()]
        about |= (Change.entity == "contact") & Change.record.in_(people)
    return about


def _entries() -> Any:
    return Change.select(
        Change.id, Change.operation, Operation.at, Operation.login, Operation.command, Operation.summary, Operation.kind,
        Change.entity, Change.record, Change.action, Change.version, Change.before, Change.after,
    ).join(Operation, on=(Change.operation == Operation.id))  # fmt: skip


def _read(query: Any) -> Iterator[Entry]:
    for row in query.tuples():
        yield Entry(*row[:-2], json.loads(row[-2]), json.loads(row[-1]))


def page(actor: Actor, offset: int, limit: int) -> list[Entry]:
    """Return journal entries ``offset`` to ``offset + limit``, newest first."""
    return list(_read(_entries().order_by(Change.id.desc()).limit(limit).offset(offset)))


def count(actor: Actor) -> int:
    """Return how many entries the journal has."""
    return int(Change.select().count())
