"""What a field holds already: completion in the filter bar, the forms and the shell."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui import places, scope
from crm_tui.fields import Choice, Choices, Reference, Tags
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.models.people import Client
from crm_tui.scope import Actor
from crm_tui.text import fold, record_id

MOST = 20


def known_values(actor: Actor, entity: Entity, name: str, prefix: str) -> list[str]:
    """Return up to 20 values of a field that begin with ``prefix`` (without case and accents), in order."""
    kind = entity.kind(name)
    if isinstance(kind, Choice | Choices):
        words = [(option.value, (option.value, _(option.label))) for option in kind.options]
        return [value for value, known in words if any(fold(word).startswith(fold(prefix)) for word in known)]
    if isinstance(kind, Reference):
        target = entity.references[kind.name]
        return _distinct(actor, target, target.title, prefix)
    if isinstance(kind, Tags):
        return _distinct(actor, entities["tag"], "name", prefix)
    if not kind.keyed or kind.multiline:
        return []
    suggested = [word for word in getattr(kind, "suggested", ()) if fold(word).startswith(fold(prefix))]
    known = {kind.key(word): word for word in (*suggested, *_distinct(actor, entity, kind.name, prefix))}
    return [*suggested, *(word for word in known.values() if word not in suggested)]


def known_people(actor: Actor, client: str, prefix: str) -> list[str]:
    """Return the names of the people of a client, whichever way they are there, that begin with ``prefix``; the client
    is named as in a form."""
    text = client.strip()
    number = record_id(text)
    key: Any = Client.name.expression()
    named = key == fold(text) if number is None else Client.id == number
    query: Any = Client.select(Client.id).where(named & Client.archived_at.is_null()).limit(2)
    ids = [row[0] for row in query.tuples()]
    if len(ids) != 1:
        return known_values(actor, entities["interaction"], "contact", prefix)
    names = {person.name for person in places.by_client(ids).get(ids[0], ())}
    return sorted((name for name in names if fold(name).startswith(fold(prefix))), key=fold)[:MOST]


def _distinct(actor: Actor, entity: Entity, name: str, prefix: str) -> list[str]:
    """Texts that differ only by case or accents are offered once, as first written."""
    model: Any = entity.model
    kind = entity.fields[name]
    key = kind.expression()
    wanted = kind.key(prefix)
    matching = model.archived_at.is_null() & (key > "")
    if wanted:
        matching &= (key >= wanted) & (key < wanted + "\U0010ffff")
    limit = scope.visible(actor, entity)
    if limit is not None:
        matching &= limit
    keys = model.select(key).where(matching).group_by(key).order_by(key).limit(MOST)
    first = pw.fn.MIN(model.id).alias("first")
    firsts = model.select(first).where(matching & key.in_([row[0] for row in keys.tuples()])).group_by(key)
    written = model.select(key, kind).where(model.id.in_([row[0] for row in firsts.tuples()])).order_by(key)
    return [value for _key, value in written.tuples()]
