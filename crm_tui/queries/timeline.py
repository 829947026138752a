"""The journal read back: what was done to one record, or by everyone, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

import peewee as pw

from crm_tui import scope
from crm_tui.db import among, batches
from crm_tui.fields import Reference
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.models.journal import Change, Operation
from crm_tui.models.people import Affiliation, Client, Contact, Membership
from crm_tui.queries.talk import said_about
from crm_tui.scope import Actor

ACTIONS = {
    "create": N_("added"),
    "update": N_("changed"),
    "archive": N_("archived"),
    "restore": N_("brought back"),
    "delete": N_("deleted"),
    "erase": N_("erased"),
}

_SAID_OF_FURTHER = ("contact", "client", "role", "title")
"""What of a person's further client is told when it comes or goes."""

Titles = Mapping[tuple[str, int], str]
"""What records are called, by entity name and id."""


BY_ITSELF = ("worker", "automation")
"""The logins under which the program acts by itself."""


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
    cause: str
    entity: str
    record: int
    action: str
    version: int
    before: dict[str, Any]
    after: dict[str, Any]
    titles: Titles = field(default_factory=dict, repr=False, kw_only=True)
    """What the records are called that its values lead to."""

    def text(self, within: str = "") -> str:
        """Return what happened, in words: ``changed city: Berlin → Porto``; in the timeline of a record of the entity
        ``within`` also to what, and of what the program did by itself why. Reads no database."""
        said = self._said(within)
        return f"{said}, {self.cause}" if self.cause and self.login in BY_ITSELF else said

    def _said(self, within: str) -> str:
        entity = entities[self.entity]
        verb = _(ACTIONS[self.action])
        if self.kind in ("undo", "redo"):
            verb = (_("undo: {verb}") if self.kind == "undo" else _("redo: {verb}")).format(verb=verb)
        if self.action in ("create", "delete"):
            values = self.after or self.before
            if self.entity == "comment" and self.kind == "do" and self.action == "create":
                return _("commented: {text}").format(text=_one_line(str(values.get("text", "")), 300) or "–")
            if self.entity == "attachment" and self.kind == "do" and self.action == "create":
                return _("attached {file}").format(file=values.get("name", ""))
            if entity.further is None:
                return f"{verb} {_(entity.label)} {_one_line(str(values.get(entity.title, '')), 300)}".strip()
            shown = ((name, self._shown(entity, name, values.get(name))) for name in _SAID_OF_FURTHER)
            return f"{verb} {_(entity.label)} " + ", ".join(text for name, text in shown if values.get(name))
        if self.action != "update":
            # One merged into another says where its history goes on.
            merged = self.action == "archive" and self.command.endswith(".merge") and entity.further is None
            whose = self._whose(within)
            return f"{verb}: {self.summary}" if merged else f"{verb} {_(entity.label)} {whose}".strip()
        told = (name for name in self.after if not getattr(entity.kinds.get(name), "ruled", False))
        changed = ", ".join(self._one(entity, name) for name in told)
        whose = self._whose(within)
        return f"{verb} {changed} ({whose})" if whose else f"{verb} {changed}".rstrip()

    def _whose(self, within: str) -> str:
        """Whose further client it is, and which: ``Maria Anders, ACME Studio``; of a part of the record whose timeline
        it is in what it is called; "" of anything else."""
        entity = entities[self.entity]
        further = entity.further is not None or (entity.told_with and within not in ("", self.entity))
        return _one_line(self.titles.get((self.entity, self.record), ""), 120) if further else ""

    def _one(self, entity: Entity, name: str) -> str:
        kind = entity.kinds.get(name)
        if kind is None:
            return name
        old, new = (self._shown(entity, name, side.get(name)) for side in (self.before, self.after))
        return f"{kind.label.lower()}: {old} → {new}"

    def _shown(self, entity: Entity, name: str, stored: Any) -> str:
        kind = entity.kinds[name]
        if isinstance(kind, Reference):
            found = "" if stored is None else self.titles.get((entity.references[name].name, stored), f"#{stored}")
        else:
            found = kind.show(kind.from_stored(stored))
        return _one_line(found, 60) or "–"


def _one_line(text: str, most: int) -> str:
    line = " ".join(text[: most * 8].split())
    return line if len(line) <= most else line[: most - 1] + "…"


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

    A client's entries include those of its people, a team's those of its members, and any record's what was said about
    it.
    """
    query: Any = Change.select(Change.id).where(_seen_by(actor))
    if entity is not None and record is not None:
        query = query.where(about(entity, record))
    elif entity is not None:
        query = query.where(Change.entity == entity.name)
    if since is not None:
        first = Operation.select(pw.fn.MIN(Operation.id)).where(Operation.at >= since).scalar()
        if first is None:
            return []
        query = query.where(Change.operation >= first)
    if before is not None:
        query = query.where(Change.id < before)
    return _read(query.order_by(Change.id.desc()).limit(limit))


def page(actor: Actor, offset: int, limit: int) -> list[Entry]:
    """Return journal entries ``offset`` to ``offset + limit``, newest first."""
    return _read(Change.select(Change.id).where(_seen_by(actor)).order_by(Change.id.desc()).limit(limit).offset(offset))


def count(actor: Actor) -> int:
    """Return how many entries the journal has."""
    query: Any = Change.select(pw.fn.COUNT(pw.SQL("*"))).where(_seen_by(actor))
    return int(query.scalar())


def about(entity: Entity, record: int) -> Any:
    """Return the SQL condition that a change is of a record, of a person at it, or of who is there."""
    about: Any = (Change.entity == entity.name) & (Change.record == record)
    for name, ids in _people(entity, record).items():
        if ids:
            about |= (Change.entity == name) & among(Change.record, ids)
    for name, ids in said_about(entity, record).items():
        about |= (Change.entity == name) & among(Change.record, ids)
    return about


def _people(entity: Entity, record: int) -> dict[str, list[int]]:
    """Return by entity name the people of a client, what says that somebody is, or was, at a further client, who is in
    a team, and the records whose changes are told with these."""
    if entity.name == "team":
        members: Any = Membership.select(Membership.id).where(Membership.team == record)
        return {"membership": [row[0] for row in members.tuples()]}
    parts = _parts(entity, record)
    if entity.name not in ("client", "contact"):
        return parts
    side = Affiliation.client if entity.name == "client" else Affiliation.contact
    query: Any = Affiliation.select(Affiliation.id, Affiliation.contact, Affiliation.archived_at.is_null())
    rows = list(query.where(side == record).tuples())
    found = {**parts, "affiliation": [row[0] for row in rows]}
    if entity.name == "client":
        own: Any = Contact.select(Contact.id).where(Contact.client == record)
        found["contact"] = [*(row[0] for row in own.tuples()), *(row[1] for row in rows if row[2])]
    return found


def _parts(entity: Entity, record: int) -> dict[str, list[int]]:
    """The records that belong to one and are told of with it: the orders of a client, the lines of an order."""
    found: dict[str, list[int]] = {}
    for other, name in entity.referrers:
        if name in other.told_with:
            model: Any = other.model
            rows = (
                model.select(model.id).where(other.fields[name] == record).order_by(model.id.desc()).limit(_MOST_PARTS)
            )
            found[other.name] = [row[0] for row in rows.tuples()]
    return found


_MOST_PARTS = 500
"""Records of one sort that are told of with the one they belong to: the newest."""


def _seen_by(actor: Actor) -> Any:
    """The condition that a change is of a record that the actor may see, or was made by them."""
    conditions: list[Any] = [pw.Value(1) == 1]
    for name, entity in entities.items():
        limit = scope.visible(actor, entity)
        if limit is not None:
            model: Any = entity.model
            visible = Change.record.in_(model.select(model.id).where(limit))
            mine = pw.fn.EXISTS(
                Operation.select(Operation.id).where(
                    (Operation.id == Change.operation) & (Operation.login == actor.login)
                )
            )
            conditions.append((Change.entity != name) | visible | mine)
    return reduce(and_, conditions)


def _read(ids: Any) -> list[Entry]:
    """Read the changes with the ids that a query gives, in its order."""
    return entries([row[0] for row in ids.tuples()])


def entries(wanted: Sequence[int]) -> list[Entry]:
    """Return journal entries by the ids of their changes, in that order."""
    found: dict[int, tuple[Any, ...]] = {}
    for batch in batches(wanted, 1000):
        query: Any = Change.select(
            Change.id, Change.operation, Operation.at, Operation.login, Operation.command, Operation.summary,
            Operation.kind, Operation.cause, Change.entity, Change.record, Change.action, Change.version,
            Change.before, Change.after,
        )  # fmt: skip
        query = query.join(Operation, on=(Change.operation == Operation.id)).where(among(Change.id, batch))
        for row in query.tuples():
            found[row[0]] = (*row[:-2], json.loads(row[-2]), json.loads(row[-1]))
    titles = _titles(found.values())
    return [Entry(*found[one], titles=titles) for one in wanted]


def _titles(changes: Any) -> dict[tuple[str, int], str]:
    """Return what the records are called that changes' values lead to."""
    wanted: dict[str, set[int]] = {}
    besides: set[int] = set()
    for *_rest, name, record, action, _version, before, after in changes:
        if entities[name].further:
            besides.add(record)
        elif entities[name].told_with and action != "create":
            wanted.setdefault(name, set()).add(record)
        if action == "update" or entities[name].further:
            for reference, target in entities[name].references.items():
                led_to = {side[reference] for side in (before, after) if side.get(reference) is not None}
                wanted.setdefault(target.name, set()).update(led_to)
    titles = _whose(besides) if besides else {}
    for name, ids in wanted.items():
        target = entities[name]
        if target.title not in target.fields:
            continue  # it is known by its number
        model: Any = target.model
        for batch in batches(sorted(ids)):
            query = model.select(model.id, target.fields[target.title]).where(among(model.id, batch))
            titles |= {(name, record): title for record, title in query.tuples()}
    return titles


def _whose(affiliations: set[int]) -> dict[tuple[str, int], str]:
    """Return whose further clients these are, and which."""
    query: Any = Affiliation.select(Affiliation.id, Contact.name, Client.name)
    query = query.join(Contact, on=(Affiliation.contact == Contact.id)).switch(Affiliation)
    query = query.join(Client, on=(Affiliation.client == Client.id))
    return {
        ("affiliation", record): f"{person}, {client}"
        for batch in batches(sorted(affiliations))
        for record, person, client in query.where(among(Affiliation.id, batch)).tuples()
    }
