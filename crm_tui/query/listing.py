"""A query as a list asks it: live records, in order, counted; fast on tables of 100,000 rows and more.

SQLite reads a wide table a hundred times slower than an index on one column, and knows too little about how values
are spread to choose well. So we look first: a condition that leaves few records is read at once and the list starts
from those. Otherwise the list walks the index of its order: what an index answers is looked up in a set of ids made
from that index, and what holds of very many records is read row by row, because few rows are then read in vain. A
count starts from the smallest condition. PostgreSQL keeps statistics and chooses for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import and_, or_
from typing import Any

import peewee as pw

from crm_tui import db, search
from crm_tui.fields import Choice
from crm_tui.models.base import Entity
from crm_tui.query import sql
from crm_tui.query.sql import Condition
from crm_tui.query.tree import And, Field, Holds, Hop, Node, Not, Or, Query, Some, SortKey, Words

FEW = 1000
"""Records so few that a list may start from their ids."""
MANY = 30_000
"""Records so many that a set of their ids costs more than reading rows in vain."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list selects by. Archived records are left out unless the query mentions them."""

    where: Condition | None
    """Of the rows, for a window of them in ``order_by``; None is every record."""
    order_by: list[Any]
    counted: Condition | None
    """The same condition in the form that counts fastest."""


def listing(query: Query, default: Sequence[SortKey] = ()) -> Listing:
    """Return how a list reads the query; ``default`` is its order unless the query says ``sort:``.

    On SQLite this reads the database a little, to see which conditions leave few records. Raises BadInput.
    """
    sql.check_no_change(query)
    order_by = sql.ordering(query, default)
    plain = None if query.where is None else sql.condition(query, query.where)
    if query.mentions("archived"):
        return Listing(plain, order_by, plain)
    model: Any = query.entity.model
    alive = model.archived_at.is_null()
    if db.postgres() or query.where is None:
        where = alive if plain is None else alive & plain
        order = _walked(query.entity, query.sort or default)
        return Listing(where if order is None or plain is not None else where & order, order_by, where)
    parts = query.where.parts if isinstance(query.where, And) else (query.where,)
    chosen = [_Part(query, part) for part in parts]
    for part in chosen:
        found = part.few()
        if found is not None:
            where = alive & _these(query.entity, found) & sql.balanced(and_, [_aside(other.plain) for other in chosen])
            return Listing(where, order_by, where)
    counted = alive & _counted(chosen)
    walked = _walked(query.entity, query.sort or default)
    if walked is None:
        return Listing(counted, order_by, counted)
    return Listing(alive & walked & sql.balanced(and_, [part.checked() for part in chosen]), order_by, counted)


class _Part:
    """One of the conditions that must all hold."""

    def __init__(self, query: Query, node: Node) -> None:
        self.query, self.node = query, node
        self.plain = sql.condition(query, node)
        inner = node.where if isinstance(node, Not) else node
        self.column = _column(query.entity, inner)
        self.size = self._size(inner) if self.column else 0
        """Records that the condition (without its ``not``) holds of, counted up to ``MANY``."""

    def few(self) -> list[int] | None:
        """The ids of the records it holds of, if they are few and quickly found."""
        found = _ids(self.query, self.node)
        if found is None:
            return None
        ids = [row[0] for row in found.limit(FEW + 1).tuples()]
        return ids if len(ids) <= FEW else None

    def checked(self) -> Condition:
        """The condition as the list checks it while it walks the index of its order."""
        return _aside(self.plain) if self.size > MANY else _apart(self.query, self.node)

    def _size(self, node: Node) -> int:
        if any(isinstance(part, Field) and isinstance(part.test, Holds) for part in _leaves(node)):
            return 0
        found = _ids(self.query, node)
        model: Any = self.query.entity.model
        return 0 if found is None else found.limit(MANY + 1).count(model._meta.database)


def _counted(parts: list[_Part]) -> Condition:
    """The smallest condition drives; while it leaves few rows to read, those that hold of many are read off them."""
    drivers = [part for part in parts if not isinstance(part.node, Not) and (part.column or part.size)]
    drivers += [part for part in parts if isinstance(part.node, Words)]
    if not drivers:
        return sql.balanced(and_, [_apart(part.query, part.node) for part in parts])
    driver = min(drivers, key=lambda part: part.size)
    others = [part for part in parts if part is not driver]
    rest = [part.checked() if driver.size <= MANY else _apart(part.query, part.node) for part in others]
    return sql.balanced(and_, [driver.plain, *rest])


def indexed(entity: Entity) -> set[str]:
    """Return the fields that have an index of the live records, ``<entity>_by_<field>``."""
    meta: Any = entity.model._meta
    names = {index._name for index in meta.fields_to_index()}
    return {name for name in entity.fields if f"{entity.name}_by_{name}" in names}


def _leaves(node: Node) -> list[Node]:
    return [leaf for part in node.parts for leaf in _leaves(part)] if isinstance(node, And | Or) else [node]


def _column(entity: Entity, node: Node) -> str | None:
    """The one indexed field that a condition asks about, or None."""
    names = {leaf.target.name if isinstance(leaf, Field | Hop) else "" for leaf in _leaves(node)}
    name = names.pop() if len(names) == 1 else ""
    return name if name in indexed(entity) else None


def _ids(query: Query, node: Node) -> Any:
    """The query of the ids of the records that a condition holds of, if an index gives them, else None."""
    model: Any = query.entity.model
    if isinstance(node, Words):
        return search.matching(node.entity, node.phrase).bind(model._meta.database)
    if isinstance(node, Some):
        return sql.referring(query, node.referrer, node.where)
    if isinstance(node, Field) and node.target.name == "id" or _column(query.entity, node):
        return model.select(model.id).where(model.archived_at.is_null() & sql.condition(query, node))
    return None


def _these(entity: Entity, ids: list[int]) -> Condition:
    if not ids:
        return pw.Value(1) == 0
    return pw.Expression(sql.identity(entity), "IN", pw.SQL(f"({', '.join(map(str, ids))})"))


def _apart(query: Query, node: Node) -> Condition:
    """A condition as lookups in sets of ids, made from indexes where there are any."""
    if _column(query.entity, node) is not None:
        return _aside(sql.identity(query.entity).in_(_ids(query, node)))
    match node:
        case And(parts) | Or(parts) if parts:
            return _grouped(query, node)
        case Not(where):
            return ~_apart(query, where)
    return _aside(sql.condition(query, node))


def _grouped(query: Query, node: And | Or) -> Condition:
    """Conditions on the same field are asked of its index at once."""
    groups: dict[str, list[Node]] = {}
    for at, part in enumerate(node.parts):
        groups.setdefault(_column(query.entity, part) or f"#{at}", []).append(part)
    sort = type(node)
    joined = [group[0] if len(group) == 1 else sort(tuple(group)) for group in groups.values()]
    return sql.balanced(and_ if sort is And else or_, [_apart(query, part) for part in joined])


def _aside(condition: Condition) -> Condition:
    """The unary + keeps SQLite from starting at this condition, and so from sorting all it leaves."""
    return pw.Expression(pw.SQL("+"), "", condition)


def _walked(entity: Entity, order: Sequence[SortKey]) -> Condition | None:
    """An always true condition that has SQLite walk the index of the list's order, or None if there is no index."""
    name = order[0].name if order else "id"
    if name not in indexed(entity):
        return None
    kind = entity.fields[name]
    if not kind.null and (kind.family in ("text", "tags") or isinstance(kind, Choice)):
        return kind.expression() >= ""
    return pw.Value(1) == 1
