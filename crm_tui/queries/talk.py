"""What was said about records, and what an operator is told of."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui import scope
from crm_tui.models.base import Entity, entities
from crm_tui.models.talk import Comment, Notification
from crm_tui.queries.lists import ListRow, rows
from crm_tui.scope import Actor

COMMENT_COLUMNS = ("created_at", "author", "text")


def comments(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return the comments on a record, the newest first: cells as ``COMMENT_COLUMNS``."""
    if not entity.discussed:
        return ()
    query: Any = Comment.select(Comment.id).where(_about(entity, record) & Comment.archived_at.is_null())
    found = [row[0] for row in query.order_by(Comment.created_at.desc(), Comment.id.desc()).tuples()]
    return tuple(rows(entities["comment"], found, COMMENT_COLUMNS)) if found else ()


def said_about(entity: Entity, record: int) -> list[int]:
    """Return the ids of the comments on a record, deleted ones too: their journal is part of the record's timeline."""
    if not entity.discussed:
        return []
    query: Any = Comment.select(Comment.id).where(_about(entity, record))
    return [row[0] for row in query.tuples()]


def _about(entity: Entity, record: int) -> Any:
    return (Comment.about == entity.name) & (Comment.record == record)


def unread(actor: Actor) -> int:
    """Return how many notifications the actor has not read."""
    query: Any = Notification.select(pw.fn.COUNT(pw.SQL("*"))).where(
        scope.visible(actor, entities["notification"])
        & Notification.read_at.is_null()
        & Notification.archived_at.is_null()
    )
    return int(query.scalar())
