"""Which records a condition holds of, as an index alone can tell: the subqueries that lists are read by."""

from __future__ import annotations

from functools import partial
from typing import Any

from crm_tui import search
from crm_tui.models.base import Entity
from crm_tui.query import sql
from crm_tui.query.asked import Query
from crm_tui.query.columns import Condition, identity, indexed
from crm_tui.query.tree import And, Field, Hop, Node, Or, Referrer, Some, Words


def ids_of(query: Query, entity: Entity, node: Node) -> Any | None:
    """Return the query of the ids of the live records of an entity that a condition holds of, or None where no index
    tells. Ids of archived records, and doubles, may be among them."""
    model: Any = entity.model
    match node:
        case Words():
            return search.matching(node.entity, node.phrase).bind(model._meta.database)
        case Some(referrer, where):
            return _referring(query, referrer, where)
        case Or(parts) if parts and column_of(entity, node) is None:
            arms = [ids_of(query, entity, part) for part in parts]
            return None if any(arm is None for arm in arms) else _union(arms)
    if column_of(entity, node) is None:
        return None
    return model.select(model.id).where(model.archived_at.is_null() & condition(query, node))


def condition(query: Query, node: Node) -> Condition:
    """Return one node as a condition, like ``sql.condition``, but with the other records it asks of found by index."""
    match node:
        case Hop():
            return _hop(query, node)
        case Some(referrer, where):
            return identity(referrer.entity).in_(_referring(query, referrer, where))
    return sql.condition(query, node, partial(condition, query))


def column_of(entity: Entity, node: Node) -> str | None:
    """The one indexed field (or the id) that a condition asks about, or None."""
    names = {leaf.target.name if isinstance(leaf, Field | Hop) else "" for leaf in leaves(node)}
    name = names.pop() if len(names) == 1 else ""
    return name if name == "id" or name in indexed(entity) else None


def leaves(node: Node) -> list[Node]:
    """Return the conditions that ``and`` and ``or`` join."""
    return [leaf for part in node.parts for leaf in leaves(part)] if isinstance(node, And | Or) else [node]


def _union(arms: list[Any]) -> Any:
    found = arms[0]
    for arm in arms[1:]:
        found = found.union_all(arm)
    return found


def _hop(query: Query, node: Hop) -> Condition:
    """The records a reference leads to: the live ones by index, the few archived ones by themselves."""
    live = ids_of(query, node.entity, node.where)
    if live is None or sql.seen(query, node.entity):
        return sql.condition(query, node)
    model: Any = node.entity.model
    archived = model.select(model.id).where(model.archived_at.is_null(False) & sql.condition(query, node.where))
    column: Any = node.target.kind.expression()
    return column.is_null(False) & column.in_(live.union_all(archived))


def _referring(query: Query, referrer: Referrer, where: Node) -> Any:
    """The ids that are referred to by what fulfils a condition, itself found by index."""
    found = sql.referring(query, referrer, And(()))
    if where == And(()):
        return found
    live = None if referrer.archived else ids_of(query, referrer.other, where)
    return found.where(condition(query, where) if live is None else identity(referrer.other).in_(live))
