"""A query as a list asks it: live records, in order, counted; fast on tables of 100,000 and more.

SQLite reads a table row by row at a hundredth of the speed of an index on one column, and knows too little about how
values are spread to choose well. So every condition that an index of the live records can answer is asked of that
index alone, as a set of ids, and the list walks the index of its order and looks ids up in those sets. Then no letter
typed costs more than a few walks of narrow indexes. A count lets one condition drive instead. PostgreSQL keeps
statistics and chooses for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from operator import and_, or_
from typing import Any

import peewee as pw

from crm_tui import db
from crm_tui.fields import Choice
from crm_tui.models.base import Entity
from crm_tui.query import sql
from crm_tui.query.sql import Condition
from crm_tui.query.tree import And, Field, Hop, Node, Not, Or, Query, SortKey, Words


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list selects by. All three leave archived records out unless the query mentions them."""

    where: Condition | None
    """Of the rows, for a window of them in ``order_by``; None is every record."""
    order_by: list[Any]
    counted: Condition | None
    """The same condition in the form that counts fastest."""


def listing(query: Query, default: Sequence[SortKey] = ()) -> Listing:
    """Return how a list reads the query; ``default`` is its order unless the query says ``sort:``. Raises BadInput."""
    sql.check_no_change(query)
    order_by = sql.ordering(query, default)
    plain = None if query.where is None else sql.condition(query, query.where)
    if query.mentions("archived"):
        return Listing(plain, order_by, plain)
    live: Any = query.entity.model
    alive = live.archived_at.is_null()
    if db.postgres():
        where = alive if plain is None else alive & plain
        return Listing(where, order_by, where)
    parts = [alive]
    first = next(iter(query.sort or default), None)
    if first and (walked := _walk(query.entity, first.name)) is not None:
        parts.append(walked)
    if query.where is not None:
        parts.append(_apart(query, query.where))
    return Listing(sql.balanced(and_, parts), order_by, _counted(query, alive))


def _counted(query: Query, alive: Condition) -> Condition:
    """One condition is left to the database to drive by, the others are looked up."""
    if query.where is None:
        return alive
    parts = list(query.where.parts) if isinstance(query.where, And) else [query.where]
    driver = min(parts, key=partial(_rank, query.entity))
    if _rank(query.entity, driver) == _NONE:
        return alive & _apart(query, query.where)
    others = [_apart(query, part) for part in parts if part is not driver]
    return sql.balanced(and_, [alive, sql.condition(query, driver), *others])


_NONE = 9


def _rank(entity: Entity, node: Node) -> int:
    """How well a condition drives a count: the fewer records it is likely to leave, the better."""
    if isinstance(node, Words):
        return 2
    if _column(entity, node) is not None:
        return 1
    return _NONE


def _column(entity: Entity, node: Node) -> str | None:
    """The one indexed field that a condition asks about, or None."""
    match node:
        case Field(target):
            return target.name if target.name in indexed(entity) else None
        case Hop(target):
            return target.name if target.name in indexed(entity) else None
        case And(parts) | Or(parts) if parts:
            names = {_column(entity, part) for part in parts}
            return names.pop() if len(names) == 1 else None
    return None


def indexed(entity: Entity) -> set[str]:
    """Return the fields that have an index of the live records, ``<entity>_by_<field>``."""
    meta: Any = entity.model._meta
    names = {index._name for index in meta.fields_to_index()}
    return {name for name in entity.fields if f"{entity.name}_by_{name}" in names}


def _apart(query: Query, node: Node) -> Condition:
    """A condition as lookups in sets of ids, made from indexes where there are any."""
    if _column(query.entity, node) is not None:
        model: Any = query.entity.model
        found = model.select(model.id).where(model.archived_at.is_null() & sql.condition(query, node))
        return _looked_up(model.id.in_(found))
    match node:
        case And(parts) | Or(parts) if parts:
            return _grouped(query, node)
        case Not(where):
            return ~_apart(query, where)
    return _looked_up(sql.condition(query, node))


def _grouped(query: Query, node: And | Or) -> Condition:
    """Conditions on the same field are asked of its index at once."""
    groups: dict[str, list[Node]] = {}
    for at, part in enumerate(node.parts):
        groups.setdefault(_column(query.entity, part) or f"#{at}", []).append(part)
    sort = type(node)
    joined = [group[0] if len(group) == 1 else sort(tuple(group)) for group in groups.values()]
    return sql.balanced(and_ if sort is And else or_, [_apart(query, part) for part in joined])


def _looked_up(condition: Condition) -> Condition:
    """The unary + keeps SQLite from driving the list by this condition, and so from sorting all it leaves."""
    return pw.Expression(pw.SQL("+"), "", condition)


def _walk(entity: Entity, name: str) -> Condition | None:
    """An always true condition that has SQLite sort from a field's index where its order is not the index's."""
    if name not in entity.fields or name not in indexed(entity):
        return None
    kind = entity.fields[name]
    if kind.null or not (kind.family in ("text", "tags") and not kind.required or isinstance(kind, Choice)):
        return None
    return kind.expression() >= ""
