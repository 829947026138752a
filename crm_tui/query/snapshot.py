"""A query asked of one record's snapshot: the automations' condition. It means to the letter what the SQL means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crm_tui import scope, search
from crm_tui.fields import Decimals, Stored
from crm_tui.models.base import Entity, entities
from crm_tui.query.asked import Query
from crm_tui.query.sql import digits_of, passes, resolved
from crm_tui.query.tree import (
    And,
    Changed,
    Count,
    During,
    Empty,
    Field,
    Hop,
    Node,
    Not,
    Or,
    Referrer,
    Some,
    Target,
    Was,
    Words,
    scaled,
)

Snapshot = Mapping[str, Stored]
"""A record's stored values by field name, with ``id``, ``created_at``, ``updated_at``, ``archived_at``, ``version``."""


class Related(Protocol):
    """Where the snapshots of other records come from."""

    def one(self, entity: Entity, id: int) -> Snapshot | None:
        """Return a record's snapshot, archived or not, or None when there is none."""

    def many(self, entity: Entity, field: str, id: int, *, archived: bool = False) -> Sequence[Snapshot]:
        """Return the records of ``entity`` whose reference ``field`` leads to ``id``, by id; only with ``archived``
        those that are archived too."""


def matches(query: Query, snapshot: Snapshot, related: Related, *, before: Snapshot | None = None) -> bool:
    """Return whether a record fulfils the query, archived or not.

    ``before`` is the record as it was before the change (for ``was`` and ``changed``), None if it is new: then it
    *was* nothing, and what has a value *changed*. Raises BadInput when a day in the query is no longer one.
    """
    return query.where is None or _Record(query, snapshot, related, before).fulfils(query.where)


@dataclass(frozen=True, slots=True)
class _Record:
    query: Query
    snapshot: Snapshot
    related: Related
    before: Snapshot | None = None

    def fulfils(self, node: Node) -> bool:
        match node:
            case And(parts):
                return all(self.fulfils(part) for part in parts)
            case Or(parts):
                return any(self.fulfils(part) for part in parts)
            case Not(where):
                return not self.fulfils(where)
            case Field():
                return self.passes(node)
            case Words(entity, phrase):
                return search.holds(self.words(entity), phrase)
            case Hop(target, entity, where):
                id = self.snapshot.get(target.name)
                found = self.related.one(entity, id) if isinstance(id, int) else None
                return found is not None and self.other(entity, found, where)
            case Some():
                return bool(self.referring_so(node))
            case Count(counted, test):
                return passes(sum(len(self.referring_so(some)) for some in counted), test)
            case Changed(names):
                return any(self.changed(name) for name in names)
            case Was(where):
                return self.before is not None and _Record(self.query, self.before, self.related).fulfils(where)

    def passes(self, node: Field) -> bool:
        value = comparable(node.target, self.snapshot)
        test = node.test
        if isinstance(test, Empty) or value is None or value == "":
            return isinstance(test, Empty) and (value is None or value == "" or value is False)
        lasting = resolved(test, node.target.family) if isinstance(test, During) else test
        if node.target.family == "money":
            lasting = scaled(lasting, digits_of(node.target, self.snapshot.get))
        elif isinstance(kind := None if node.target.name == "id" else node.target.kind, Decimals):
            lasting = scaled(lasting, kind.digits)
        return passes(value, lasting)

    def other(self, entity: Entity, found: Snapshot, where: Node) -> bool:
        """Whether a related record counts and fulfils a condition."""
        return self.sees(entity, found) and _Record(self.query, found, self.related).fulfils(where)

    def sees(self, entity: Entity, found: Snapshot) -> bool:
        return self.query.me is None or scope.sees(self.query.me, entity, dict(found))

    def referring(self, referrer: Referrer) -> Sequence[Snapshot]:
        id = self.snapshot.get("id")
        if not isinstance(id, int):
            return ()
        return self.related.many(referrer.other, referrer.via, id, archived=referrer.archived)

    def referring_so(self, some: Some) -> list[Snapshot]:
        """The records that refer to this one, count and fulfil a condition."""
        other = some.referrer.other
        return [found for found in self.referring(some.referrer) if self.other(other, found, some.where)]

    def words(self, entity: Entity) -> list[str]:
        """The record's words as ``search`` indexes them: a client's with those of its people, a document's with those
        of its sections."""
        texts = [str(self.snapshot.get(name) or "") for name in entity.search]
        parts: list[tuple[str, str]] = []
        id = self.snapshot.get("id")
        if entity.name == "client" and isinstance(id, int):
            parts = [_called(person) for person in self.people(id)]
        elif entity.name == "document" and isinstance(id, int):
            found = self.related.many(entities["section"], "document", id)
            ranked = sorted(found, key=lambda one: (str(one.get("rank") or ""), int(str(one.get("id") or 0))))
            parts = [(str(one.get("heading") or ""), str(one.get("body") or "")) for one in ranked]
        return search.words_of(entity, texts, parts)

    def people(self, client: int) -> Iterator[Snapshot]:
        """The live people of a client, in the order ``places.people`` has them."""
        contact, affiliation = entities["contact"], entities["affiliation"]
        yield from self.related.many(contact, "client", client)
        for found in self.related.many(affiliation, "client", client):
            record = found.get("contact")
            person = self.related.one(contact, record) if isinstance(record, int) else None
            if person is not None and not person.get("archived_at"):
                yield person

    def changed(self, name: str) -> bool:
        target = Target(self.query.entity, name)
        kind = target.kind
        if self.before is None:
            return not kind.is_empty(kind.from_stored(self.snapshot.get(name)))
        return bool(self.before.get(name) != self.snapshot.get(name))


def _called(person: Snapshot) -> tuple[str, str]:
    return str(person.get("name") or ""), str(person.get("email") or "")


def comparable(target: Target, snapshot: Snapshot) -> Any:
    """Return a value as ``Kind.expression`` holds it in SQL: folded text, number, day, id; empty is None or ""."""
    stored = snapshot.get(target.name)
    if target.name == "id":
        return stored
    kind = target.kind
    value = kind.from_stored(stored)
    if kind.family in ("text", "tags"):
        return kind.key(value) if value is not None else ""
    return value
