"""What a list is ordered by: the same on both databases, empty values last whichever the direction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee as pw

from crm_tui.fields import Choice, Kind, Reference
from crm_tui.models.base import Entity
from crm_tui.query.asked import Query, SortKey
from crm_tui.query.columns import TEXTS, identity, may_be_null


def ordering(query: Query, default: Sequence[SortKey] = ()) -> list[Any]:
    """Return what to order by: the query's own ``sort:``, else ``default``; empty values come last either way.

    The id breaks ties, in the direction of the last key, which is how an index on both can be read.
    """
    found: list[Any] = []
    descending = False
    for key in query.sort or default:
        descending = key.descending
        if key.name == "id":
            break
        found += _ordered(query.entity, query.entity.kinds[key.name], descending)
    column = identity(query.entity)
    return [*found, _directed(column, descending)]


def _ordered(entity: Entity, kind: Kind, descending: bool) -> list[Any]:
    column: Any = kind.expression()
    if isinstance(kind, Reference):
        column = _title(entity, kind)
    elif isinstance(kind, Choice):
        places = [(option.value, at) for at, option in enumerate(kind.options)]
        column = pw.Case(column, places) if places else column
    elif kind.family in TEXTS:
        return _texts_ordered(column, kind, descending)
    elif not may_be_null(kind):
        return [_directed(column, descending)]
    return [_directed(column, descending, nulls="last")]


def _directed(column: Any, descending: bool, nulls: str | None = None) -> Any:
    return pw.Desc(column, nulls=nulls) if descending else pw.Asc(column, nulls=nulls)


def _texts_ordered(column: Any, kind: Kind, descending: bool) -> list[Any]:
    if kind.custom:  # an empty text leaves no trace in the JSON
        return [_directed(column, descending, nulls="last")]
    if may_be_null(kind):
        return [_directed(pw.fn.NULLIF(column, ""), descending, nulls="last")]
    if descending or kind.required:  # the empty text comes last by itself, or there is none
        return [_directed(column, descending)]
    return [_directed(column == "", descending=False), _directed(column, descending=False)]


def _title(entity: Entity, kind: Reference) -> Any:
    """The title of the record that a reference leads to."""
    other = entity.references[kind.name]
    title = other.fields[other.title]
    alias: Any = other.model.alias()
    column = getattr(alias, f"{other.title}_key" if title.keyed else other.title)
    return alias.select(column).where(alias.id == kind)
