"""Finding anything by its words, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_tui import scope, search
from crm_tui.models.base import Entity, entities
from crm_tui.queries.lists import rows
from crm_tui.scope import Actor
from crm_tui.text import tokens


@dataclass(frozen=True, slots=True)
class Found:
    """One record that was found."""

    entity: Entity
    id: int
    title: str
    detail: str


def find(actor: Actor, text: str, most: int = 12) -> list[Found]:
    """Return the live records whose indexed words begin with every word of ``text``, up to ``most`` of each entity."""
    words = tokens(text)
    if not words:
        return []
    found: list[Found] = []
    for entity in entities.values():
        if entity.search:
            found += _of(actor, entity, words, most)
    return found


def _of(actor: Actor, entity: Entity, words: list[str], most: int) -> list[Found]:
    model: Any = entity.model
    query = model.select(model.id).where(model.archived_at.is_null())
    for word in words:
        query = query.where(search.condition(entity, search.Phrase((word,))))
    limit = scope.visible(actor, entity)
    if limit is not None:
        query = query.where(limit)
    title = entity.fields[entity.title].expression()
    ids = [row[0] for row in query.order_by(title, model.id).limit(most).tuples()]
    others = [name for name in entity.columns if name != entity.title][:4]
    return [
        Found(entity, row.id, row.cells[0], "  ".join(cell for cell in row.cells[1:] if cell))
        for row in rows(entity, ids, (entity.title, *others))
    ]
