"""A query as a list asks it: live records, in order, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from crm_tui import db
from crm_tui.fields import Choice
from crm_tui.models.base import Entity
from crm_tui.query.asked import Query, SortKey
from crm_tui.query.columns import Condition, indexed, may_be_null
from crm_tui.query.order import ordering


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list selects by. Archived records are left out unless the query mentions them."""

    where: Condition | None
    """Of the rows, for a window of them in ``order_by``; None is every record."""
    order_by: list[Any]
    counted: Condition | None
    """The same condition in the form that counts fastest."""
    found: Any | None = None
    """The query of the ids of the same records, where the full text alone tells them: that counts faster still."""


def listing(query: Query, default: Sequence[SortKey] = ()) -> Listing:
    """Return how a list reads the query; ``default`` is its order unless the query says ``sort:``.

    This reads the database a little, to see which conditions leave few records. Raises BadInput.
    """
    order_by = ordering(query, default)
    model: Any = query.entity.model
    alive = model.archived_at.is_null()
    order = (query.sort or (*default, SortKey("id")))[0].name
    walked = None if db.postgres() else _walked(query.entity, order)
    if query.where is None:
        return Listing(alive if walked is None else alive & walked, order_by, alive)
    from crm_tui.query import sql, ways  # a list without a filter opens sooner without them

    if query.mentions("archived"):
        plain = sql.compile(query)
        return Listing(plain, order_by, plain)
    where, counted = ways.chosen(query, alive, order, walked)
    return Listing(where, order_by, counted, ways.by_words_alone(query))


def _walked(entity: Entity, order: str) -> Condition | None:
    """An always true condition that has SQLite walk the index of the list's order, or None if there is no index."""
    if order not in indexed(entity):
        return None
    kind = entity.kinds[order]
    if not may_be_null(kind) and (kind.family in ("text", "tags") or isinstance(kind, Choice)):
        return kind.expression() >= ""
    return pw.Value(1) == 1
