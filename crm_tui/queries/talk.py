"""What was said about records, the files attached to them, and what an operator is told of."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui import scope
from crm_tui.models.base import Entity, entities
from crm_tui.models.files import Attachment
from crm_tui.models.talk import Comment, Notification
from crm_tui.queries.lists import ListRow, rows
from crm_tui.scope import Actor

COMMENT_COLUMNS = ("created_at", "author", "text")
FILE_COLUMNS = ("name", "size", "author", "created_at")


def comments(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return the comments on a record, the newest first: cells as ``COMMENT_COLUMNS``."""
    return _rows("comment", COMMENT_COLUMNS, entity, record)


def files(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return the files attached to a record, the newest first: cells as ``FILE_COLUMNS``."""
    return _rows("attachment", FILE_COLUMNS, entity, record)


def _rows(what: str, columns: tuple[str, ...], entity: Entity, record: int) -> tuple[ListRow, ...]:
    if not entity.discussed:
        return ()
    model: Any = entities[what].model
    query = model.select(model.id).where(_about(model, entity, record) & model.archived_at.is_null())
    found = [row[0] for row in query.order_by(model.created_at.desc(), model.id.desc()).tuples()]
    return tuple(rows(entities[what], found, columns)) if found else ()


def said_about(entity: Entity, record: int) -> dict[str, list[int]]:
    """Return the ids of the comments on a record and of its files, by entity name; deleted ones too, for their journal
    is part of the record's timeline."""
    found: dict[str, list[int]] = {}
    for model, name in ((Comment, "comment"), (Attachment, "attachment")) if entity.discussed else ():
        query: Any = model.select(model.id).where(_about(model, entity, record))
        if ids := [row[0] for row in query.tuples()]:
            found[name] = ids
    return found


def _about(model: Any, entity: Entity, record: int) -> Any:
    return (model.about == entity.name) & (model.record == record)


def unread(actor: Actor) -> int:
    """Return how many notifications the actor has not read."""
    query: Any = Notification.select(pw.fn.COUNT(pw.SQL("*"))).where(
        scope.visible(actor, entities["notification"])
        & Notification.read_at.is_null()
        & Notification.archived_at.is_null()
    )
    return int(query.scalar())
