"""The documents of a client or an order, in a few columns."""

from __future__ import annotations

from typing import Any

from crm_tui.models.base import Entity, entities
from crm_tui.models.documents import Document
from crm_tui.queries.lists import ListRow, rows

DOCUMENT_COLUMNS = ("title", "kind", "status", "revision", "word_count", "updated_at")


def of_record(entity: Entity, record: int) -> tuple[ListRow, ...]:
    """Return the documents of a client or an order, those changed last first: cells as ``DOCUMENT_COLUMNS``."""
    model: Any = Document
    mine = (model._meta.fields[entity.name] == record) & model.archived_at.is_null()
    query = model.select(model.id).where(mine).order_by(model.updated_at.desc(), model.id.desc())
    return tuple(rows(entities["document"], [row[0] for row in query.tuples()], DOCUMENT_COLUMNS))
