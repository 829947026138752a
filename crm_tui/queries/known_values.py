"""What a field holds already: completion in the filter bar, the forms and the shell."""

from __future__ import annotations

from typing import Any

from crm_tui import scope
from crm_tui.fields import Choice, Reference, Tags
from crm_tui.models.base import Entity, entities
from crm_tui.scope import Actor

MOST = 20


def known_values(actor: Actor, entity: Entity, name: str, prefix: str) -> list[str]:
    """Return up to 20 values of a field that begin with ``prefix`` (without case and accents), in order."""
    kind = entity.kind(name)
    if isinstance(kind, Choice):
        return [option.value for option in kind.options if option.value.startswith(prefix.lower())]
    if isinstance(kind, Reference):
        target = entity.references[kind.name]
        return _distinct(actor, target, target.title, prefix)
    if isinstance(kind, Tags):
        return _distinct(actor, entities["tag"], "name", prefix)
    return _distinct(actor, entity, kind.name, prefix) if kind.keyed and not kind.multiline else []


def _distinct(actor: Actor, entity: Entity, name: str, prefix: str) -> list[str]:
    model: Any = entity.model
    kind = entity.fields[name]
    key = kind.expression()
    wanted = kind.key(prefix)
    query = model.select(key, kind).where(model.archived_at.is_null() & (key != ""))
    if wanted:
        query = query.where((key >= wanted) & (key < wanted + "\U0010ffff"))
    limit = scope.visible(actor, entity)
    if limit is not None:
        query = query.where(limit)
    found: dict[str, str] = {}
    for folded, value in query.order_by(key).limit(400).tuples():
        found.setdefault(folded, value)
        if len(found) == MOST:
            break
    return list(found.values())
